// The log of one conversation: where it is scrolled to, what is new, what came before.
import { button, el, hidden, say, shown } from "./dom.js";
import { icon } from "./icons.js";
import { keyOf } from "./message.js";
import { createRows } from "./rows.js";

const NEAR_END = 60;
const NEAR_BEGINNING = 160;
const SETTLED_MS = 100;

/**
 * Make the log of a thread.
 * @returns {{node: HTMLElement, update: function(object): void, toEnd: function(): void,
 *   answered: function(string): void, returned: function(): void,
 *   isReadingBack: function(): boolean, leave: function(): void}}
 */
export function createLog(ui, thread) {
  const rows = createRows(ui);
  const older = el("p", { class: "older", role: "status" }, hidden(ui.t("loading_older")));
  const typing = typingRow(ui);
  const scroller = el(
    "div",
    // What is new is told by announcer.js, once each; the log itself keeps quiet.
    { class: "log", role: "log", "aria-live": "off", "aria-label": ui.t("log"), tabindex: 0 },
    older,
    rows.node,
    typing,
  );
  const jumpWords = el("span");
  const act = () => toEnd(true);
  const jump = button([icon("down"), jumpWords], act, { class: "jump", test: "jump" });
  const node = el("div", { class: "log-frame" }, scroller, jump);
  const marker = el("p", { class: "marker", test: "unread" }, ui.t("unread_marker"));
  let messages = [];
  let isAtEnd = true;
  let isLoading = false;
  let missed = 0;
  let unreadAtFirst = null;

  scroller.addEventListener("scroll", scrolled, { passive: true });
  const sizes = new ResizeObserver(() => isAtEnd && stay());
  sizes.observe(scroller);
  sizes.observe(rows.node);

  function update(state) {
    const facts = state.threads.find((one) => one.id === thread);
    unreadAtFirst ??= facts ? (facts.unread ?? 0) : null;
    const given = state.messages[thread] ?? [];
    if (given !== messages) place(given);
    if (ui.isVisible()) markUnread();
    const isTyping = Boolean(state.typing?.[thread]);
    shown(typing, isTyping);
    if (isAtEnd) stay();
    shown(older, isLoading);
    if (facts?.hasMore && !isLoading && scroller.scrollTop < NEAR_BEGINNING) loadOlder();
    tellJump();
    seen();
  }

  function place(given) {
    const height = scroller.scrollHeight;
    const first = messages[0];
    const known = new Set(messages.map(keyOf));
    messages = given;
    rows.arrange(given);
    const isOlder = first && given[0] !== first && given.some((one) => keyOf(one) === keyOf(first));
    if (isOlder && !isAtEnd) scroller.scrollTop += scroller.scrollHeight - height;
    const fresh = given.filter((one) => !known.has(keyOf(one)));
    if (fresh.some((one) => one.state === "waiting")) toEnd();
    else if (!isAtEnd && !isOlder) missed += fresh.filter((one) => one.by === "agent").length;
  }

  function markUnread() {
    if (!unreadAtFirst || marker.isConnected) return;
    const theirs = messages.filter((one) => one.by === "agent");
    const first = theirs.at(-unreadAtFirst);
    if (first) rows.mark(keyOf(first), marker);
  }

  async function loadOlder() {
    isLoading = true;
    shown(older, true);
    try {
      await ui.talk.older(thread);
    } catch (problem) {
      ui.problem(problem);
      await new Promise((wake) => setTimeout(wake, 3_000));
    }
    // What came is told with the next frame.
    setTimeout(() => {
      isLoading = false;
      shown(older, false);
    }, SETTLED_MS);
  }

  function scrolled() {
    const left = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
    isAtEnd = left < NEAR_END;
    if (isAtEnd) missed = 0;
    const facts = ui.talk.state.threads.find((one) => one.id === thread);
    if (facts?.hasMore && !isLoading && scroller.scrollTop < NEAR_BEGINNING) loadOlder();
    tellJump();
    seen();
  }

  function tellJump() {
    shown(jump, !isAtEnd);
    say(jumpWords, missed ? ui.t("new_messages", { n: missed }) : ui.t("to_end"));
    jump.classList.toggle("told", missed > 0);
  }

  function seen() {
    if (isAtEnd && ui.isVisible()) ui.talk.seen(thread);
  }

  function stay() {
    scroller.scrollTop = scroller.scrollHeight;
  }

  function toEnd(isAsked = false) {
    isAtEnd = true;
    missed = 0;
    stay();
    tellJump();
    if (isAsked) scroller.focus({ preventScroll: true });
  }

  /** Somebody comes back to this screen: what came meanwhile is marked as new. */
  function returned() {
    marker.remove();
    unreadAtFirst = null;
  }

  shown(older, false);
  shown(typing, false);
  shown(jump, false);
  return {
    node,
    update,
    toEnd,
    answered: (id) => rows.redraw(`m${id}`),
    returned,
    isReadingBack: () => isLoading,
    leave: () => sizes.disconnect(),
  };
}

function typingRow(ui) {
  const dots = el("span", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i"));
  return el("div", { class: "typing", test: "typing" }, dots, hidden(ui.t("typing")));
}
