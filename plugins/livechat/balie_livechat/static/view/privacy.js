// What is the visitor's own: taken along, or erased.
import { button, el } from "./dom.js";
import { openDialog } from "./dialog.js";
import { saveAs } from "./saving.js";

const KEPT_MS = 60_000;

/** Save the words of one talk. */
export const saveTranscript = (ui, thread) =>
  save(ui, () => ui.talk.transcript(thread), `${ui.t("transcript_file")}.txt`);

/** Save all that is known of the visitor. */
export const saveExport = (ui) =>
  save(ui, () => ui.talk.exportData(), `${ui.t("export_file")}.json`);

async function save(ui, ask, name) {
  try {
    const url = URL.createObjectURL(await ask());
    saveAs(url, name);
    setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
    ui.notice(ui.t("saved"));
  } catch (problem) {
    ui.problem(problem);
  }
}

/** Ask once more, then erase: where the tickets are not, an agent is asked to. */
export function askErase(ui) {
  const words = ui.settings.erases_tickets ? "erase_text" : "erase_text_asked";
  confirm(ui, { key: "erase", words, act: () => ui.talk.erase() });
}

/** Ask once more, then sign out; `key` is "forget" for who is nobody known. */
export function askSignOut(ui, key) {
  confirm(ui, { key, words: "sign_out_text", act: () => ui.talk.signOut() });
}

function confirm(ui, { key, words, act }) {
  const { t } = ui;
  const yes = button(t(`${key}_yes`), doIt, { class: "button danger", test: `${key}-yes` });
  const no = button(t("cancel"), () => dialog.close(), { class: "button quiet" });
  const dialog = openDialog(ui, {
    title: t(`${key}_title`),
    body: [el("p", {}, t(words))],
    actions: [yes, no],
    test: `${key}-dialog`,
  });

  async function doIt() {
    yes.disabled = true;
    try {
      await act();
      dialog.close();
      if (key === "erase") ui.erased();
    } catch (problem) {
      dialog.close();
      ui.problem(problem);
    }
  }
}
