// Files that the visitor takes along.
import { el } from "./dom.js";

/** Let the browser save what is behind an address of ours. */
export function saveAs(url, name) {
  const link = el("a", { href: url, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
}
