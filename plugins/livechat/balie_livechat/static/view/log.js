// The messages of one conversation. What is new is added; nothing that stands is drawn again.
import { attribute, button, el, hidden, say, shown } from "./dom.js";
import { icon } from "./icons.js";
import { isStored, keyOf, messageNode, showProgress } from "./message.js";

const NEAR_END = 60;
const NEAR_BEGINNING = 160;
const SETTLED_MS = 100;
const TOGETHER_MS = 5 * 60_000;

/**
 * Make the log of a thread.
 * @returns {{node: HTMLElement, update: function(object): void, toEnd: function(): void,
 *   answered: function(string): void, returned: function(): void,
 *   isReadingBack: function(): boolean, leave: function(): void}}
 */
export function createLog(ui, thread) {
  const rows = new Map();
  const list = el("div", { class: "rows" });
  const older = el("p", { class: "older", role: "status" }, hidden(ui.t("loading_older")));
  const typing = typingRow(ui);
  const scroller = el(
    "div",
    // What is new is told by announcer.js, once each; the log itself keeps quiet.
    { class: "log", role: "log", "aria-live": "off", "aria-label": ui.t("log"), tabindex: 0 },
    older,
    list,
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
  sizes.observe(list);

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
    arrange();
    const isOlder = first && given[0] !== first && given.some((one) => keyOf(one) === keyOf(first));
    if (isOlder && !isAtEnd) scroller.scrollTop += scroller.scrollHeight - height;
    const fresh = given.filter((one) => !known.has(keyOf(one)));
    if (fresh.some((one) => one.state === "waiting")) toEnd();
    else if (!isAtEnd && !isOlder) missed += fresh.filter((one) => one.by === "agent").length;
  }

  /** Bring the rows into the order of the messages, touching only what differs. */
  function arrange() {
    let cursor = list.firstChild;
    let before = null;
    let latestOwn = null;
    const left = new Set(rows.keys());
    for (const message of messages) {
      const key = keyOf(message);
      const row = rowOf(key, message);
      left.delete(key);
      if (row.node === cursor) cursor = cursor.nextSibling;
      else list.insertBefore(row.node, cursor);
      const follows = belongTogether(before?.message, message);
      attribute(row.node, "data-follows", follows);
      if (before) attribute(before.node, "data-ends", !follows);
      daySeparator(row, before?.message);
      if (message.by === "customer" && isStored(message)) latestOwn = row;
      before = row;
    }
    if (before) attribute(before.node, "data-ends", true);
    for (const key of left) {
      rows.get(key).node.remove();
      rows.delete(key);
    }
    for (const row of list.querySelectorAll("[data-latest]")) {
      if (row !== latestOwn?.node) row.removeAttribute("data-latest");
    }
    if (latestOwn) attribute(latestOwn.node, "data-latest", true);
  }

  function rowOf(key, message) {
    const row = rows.get(key);
    if (row?.message === message) return row;
    if (!row) {
      const made = { message, body: messageNode(ui, message), day: null };
      made.node = el("div", { class: "row" }, made.body);
      rows.set(key, made);
      return made;
    }
    if (saysTheSame(row.message, message)) attribute(row.body, "data-state", message.state);
    else if (differsInProgressOnly(row.message, message)) showProgress(row.body, message.progress);
    else redraw(row, message);
    row.message = message;
    return row;
  }

  function redraw(row, message) {
    const hadFocus = row.body.contains(document.activeElement);
    const drawn = messageNode(ui, message);
    row.body.replaceWith(drawn);
    row.body = drawn;
    if (hadFocus) scroller.focus({ preventScroll: true });
  }

  function daySeparator(row, before) {
    const isNew = !before || ui.times.dayKey(before.at) !== ui.times.dayKey(row.message.at);
    if (isNew && !row.day) {
      row.day = el("h3", { class: "day" }, ui.times.day(row.message.at));
      row.node.prepend(row.day);
    } else if (!isNew && row.day) {
      row.day.remove();
      row.day = null;
    }
  }

  function markUnread() {
    if (!unreadAtFirst || marker.isConnected) return;
    const theirs = messages.filter((one) => one.by === "agent");
    const first = theirs.at(-unreadAtFirst);
    if (first) rows.get(keyOf(first)).body.before(marker);
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

  /** Draw again the question that an answer was given to: its buttons are done with. */
  function answered(id) {
    const row = rows.get(`m${id}`);
    if (row) redraw(row, row.message);
  }

  shown(older, false);
  shown(typing, false);
  shown(jump, false);
  return {
    node,
    update,
    toEnd,
    answered,
    returned,
    isReadingBack: () => isLoading,
    leave: () => sizes.disconnect(),
  };
}

function typingRow(ui) {
  const dots = el("span", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i"));
  return el("div", { class: "typing", test: "typing" }, dots, hidden(ui.t("typing")));
}

function belongTogether(before, message) {
  if (!before || before.by !== message.by || before.author !== message.author) return false;
  if (before.state === "failed") return false;
  const [one, other] = [new Date(before.at), new Date(message.at)];
  return other - one < TOGETHER_MS && one.getDate() === other.getDate();
}

/** An agent's message that was read is no other message. */
function saysTheSame(before, message) {
  return message.by === "agent" && before.parts === message.parts && before.at === message.at;
}

function differsInProgressOnly(before, message) {
  const isWaiting = before.state === "waiting" && message.state === "waiting";
  return isWaiting && before.progress !== message.progress && before.problem === message.problem;
}
