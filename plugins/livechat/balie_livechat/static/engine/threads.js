// The talks and what was said in them, as the state shows them.

import { merged, unreadIn, without } from "./messages.js";

/** The server gives as many at first; of a talk with more, the beginning is asked for later. */
const AT_FIRST = 200;
const TYPING_MS = 6_000;

/** Keep `threads`, `messages`, `typing` and `unread` of a store. */
export function createThreads(store) {
  const facts = new Map();
  const typers = new Map();

  /** Take talks as the server tells them. */
  function tell(told) {
    for (const one of told) {
      const known = facts.get(one.id);
      facts.set(one.id, {
        id: one.id,
        beganAt: one.began_at,
        isOver: one.is_over,
        elsewhere: one.elsewhere,
        hasMore: known?.hasMore ?? one.place > AT_FIRST,
      });
    }
    show(store.get().messages);
  }

  /** Take messages of any talks; return those of agents that are news. */
  function take(found) {
    const { messages } = store.get();
    const next = { ...messages };
    for (const [thread, ones] of byThread(found)) next[thread] = merged(next[thread] ?? [], ones);
    const ids = new Set(Object.keys(messages).flatMap((name) => idsOf(messages[name])));
    found.forEach((one) => one.by === "agent" && stopTyping(one.thread));
    show(next);
    // What nobody was told of yet is news; the rest is history.
    return found.filter((one) => one.by === "agent" && one.state === "sent" && !ids.has(one.id));
  }

  /** Show one of our own that the server does not have yet. */
  function own(item) {
    take([asMessage(item)]);
  }

  function dropOwn(clientId) {
    const { messages } = store.get();
    const found = Object.entries(messages).map(([name, ones]) => [name, without(ones, clientId)]);
    show(Object.fromEntries(found));
  }

  /** Mark agents' messages as read here; return their ids. */
  function read(thread, until = Infinity) {
    const known = store.get().messages[thread] ?? [];
    const isDue = (one) => one.by === "agent" && one.state !== "read" && Number(one.id) <= until;
    const due = known.filter(isDue);
    if (due.length) {
      const after = known.map((one) => (isDue(one) ? { ...one, state: "read" } : one));
      show({ ...store.get().messages, [thread]: after });
    }
    return idsOf(due);
  }

  /** Take a page of older messages. */
  function older(thread, page) {
    const known = facts.get(thread);
    if (known) facts.set(thread, { ...known, hasMore: page.more });
    take(page.messages);
  }

  function typing(thread) {
    clearTimeout(typers.get(thread));
    typers.set(thread, setTimeout(stopTyping, TYPING_MS, thread));
    store.change({ typing: { ...store.get().typing, [thread]: true } });
  }

  function stopTyping(thread) {
    clearTimeout(typers.get(thread));
    if (!typers.delete(thread)) return;
    const { [thread]: _, ...others } = store.get().typing;
    store.change({ typing: others });
  }

  function show(messages) {
    const names = [...new Set([...facts.keys(), ...Object.keys(messages)])];
    const threads = names
      .map((name) => shown(name, messages[name] ?? []))
      .filter(Boolean)
      .sort((a, b) => Date.parse(b.beganAt) - Date.parse(a.beganAt));
    const unread = threads.reduce((sum, one) => sum + one.unread, 0);
    store.change({ messages, threads, unread });
  }

  function shown(name, messages) {
    const known = facts.get(name);
    if (!known && !messages.length) return null;
    const usual = { id: name, beganAt: messages[0]?.at, isOver: false, elsewhere: "", hasMore: false };
    return { ...usual, ...known, unread: unreadIn(messages), last: messages.at(-1) ?? null };
  }

  /** What another tab needs to show the same: not what only this one has. */
  function snapshot() {
    const { messages } = store.get();
    const said = Object.values(messages).flat();
    return { facts: [...facts.values()], messages: said.filter((one) => one.id !== null) };
  }

  function copy({ facts: told, messages }) {
    told.forEach((one) => facts.set(one.id, one));
    take(messages);
  }

  function forget() {
    facts.clear();
    typers.forEach((timer) => clearTimeout(timer));
    typers.clear();
    store.change({ messages: {}, threads: [], typing: {}, unread: 0 });
  }

  const knows = (thread) => facts.has(thread);
  return { tell, take, own, dropOwn, read, older, typing, snapshot, copy, forget, knows };
}

function byThread(found) {
  const threads = new Map();
  found.forEach((one) => threads.set(one.thread, [...(threads.get(one.thread) ?? []), one]));
  return threads;
}

function idsOf(messages) {
  return messages.map((one) => one.id).filter((id) => id !== null);
}

/** Return an item of the outbox as a message: without an id, and with what stands in its way. */
function asMessage(item) {
  const files = item.files.map((file) => ({
    is: "media",
    kind: file.type.split("/")[0],
    text: file.name,
    caption: "",
    name: file.name,
    type: file.type,
    size: file.size,
    href: `local:${file.key}`,
  }));
  const text = item.text ? [{ is: "text", text: item.text, markup: "plain" }] : [];
  const choice = item.choice ? [{ is: "choice", text: item.choice.title, ...item.choice }] : [];
  return {
    id: null,
    client_id: item.client_id,
    thread: item.thread,
    by: "customer",
    author: "",
    at: item.at ?? new Date(item.order).toISOString(),
    order: item.order,
    place: null,
    state: item.state,
    quotes: item.quotes ?? null,
    problem: item.problem ?? null,
    progress: item.progress ?? null,
    parts: [...text, ...choice, ...files],
  };
}
