// What is to be known about the connection, and what went wrong: one quiet line below the header.
import { attribute, el, iconButton, say, shown } from "./dom.js";
import { icon } from "./icons.js";

const SHOWN_MS = 8_000;
const PATIENCE_MS = 1_500;
const SECONDS_TOLD = 90;

/** Make the line. */
export function createNotices(ui) {
  const connection = line("connection");
  const problem = line("problem-notice");
  const node = el("div", { class: "notices" }, connection.node, problem.node);
  let waiting = null;
  let counting = null;
  let ending = null;
  let told = null;

  function line(test) {
    const words = el("span", { role: "status", dir: "auto" });
    const left = el("span", { class: "left" });
    const small = { class: "icon-button small" };
    const close = iconButton("close", ui.t("dismiss"), () => hide(), small);
    const made = el("div", { class: "notice", test, hidden: true }, icon("alert"), words, left);
    if (test !== "connection") made.append(close);
    return { node: made, words, left };
  }

  function update(state) {
    const is = ui.isOffline() ? "offline" : state.connection;
    const words = { offline: "offline", reconnecting: "reconnecting" }[is];
    clearTimeout(waiting);
    if (!words) shown(connection.node, false);
    // A blink is not told.
    else waiting = setTimeout(() => connect(words), is === "offline" ? 0 : PATIENCE_MS);
    const { problem: now } = state;
    if (now !== told && now?.text) show(now.text, now.retryAt);
    if (told && !state.problem) hide();
    told = state.problem;
  }

  function connect(words) {
    attribute(connection.node, "data-state", words);
    shown(connection.node, true);
    say(connection.words, ui.t(words));
  }

  /** Tell a problem; `retryAt` (milliseconds or a time) is counted down, unheard. */
  function show(words, retryAt = null, isGood = false) {
    hide();
    attribute(problem.node, "data-state", isGood ? "good" : "problem");
    problem.node.firstChild.replaceWith(icon(isGood ? "check" : "alert"));
    shown(problem.node, true);
    say(problem.words, words);
    const until = retryAt ? new Date(retryAt).getTime() : 0;
    if (until > Date.now()) {
      const count = () => {
        const seconds = Math.ceil((until - Date.now()) / 1_000);
        if (seconds <= 0) return hide();
        const isLong = seconds > SECONDS_TOLD;
        const n = isLong ? Math.ceil(seconds / 60) : seconds;
        problem.left.textContent = ui.t(isLong ? "minutes" : "seconds", { n });
        return undefined;
      };
      counting = setInterval(count, 1_000);
      count();
    } else {
      ending = setTimeout(hide, SHOWN_MS);
    }
  }

  function hide() {
    clearInterval(counting);
    clearTimeout(ending);
    if (problem.node.contains(document.activeElement)) ui.focusScreen();
    shown(problem.node, false);
    problem.left.textContent = "";
    say(problem.words, "");
  }

  /** Take away what went well: it is old news on another screen. */
  function turned() {
    if (problem.node.dataset.state === "good") hide();
  }

  return { node, update, show, turned };
}
