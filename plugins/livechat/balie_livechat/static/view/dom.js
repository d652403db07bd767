// Elements from plain values. Words only ever become text nodes: nothing here reads HTML.

import { icon } from "./icons.js";

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
