// The rows of a conversation, by message. Only what differs is touched; what stands stays.
import { attribute, el } from "./dom.js";
import { isStored, keyOf, messageNode, showProgress } from "./message.js";

const TOGETHER_MS = 5 * 60_000;

/**
 * Make the rows.
 * @returns {{node: HTMLElement, arrange: function(object[]): void,
 *   redraw: function(string): void, mark: function(string, Node): void}} keys are those of
 *   messages (`keyOf`)
 */
export function createRows(ui) {
  const rows = new Map();
  const node = el("div", { class: "rows" });
  let latest = null;

  /** Bring the rows into the order of the messages. */
  function arrange(messages) {
    let cursor = node.firstChild;
    let before = null;
    let latestOwn = null;
    const left = new Set(rows.keys());
    for (const message of messages) {
      const key = keyOf(message);
      const row = rowOf(key, message);
      left.delete(key);
      if (row.node === cursor) cursor = cursor.nextSibling;
      else node.insertBefore(row.node, cursor);
      tie(before, row);
      if (message.by === "customer" && isStored(message)) latestOwn = row;
      before = row;
    }
    if (before) attribute(before.node, "data-ends", true);
    left.forEach(drop);
    // How far it has come is said of the latest own one only.
    if (latest !== latestOwn) latest?.node.removeAttribute("data-latest");
    latest = latestOwn;
    if (latest) attribute(latest.node, "data-latest", true);
  }

  function drop(key) {
    rows.get(key).node.remove();
    rows.delete(key);
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
    else draw(row, message);
    row.message = message;
    return row;
  }

  function draw(row, message) {
    const hadFocus = row.body.contains(document.activeElement);
    const drawn = messageNode(ui, message);
    row.body.replaceWith(drawn);
    row.body = drawn;
    if (hadFocus) node.closest("[tabindex]")?.focus({ preventScroll: true });
  }

  /** Set a row apart from the one before it, or not: who speaks on is not named again. */
  function tie(before, row) {
    const follows = belongTogether(before?.message, row.message);
    attribute(row.node, "data-follows", follows);
    if (before) attribute(before.node, "data-ends", !follows);
    const { dayKey, day } = ui.times;
    const isNewDay = !before || dayKey(before.message.at) !== dayKey(row.message.at);
    if (isNewDay && !row.day) {
      row.day = el("h3", { class: "day" }, day(row.message.at));
      row.node.prepend(row.day);
    } else if (!isNewDay && row.day) {
      row.day.remove();
      row.day = null;
    }
  }

  return {
    node,
    arrange,
    redraw(key) {
      const row = rows.get(key);
      if (row) draw(row, row.message);
    },
    mark: (key, marker) => rows.get(key)?.body.before(marker),
  };
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
