// Colours that can be read whatever colour was picked. Contrast as WCAG 2.2 reckons it.

const WHITE = [255, 255, 255];
const BLACK = [0, 0, 0];
/** WCAG asks 4.5; a little more, for what rounding takes. */
const ENOUGH = 4.6;

/** Read `#00aa55` or `#0a5`; null for anything else. */
export function readColour(written) {
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(written ?? "");
  const hex = short ? `#${short.slice(1).map((one) => one + one).join("")}` : written;
  const found = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex ?? "");
  return found ? found.slice(1).map((pair) => parseInt(pair, 16)) : null;
}

/** Write a colour as CSS reads it. */
export function writeColour(colour) {
  return `#${colour.map((one) => Math.round(one).toString(16).padStart(2, "0")).join("")}`;
}

/** The contrast of two colours: 1 to 21. */
export function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** White on this colour where that can be read, else black: one of them always can. */
export function wordsOn(colour) {
  return contrast(colour, WHITE) >= 4.5 ? WHITE : BLACK;
}

/** This colour, made darker or lighter until it can be read on all of these. */
export function readableOn(colour, grounds) {
  const isDark = luminance(grounds[0]) < 0.2;
  const towards = isDark ? WHITE : BLACK;
  for (let share = 0; share < 1; share += 0.05) {
    const tried = mix(colour, towards, share);
    if (grounds.every((ground) => contrast(tried, ground) >= ENOUGH)) return tried;
  }
  return towards;
}

/** Two colours mixed; `share` is how much of the second. */
export function mix(one, other, share) {
  return one.map((value, place) => Math.round(value + (other[place] - value) * share));
}

function luminance(colour) {
  const [red, green, blue] = colour.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
