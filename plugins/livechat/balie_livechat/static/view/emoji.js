// A small choice of emoji. The letters are the system's own; their names are in the language.
import { attribute, button, el } from "./dom.js";

const NAMES = { nl: () => import("./emoji/nl.js"), en: () => import("./emoji/en.js") };
let open = null;

/**
 * Open the choice, or close it where it is open.
 * @param {object} ui
 * @param {{opener: HTMLElement, into: HTMLElement, take: function(string): void}} given
 */
export async function toggleEmoji(ui, { opener, into, take }) {
  if (open) return open();
  const { emoji } = await NAMES[ui.locale]();
  const grid = el("div", { class: "emoji-grid", on: { keydown: move } });
  const search = el("input", {
    type: "search",
    class: "field-input",
    "aria-label": ui.t("emoji_search"),
    placeholder: ui.t("emoji_search"),
    autocomplete: "off",
    on: { input: filter, keydown: intoGrid },
  });
  const none = el("p", { class: "quiet-words", role: "status" });
  const facts = { class: "emoji", role: "dialog", "aria-label": ui.t("emoji") };
  const on = { keydown: escape };
  const node = el("div", { ...facts, test: "emoji-picker", on }, search, grid, none);
  const all = Object.entries(emoji).map(([letters, names]) => {
    const choose = () => {
      close();
      take(letters);
    };
    const name = names.split(",")[0];
    const made = button(letters, choose, { title: name, "aria-label": name, tabindex: -1 });
    return { made, names };
  });
  const away = (event) => {
    if (!node.contains(event.target) && !opener.contains(event.target)) close();
  };

  function shownOnes() {
    return [...grid.children];
  }

  function filter() {
    const words = search.value.trim().toLocaleLowerCase();
    const found = all.filter((one) => one.names.includes(words)).map((one) => one.made);
    grid.replaceChildren(...found);
    for (const one of found) one.tabIndex = one === found[0] ? 0 : -1;
    none.textContent = found.length ? "" : ui.t("emoji_none");
  }

  function intoGrid(event) {
    if (event.key === "ArrowDown") {
      event.preventDefault();
      shownOnes()[0]?.focus();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (search.value.trim()) shownOnes()[0]?.click();
    }
  }

  function move(event) {
    const ones = shownOnes();
    const here = ones.indexOf(document.activeElement);
    const across = getComputedStyle(grid).gridTemplateColumns.split(" ").length;
    const turned = getComputedStyle(grid).direction === "rtl" ? -1 : 1;
    const steps = {
      ArrowRight: turned,
      ArrowLeft: -turned,
      ArrowDown: across,
      ArrowUp: -across,
      Home: -here,
      End: ones.length - 1 - here,
    };
    const step = steps[event.key];
    if (step === undefined || here < 0) return;
    event.preventDefault();
    const next = ones[here + step];
    if (!next && event.key === "ArrowUp") return void search.focus();
    if (!next) return;
    ones[here].tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }

  function escape(event) {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
    opener.focus();
  }

  function close() {
    open = null;
    node.remove();
    document.removeEventListener("pointerdown", away);
    attribute(opener, "aria-expanded", "false");
  }

  open = close;
  filter();
  into.append(node);
  attribute(opener, "aria-expanded", "true");
  document.addEventListener("pointerdown", away);
  search.focus();
  return undefined;
}
