// What the menu holds, by what there is at the moment.
import { askNumber, showHop } from "./elsewhere.js";
import { askErase, askSignOut, saveExport, saveTranscript } from "./privacy.js";
import { hasStored } from "./saying.js";

/** The items for now. `thread` is the thread on the screen, or null. */
export function menuItems(ui, thread) {
  const { t, settings, talk } = ui;
  const { state } = talk;
  const stored = state.threads.filter((one) => hasStored(state, one));
  const here = stored.find((one) => one.id === thread);
  const has = stored.length > 0;
  const other = settings.locale === "nl" ? "en" : "nl";
  const hasOther = settings.languages.includes(other);
  // Who never signed in cannot sign out.
  const leave = state.session?.recognised ? "sign_out" : "forget";
  const all = [
    [here && settings.hop.whatsapp, "hop", () => showHop(ui, thread)],
    [has && settings.number, "number", () => askNumber(ui), "give-number"],
    [has, "new_thread", () => ui.begin({}), "new-thread-menu"],
    [here, "transcript", () => saveTranscript(ui, thread)],
    [true, "sound", () => ui.turnSound(), "sound", { checked: ui.hasSound(), begins: has }],
    [hasOther, "language", () => ui.speak(other), "language", { lang: other }],
    [has, "export", () => saveExport(ui), "export", { begins: true }],
    [has, "erase", () => askErase(ui)],
    [has && state.session, leave, () => askSignOut(ui, leave), "sign-out"],
  ];
  return all
    .filter(([isThere]) => isThere)
    .map(([, key, act, test = key, more]) => ({ words: t(`menu_${key}`), act, test, ...more }));
}
