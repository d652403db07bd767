// The menu: a list that opens below its button, gone through with the arrow keys.
import { attribute, button, el, iconButton, shown } from "./dom.js";

/**
 * Make the menu.
 * @param {object} ui
 * @param {function(): Array} items what there is to do now: {words, act, and if need be test,
 *   checked, lang, begins}
 * @returns {{node: HTMLElement, close: function(): boolean}} `close` says whether it was open
 */
export function createMenu(ui, items) {
  const opener = iconButton("menu", ui.t("menu"), toggle, {
    test: "menu",
    "aria-haspopup": "menu",
    "aria-expanded": "false",
    "aria-controls": "menu",
  });
  const list = el("div", {
    class: "menu",
    id: "menu",
    role: "menu",
    "aria-label": ui.t("menu"),
    hidden: true,
    on: { keydown },
  });
  const node = el("div", { class: "menu-frame", on: { focusout: left } }, opener, list);
  document.addEventListener("pointerdown", (event) => !node.contains(event.target) && close());

  function toggle() {
    if (!list.hidden) return void close(true);
    list.replaceChildren(...items().map(itemOf));
    shown(list, true);
    attribute(opener, "aria-expanded", "true");
    list.firstChild?.focus();
  }

  function itemOf({ words, act, test, checked, lang, begins }) {
    const isTick = checked !== undefined;
    const choose = () => {
      close(true);
      act();
    };
    return button(el("span", {}, words), choose, {
      class: begins ? "menu-item begins" : "menu-item",
      role: isTick ? "menuitemcheckbox" : "menuitem",
      "aria-checked": isTick ? String(checked) : null,
      tabindex: -1,
      test,
      lang,
    });
  }

  function keydown(event) {
    const all = [...list.children];
    const here = all.indexOf(document.activeElement);
    const to = {
      ArrowDown: (here + 1) % all.length,
      ArrowUp: (here - 1 + all.length) % all.length,
      Home: 0,
      End: all.length - 1,
    }[event.key];
    if (event.key === "Escape") {
      event.stopPropagation();
      close(true);
    } else if (event.key === "Tab") {
      close();
    } else if (to !== undefined) {
      event.preventDefault();
      all[to].focus();
    }
  }

  function left(event) {
    if (event.relatedTarget && !node.contains(event.relatedTarget)) close();
  }

  function close(isBack = false) {
    const wasOpen = !list.hidden;
    shown(list, false);
    attribute(opener, "aria-expanded", "false");
    if (wasOpen && isBack) opener.focus();
    return wasOpen;
  }

  return { node, close };
}
