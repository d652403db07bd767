// What the visitor agrees to, before anything is kept.
import { button, el, outward } from "./dom.js";

/**
 * Make the screen that asks for consent.
 * @param {object} ui
 * @param {object} params handed on to what comes next
 */
export function createConsent(ui, params) {
  const { consent } = ui.settings;
  const { t } = ui;
  const agree = button(t("agree"), yes, { class: "button wide", test: "consent-agree" });
  const link = consent.privacy_url ? outward(t("privacy"), consent.privacy_url) : null;
  const node = el(
    "section",
    { class: "step" },
    el("h2", { tabindex: -1 }, t("consent_title")),
    el("p", { class: "consent-text", dir: "auto" }, consent.text),
    link ? el("p", {}, link) : null,
    el("p", { class: "quiet-words" }, t("consent_version", { version: consent.version })),
    el("div", { class: "step-acts" },
      agree,
      button(t("no_thanks"), () => ui.go("home"), { class: "button quiet wide" }),
    ),
  );

  async function yes() {
    agree.disabled = true;
    try {
      await ui.talk.agree();
      if (params.thread) ui.go("talk", { thread: params.thread });
      else ui.begin({ ...params, agreed: true });
    } catch (problem) {
      agree.disabled = false;
      ui.problem(problem);
    }
  }

  return { node, update: () => {}, leave: () => {}, focus: () => false };
}
