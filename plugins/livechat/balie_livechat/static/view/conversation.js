// The screen of one conversation: its log, what is to be known about it, and the composer.
import { button, el, say, shown } from "./dom.js";
import { icon } from "./icons.js";
import { createComposer } from "./composer.js";
import { createLog } from "./log.js";

/**
 * Make the screen of a thread.
 * @param {object} ui
 * @param {{thread: string}} params
 */
export function createConversation(ui, { thread }) {
  const draft = ui.draftOf(thread);
  const log = createLog(ui, thread);
  const intro = el("p", { class: "intro", dir: "auto" });
  const standing = el("div", { class: "standing", role: "status", test: "standing" });
  const answered = new Map();
  const composer = createComposer(ui, { draft, send, typing: () => ui.talk.typing(thread) });
  const drop = el("p", { class: "drop", hidden: true, "aria-hidden": "true" }, ui.t("drop"));
  const on = { dragenter: dragged, dragover: dragged, dragleave: left, drop: dropped };
  const node = el(
    "section",
    { class: "conversation", on },
    el("h2", { class: "unseen", tabindex: -1 }, ui.t("log")),
    intro,
    log.node,
    standing,
    composer.node,
    drop,
  );
  let told = "";

  function send(what) {
    ui.send(thread, what);
    log.toEnd();
  }

  function dragged(event) {
    if (![...(event.dataTransfer?.types ?? [])].includes("Files")) return;
    event.preventDefault();
    shown(drop, true);
  }

  function left(event) {
    if (!node.contains(event.relatedTarget)) shown(drop, false);
  }

  function dropped(event) {
    event.preventDefault();
    shown(drop, false);
    composer.add([...event.dataTransfer.files]);
  }

  function update(state) {
    const facts = state.threads.find((one) => one.id === thread);
    const messages = state.messages[thread] ?? [];
    learnAnswers(messages);
    shown(intro, messages.length === 0);
    say(intro, ui.t(state.availability.state === "open" ? "intro_open" : "intro_closed"));
    const now = facts?.elsewhere ? "elsewhere" : facts?.isOver ? "over" : "";
    if (now !== told) tellStanding(now);
    log.update(state);
  }

  function tellStanding(now) {
    told = now;
    standing.replaceChildren();
    if (!now) return;
    const act = () => ui.begin({});
    standing.append(
      el("p", {},
        icon(now === "over" ? "check" : "whatsapp"),
        el("span", {}, ui.t(`thread_${now}`)),
      ),
      now === "over" ? button(ui.t("new_thread"), act, { class: "text-button" }) : "",
    );
  }

  /** Know which questions have their answer, and let those be drawn so. */
  function learnAnswers(messages) {
    for (const one of messages) {
      const isAnswer = one.by === "customer" && one.quotes;
      const choice = isAnswer && one.parts.find((part) => part.is === "choice");
      if (!choice || answered.get(one.quotes) === choice.id) continue;
      answered.set(one.quotes, choice.id);
      log.answered(one.quotes);
    }
  }

  return {
    node,
    update,
    thread,
    restore: composer.restore,
    returned: log.returned,
    isReadingBack: log.isReadingBack,
    answerTo: (message) => answered.get(message.id) ?? null,
    choose: (message, { id, title }) => send({ choice: { id, title }, quotes: message.id }),
    leave: log.leave,
    focus: () => (ui.isPhone() ? false : (composer.focus(), true)),
  };
}
