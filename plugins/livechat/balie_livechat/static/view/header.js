// The top of the panel: back, who it is, whether somebody is there, the menu, close.
import { attribute, el, iconButton, say, shown } from "./dom.js";
import { availabilityWords } from "./availability.js";
import { createMenu } from "./menu.js";
import { menuItems } from "./menu_items.js";
import { logo } from "./people.js";

/** Make the header. `shows` tells it which screen stands below it. */
export function createHeader(ui, { thread, back, close }) {
  const { settings, t } = ui;
  const backButton = iconButton("back", t("back"), back, { test: "back" });
  const dot = el("span", { class: "dot", "aria-hidden": "true" });
  const words = el("span", {});
  const line = el("p", { class: "header-line", dir: "auto" }, dot, words);
  const menu = createMenu(ui, () => menuItems(ui, thread()));
  const closeButton = iconButton("close", t("close"), close, { test: "close" });
  const name = el("h1", { id: "panel-name", dir: "auto" }, t("team_name", { name: settings.name }));
  const node = el(
    "header",
    { class: "header" },
    backButton,
    logo(settings),
    el("div", { class: "header-words" }, name, line),
    menu.node,
    closeButton,
  );

  function update(state) {
    const facts = state.availability;
    shown(menu.node, state.phase === "ready");
    if (!facts) return;
    attribute(dot, "data-state", facts.state);
    const said = state.messages[thread()] ?? [];
    const isAnswered = said.some((one) => one.by === "agent");
    say(words, availabilityWords(ui, facts, isAnswered).short);
  }

  function shows(screen) {
    attribute(node, "data-screen", screen);
    const isHome = screen === "home";
    shown(backButton, ["talk", "consent", "form"].includes(screen));
    // The first screen says it larger, and once is enough.
    shown(line, screen === "talk");
    attribute(line, "data-test", isHome ? null : "availability");
    update(ui.talk.state);
    menu.close();
  }

  return { node, update, shows, closeMenu: () => menu.close(true) };
}
