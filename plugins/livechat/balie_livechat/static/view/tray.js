// The files that go with the next message, and why others cannot.
import { el, iconButton, shown } from "./dom.js";
import { icon } from "./icons.js";
import { plainName, refusalOf, sizeWords } from "./files.js";

/**
 * Make the tray.
 * @param {object} ui
 * @param {function(): void} changed told when files come or go
 */
export function createTray(ui, changed) {
  const { limits } = ui.settings;
  const list = el("ul", { class: "tray", "aria-label": ui.t("attached") });
  const problems = el("div", { class: "problem", role: "alert", test: "file-problem" });
  const node = el("div", { class: "tray-frame" }, problems, list);
  let held = [];

  function add(files) {
    problems.replaceChildren();
    for (const file of files) {
      const why = held.length >= limits.files ? "too_many_files" : refusalOf(file, limits);
      if (why) refuse(file, why);
      else hold(file);
    }
    tell();
  }

  function hold(file) {
    const entry = { file, url: file.type.startsWith("image/") ? URL.createObjectURL(file) : "" };
    const name = plainName(file.name) || ui.t("kind_file");
    const drop = () => remove(entry);
    const picture = entry.url
      ? el("img", { src: entry.url, alt: "", width: 36, height: 36 })
      : icon("file");
    picture.addEventListener("error", () => picture.replaceWith(icon("file")));
    entry.node = el(
      "li",
      { class: "held", test: "held" },
      picture,
      el("span", { class: "file-words" },
        el("bdi", { class: "file-name" }, name),
        el("small", {}, sizeWords(file.size, ui.locale)),
      ),
      iconButton("close", ui.t("file_remove", { name }), drop, { class: "icon-button small" }),
    );
    held.push(entry);
    list.append(entry.node);
  }

  function refuse(file, why) {
    const most = sizeWords(limits.file_bytes, ui.locale);
    const values = { name: plainName(file.name), most, n: limits.files };
    problems.append(el("p", {}, ui.t(why, values)));
  }

  function remove(entry) {
    const next = entry.node.nextElementSibling ?? entry.node.previousElementSibling;
    forget(entry);
    held = held.filter((one) => one !== entry);
    problems.replaceChildren();
    tell();
    (next?.querySelector("button") ?? document.getElementById("composer"))?.focus();
  }

  function forget(entry) {
    entry.node.remove();
    if (entry.url) URL.revokeObjectURL(entry.url);
  }

  function clear() {
    held.forEach(forget);
    held = [];
    problems.replaceChildren();
    tell();
  }

  function tell() {
    shown(list, held.length > 0);
    changed();
  }

  shown(list, false);
  return { node, add, clear, files: () => held.map((one) => one.file) };
}
