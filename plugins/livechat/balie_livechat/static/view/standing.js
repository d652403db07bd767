// Screens on which nothing can be said: loading, refused, signed out, no connection.
import { button, el } from "./dom.js";
import { icon } from "./icons.js";

/** While the settings come: the shape of what will stand there. */
export function createLoading() {
  const node = el(
    "div",
    { class: "home loading", "aria-busy": "true" },
    el("div", { class: "hero" }),
    el("div", { class: "cards" }, el("div", { class: "card" }), el("div", { class: "card" })),
  );
  return { node, update: () => {}, leave: () => {}, focus: () => false };
}

/**
 * Say why not, and what can be done.
 * @param {object} ui
 * @param {{kind: "refused"|"signed_out"|"offline_settings"|"erased"}} params
 */
export function createStanding(ui, { kind }) {
  const { t } = ui;
  const isForgotten = kind === "signed_out" && !ui.isKnown;
  const words = el("p", { dir: "auto" });
  const acts = el("div", { class: "step-acts" });
  // Without a connection it is tried again by itself.
  if (["signed_out", "erased"].includes(kind)) {
    const given = { class: "button wide", test: "again" };
    acts.append(button(t(`${kind}_again`), () => ui.startAgain(), given));
  }
  const node = el(
    "section",
    { class: "step centred", test: `standing-${kind}` },
    el("span", { class: "round" }, icon(kind === "erased" ? "check" : "alert")),
    el("h2", { tabindex: -1 }, t(isForgotten ? "forgotten_title" : `${kind}_title`)),
    words,
    acts,
  );

  function update(state) {
    const isUnknown = kind === "refused" && state.problem?.error === "identity";
    const isAsked = kind === "erased" && !ui.settings.erases_tickets;
    const usual = t(isUnknown ? "refused_identity" : `${kind}_text${isAsked ? "_asked" : ""}`);
    words.textContent = (kind === "refused" && state.problem?.text) || usual;
  }

  return { node, update, leave: () => {}, focus: () => false };
}
