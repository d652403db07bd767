// Where the focus is, and that it stays inside while the chat fills the screen.

const REACHED = [
  "a[href]",
  "button:not(:disabled)",
  "input:not(:disabled):not([hidden])",
  "select:not(:disabled)",
  "textarea:not(:disabled)",
  "summary",
  "audio[controls]",
  "video[controls]",
  "[tabindex='0']",
].join(",");

/** What the Tab key reaches inside a node, in order. */
export function reachable(node) {
  const seen = (one) => one.tabIndex >= 0 && one.getClientRects().length > 0;
  return [...node.querySelectorAll(REACHED)].filter(seen);
}

/**
 * Keep Tab inside a panel while `isOn()`; a dialog in front of it keeps it always.
 * @param {HTMLElement} panel
 * @param {function(): boolean} isOn
 */
export function keepInside(panel, isOn) {
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Tab") return;
    const dialog = panel.querySelector("dialog[open]");
    if (!dialog && !isOn()) return;
    const all = reachable(dialog ?? panel);
    if (!all.length) return;
    const [from, to] = event.shiftKey ? [all[0], all.at(-1)] : [all.at(-1), all[0]];
    const isOutside = !all.includes(document.activeElement);
    if (document.activeElement !== from && !(isOutside && event.shiftKey)) return;
    event.preventDefault();
    to.focus();
  });
}

/** Put the focus on the heading of a screen, which is read out. */
export function focusHeading(node, otherwise) {
  const heading = node.querySelector("h2[tabindex]") ?? otherwise;
  heading?.focus({ preventScroll: true });
}
