// Who speaks: a round picture with the first letters of a name, or the team's logo.
import { el } from "./dom.js";

/** The first letters of a name: "Noor de Vries" is NV. */
export function initials(name) {
  const words = name.trim().split(/\s+/).filter((one) => /^[\p{L}\p{N}]/u.test(one));
  const first = words.length > 1 ? [words[0], words.at(-1)] : words;
  return first.map((one) => [...one][0]).join("").toLocaleUpperCase() || "·";
}

/** An agent's picture. Names are read elsewhere, so it says nothing. */
export function avatar(name) {
  return el("span", { class: "avatar", "aria-hidden": "true" }, initials(name));
}

/** The team's logo, or its letters where there is none or it does not come. */
export function logo(settings) {
  const url = settings.theme?.logo;
  const facts = { class: "avatar team", "aria-hidden": "true" };
  const letters = el("span", facts, initials(settings.name));
  if (!url) return letters;
  const image = el("img", { src: url, alt: "", class: "avatar logo", width: 40, height: 40 });
  image.addEventListener("error", () => image.replaceWith(letters));
  return image;
}
