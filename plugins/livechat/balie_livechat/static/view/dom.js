// Elements from plain values. Words only ever become text nodes: nothing here reads HTML.

const SVG = "http://www.w3.org/2000/svg";

/**
 * Make an element.
 * @param {string} tag
 * @param {object} given attributes; also `class`, `test` (data-test), `on` ({event: function}).
 *   An attribute that is null, undefined or false is left out; true is an empty one.
 * @param {...(Node|string|null|undefined|false)} children strings become text
 * @returns {HTMLElement}
 */
export function el(tag, given = {}, ...children) {
  const made = document.createElement(tag);
  const { on = {}, test, ...attributes } = given;
  if (test) made.dataset.test = test;
  for (const [name, value] of Object.entries(attributes)) attribute(made, name, value);
  for (const [name, act] of Object.entries(on)) made.addEventListener(name, act);
  made.append(...children.flat().filter((one) => one || one === 0));
  return made;
}

/** Set, change or take away an attribute; nothing is touched where it is right already. */
export function attribute(node, name, value) {
  if (value === null || value === undefined || value === false) return node.removeAttribute(name);
  const words = value === true ? "" : String(value);
  if (node.getAttribute(name) !== words) node.setAttribute(name, words);
  return undefined;
}

/** Change an element's words, and only then: a live region is not told twice. */
export function say(node, words) {
  if (node.textContent !== words) node.textContent = words;
}

/** Show or hide an element. */
export function shown(node, isShown) {
  if (node.hidden === isShown) node.hidden = !isShown;
}

/** A button with words. It never sends a form, unless it is told to. */
export function button(words, act, given = {}) {
  return el("button", { type: "button", on: act ? { click: act } : {}, ...given }, words);
}

/** A button that shows a picture; `name` is what it is called. */
export function iconButton(picture, name, act, given = {}) {
  const more = { class: "icon-button", "aria-label": name, title: name };
  return button(icon(picture), act, { ...more, ...given });
}

/** Words for who does not see the screen. */
export function hidden(words) {
  return el("span", { class: "unseen" }, words);
}

/** A link that leaves the chat: in a tab of its own, which cannot reach back. */
export function outward(words, url, given = {}) {
  const safe = safeUrl(url);
  if (!safe) return el("span", { class: given.class }, words);
  return el("a", { ...given, href: safe, target: "_blank", rel: "noopener noreferrer" }, words);
}

/** The address if it is one of a page (http or https), else null: no script, no file, no data. */
export function safeUrl(url) {
  try {
    const found = new URL(String(url));
    return ["https:", "http:"].includes(found.protocol) ? found.href : null;
  } catch {
    return null;
  }
}

const ICONS = {
  back: "M15 5l-7 7 7 7",
  close: "M6 6l12 12M18 6L6 18",
  down: "M6 9l6 6 6-6",
  next: "M9 5l7 7-7 7",
  menu: "M5 12h.01M12 12h.01M19 12h.01",
  send: "M12 19V5M5.5 11.5L12 5l6.5 6.5",
  attach: "M20 11.5l-8.2 8.2a5.3 5.3 0 0 1-7.5-7.5l8.6-8.6a3.5 3.5 0 0 1 5 5l-8.5 8.5a1.8 1.8 0 0 1-2.5-2.5l7.8-7.8",
  camera: "M4 8h3l1.6-2.5h6.8L17 8h3v11H4zM12 16.5a3.3 3.3 0 1 0 0-6.6 3.3 3.3 0 0 0 0 6.6z",
  emoji: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.3 14a4.3 4.3 0 0 0 7.4 0M9 9.5h.01M15 9.5h.01",
  chat: "M20 11.6c0 4.2-3.6 7.4-8 7.4-1.2 0-2.4-.2-3.4-.7L4 20l1.4-4A7 7 0 0 1 4 11.6C4 7.4 7.6 4 12 4s8 3.4 8 7.6z",
  question: "M9 9.2a3 3 0 1 1 4.2 2.7c-.8.4-1.2 1-1.2 1.9M12 17h.01M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z",
  whatsapp: "M4 20l1.2-4.2A8.2 8.2 0 1 1 8.300 19zM9 8.800c0 3.200 3 6.200 6.200 6.200l1-1.500-2.100-1.300-.9.8a6 6 0 0 1-2.200-2.200l.8-.9L10.500 7.800z",
  phone: "M6 4h3.200l1.500 4.200-2 1.500a12 12 0 0 0 5.600 5.600l1.500-2 4.200 1.500V18a2 2 0 0 1-2.200 2A15.500 15.500 0 0 1 4 6.200 2 2 0 0 1 6 4z",
  mail: "M4 6h16v12H4zM4.500 7l7.500 6 7.500-6",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.200 2",
  check: "M5 12.500l4.500 4.500L19 7.500",
  checks: "M2.500 12.500L7 17l9-9.500M12 16.500l.5.5 9-9.500",
  alert: "M12 8v5M12 16.500h.01M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z",
  file: "M7 3h7l5 5v13H7zM14 3v5h5",
  download: "M12 4v11M7 10.500l5 5 5-5M5 20h14",
  place: "M12 21c4-4.300 6.500-7.600 6.500-11a6.500 6.500 0 1 0-13 0c0 3.400 2.500 6.700 6.500 11zM12 12.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z",
  play: "M8 5.500v13l11-6.500z",
  out: "M13 5h6v6M19 5l-9 9M17 14v5H5V7h5",
  retry: "M19 12a7 7 0 1 1-2.200-5.100M17 3.500V7h-3.500",
};

/** A small picture, drawn in the colour of the words around it; said to nobody. */
export function icon(name) {
  const drawing = document.createElementNS(SVG, "svg");
  const facts = { viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false", class: "icon" };
  for (const [key, value] of Object.entries(facts)) drawing.setAttribute(key, value);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  drawing.append(path);
  // Some point to where a line begins: they turn around where lines begin on the right.
  if (["back", "next", "out"].includes(name)) drawing.classList.add("turns");
  return drawing;
}
