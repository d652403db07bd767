// The tenant's colour and the visitor's light or dark, put into CSS variables.
import { mix, readColour, readableOn, wordsOn, writeColour } from "./colour.js";

const USUAL = "#2456d6";
/** The grounds that words stand on; the same as in app.css. */
export const GROUNDS = { light: ["#ffffff", "#f3f4f6"], dark: ["#15171c", "#252932"] };

/**
 * Keep the page in the tenant's theme.
 * @returns {{apply: function(object): void, follow: function(string): void}} `follow` takes what
 *   the site asks for: light, dark, or auto, which is as the browser prefers.
 */
export function createTheme(root = document.documentElement) {
  const prefers = matchMedia("(prefers-color-scheme: dark)");
  let theme = {};
  let asked = "auto";
  prefers.addEventListener("change", () => paint());

  function paint() {
    const wanted = asked === "auto" ? theme.mode : asked;
    const isDark = wanted === "dark" || (wanted !== "light" && prefers.matches);
    const mode = isDark ? "dark" : "light";
    root.dataset.mode = mode;
    root.style.colorScheme = mode;
    const picked = isDark ? theme.colour_dark || theme.colour : theme.colour;
    const colours = coloursOf(readColour(picked) ?? readColour(USUAL), mode);
    for (const [name, value] of Object.entries(colours)) {
      root.style.setProperty(`--${name}`, writeColour(value));
    }
  }

  return {
    apply(given) {
      theme = given ?? {};
      paint();
    },
    follow(mode) {
      asked = mode ?? "auto";
      paint();
    },
  };
}

/** The colours that follow from one: on it, in it on the page, and its quiet ground. */
export function coloursOf(colour, mode) {
  const grounds = GROUNDS[mode].map(readColour);
  const soft = mix(grounds[0], colour, mode === "dark" ? 0.2 : 0.08);
  const onAccent = wordsOn(colour);
  return {
    accent: colour,
    "on-accent": onAccent,
    "accent-deep": mix(colour, onAccent[0] ? [0, 0, 0] : [255, 255, 255], 0.12),
    "accent-soft": soft,
    "accent-words": readableOn(colour, [...grounds, soft]),
  };
}
