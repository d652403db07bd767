// A question or a picture in front of the panel. The browser's own dialog keeps the focus.
import { el, iconButton } from "./dom.js";

let made = 0;

/**
 * Open a dialog.
 * @param {object} ui
 * @param {{title: string, body: Node[], actions?: Node[], kind?: string, test?: string}} given
 * @returns {{close: function(): void, node: HTMLDialogElement}}
 */
export function openDialog(ui, { title, body, actions = [], kind = "", test }) {
  made += 1;
  const id = `dialog-${made}`;
  const close = () => node.close();
  const head = el(
    "header",
    { class: "dialog-head" },
    el("h2", { id, dir: "auto", tabindex: -1 }, title),
    iconButton("close", ui.t("close_dialog"), close),
  );
  const parts = [head, el("div", { class: "dialog-body" }, body)];
  if (actions.length) parts.push(el("div", { class: "dialog-actions" }, actions));
  const opener = document.activeElement;
  const facts = { class: `dialog ${kind}`, "aria-labelledby": id, test };
  const node = el("dialog", { ...facts, on: { close: gone, click: besides } }, parts);

  function gone() {
    node.remove();
    // What was done may have led to another screen, which has the focus by now.
    if (document.activeElement !== document.body) return;
    if (opener?.getClientRects().length) opener.focus();
    else ui.focusScreen();
  }

  function besides(event) {
    if (event.target === node) close();
  }

  ui.root.append(node);
  node.showModal();
  head.firstChild.focus();
  return { close, node };
}
