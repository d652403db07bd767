// Tells who listens what is new: each agent's message once, what was not sent, never the history.
import { el } from "./dom.js";
import { inOneLine } from "./parts.js";
import { plainName } from "./files.js";

const CLEARED_MS = 10_000;
const HISTORY_MS = 1_200;

/**
 * Make the announcer.
 * @returns {{node: HTMLElement, say: function(string): void,
 *   update: function(object, boolean): void}}
 */
export function createAnnouncer(ui, now = () => performance.now()) {
  const node = el("div", { class: "unseen", "aria-live": "polite", test: "announcer" });
  const threads = new Map();
  const problems = new Map();

  function say(words) {
    const line = el("p", {}, words);
    node.append(line);
    setTimeout(() => line.remove(), CLEARED_MS);
  }

  /** Learn what is there; say what an agent said since, where `isHeard`. */
  function update(state, isHeard) {
    const fresh = [];
    for (const [thread, messages] of Object.entries(state.messages)) {
      const known = knownIn(thread);
      // What comes at once with its thread was said before.
      const isHistory = now() - known.since < HISTORY_MS && !known.hasSpoken;
      if (messages === known.messages) continue;
      known.messages = messages;
      const first = messages.findIndex((one) => known.ids.has(one.id));
      messages.forEach((message, at) => {
        if (message.state === "waiting") known.hasSpoken = true;
        if (message.problem?.text && isHeard) tellOnce(message);
        if (!message.id || known.ids.has(message.id)) return;
        known.ids.add(message.id);
        const isOlder = at < first && ui.isReadingBack();
        const isNew = message.by === "agent" && message.state !== "read";
        if (isNew && !isHistory && !isOlder) fresh.push(message);
      });
    }
    if (isHeard) fresh.forEach((one) => say(spoken(one)));
  }

  /** Why one of the visitor's own is not sent. */
  function tellOnce({ client_id: id, state, problem }) {
    const words = `${state === "failed" ? ui.t("state_failed") : ""} ${problem.text}`.trim();
    if (problems.get(id) !== words) say(words);
    problems.set(id, words);
  }

  function knownIn(thread) {
    if (threads.has(thread)) return threads.get(thread);
    threads.set(thread, { since: now(), ids: new Set(), hasSpoken: false });
    return threads.get(thread);
  }

  function spoken(message) {
    const author = plainName(message.author) || ui.settings.name;
    return ui.t("said", { author, text: inOneLine(ui, message) });
  }

  return { node, say, update };
}
