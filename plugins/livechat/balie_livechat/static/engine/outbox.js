// What the visitor has written and the server does not have yet: kept over reloads, sent in order,
// one by one, and again until the server has it. Its id makes the same message the same.

import { ApiError } from "./api.js";
import { newId } from "./ids.js";

const KEY = "out.";
const LONGEST_WAIT_MS = 30_000;

/**
 * `shown(item)` hears of every change of an item, `sent(item, facts)` of what the server has taken;
 * `post(body)` and `upload(file, …)` reach it. When `life` is aborted, nothing more is sent.
 */
export function createOutbox({ keep, drawer, tabs, life, post, upload, now, shown, sent }) {
  const items = new Map();
  const uploads = new Map();
  let isPumping = false;
  let again = false;
  let wake = () => {};
  let tries = 0;
  let wait = 0;
  let gate = Promise.resolve();
  let posting = gate;

  /** Take a message; it is on its way when this returns. */
  function add({ files = [], ...words }) {
    const clientId = newId();
    const named = files.map((file, at) => ({
      key: `${clientId}.${at}`,
      name: file.name,
      type: file.type,
      size: file.size,
      ref: null,
    }));
    const order = Math.max(now(), ...[...items.values()].map((one) => one.order + 1));
    const item = { client_id: clientId, order, ...words, files: named, state: "waiting" };
    items.set(clientId, item);
    const stored = named.map(({ key }, at) => drawer.put(key, files[at]));
    put(item);
    Promise.all(stored).then(pump);
    return clientId;
  }

  function put(item) {
    items.set(item.client_id, item);
    const { progress: _, ...kept } = item;
    keep.set(KEY + item.client_id, kept);
    shown(item);
  }

  function drop(item) {
    items.delete(item.client_id);
    keep.remove(KEY + item.client_id);
    item.files.forEach(({ key }) => drawer.remove(key));
  }

  /** Find what was kept by a page that is gone, or by another tab; return whether anything waits. */
  function load() {
    for (const name of keep.names(KEY)) {
      const item = keep.get(name);
      if (item?.client_id && !items.has(item.client_id)) {
        items.set(item.client_id, item);
        shown(item);
      }
    }
    return Boolean(next());
  }

  async function pump() {
    if (isPumping) {
      again = true;
      wake();
      return;
    }
    isPumping = true;
    try {
      do {
        again = false;
        await tabs.alone("send", sendAll);
        if (next()) await pause();
      } while ((again || next()) && !life.aborted);
    } finally {
      isPumping = false;
    }
  }

  function next() {
    const waiting = [...items.values()].filter((item) => item.state === "waiting");
    return waiting.sort((a, b) => a.order - b.order)[0];
  }

  async function sendAll() {
    load();
    for (let item = next(); item; item = next()) {
      await gate;
      if (life.aborted) return;
      if (isSentElsewhere(item)) continue;
      posting = sendOne(item);
      if (!(await posting)) return;
    }
  }

  /** Do `work` while nothing is under way: what waits goes after it, or in a next visit. */
  async function hold(work) {
    let open;
    gate = new Promise((resolve) => {
      open = resolve;
    });
    try {
      await posting;
      return await work();
    } finally {
      open();
    }
  }

  /** Whether another tab has sent it while this one waited for its turn. */
  function isSentElsewhere(item) {
    if (!keep.isAllowed() || keep.get(KEY + item.client_id)) return false;
    items.delete(item.client_id);
    return true; // it comes with the news
  }

  /** Send one; return whether the next may follow. */
  async function sendOne(item) {
    try {
      const files = await refsOf(item);
      if (!items.has(item.client_id)) return true; // discarded meanwhile
      const facts = await post(bodyOf(item, files));
      tries = 0;
      const done = items.get(item.client_id) ?? item;
      drop(done);
      sent(done, facts);
      return true;
    } catch (error) {
      return refused(items.get(item.client_id), error);
    }
  }

  function refused(item, error) {
    const problem = problemOf(error, now());
    if (!item) return true;
    if (error instanceof ApiError && !isLasting(error)) {
      tries += 1;
      wait = Math.max(1_000 * (error.retryAfter || 0), backOff(tries));
      // Said only where the server says something; a network that is away is told by the connection.
      put({ ...item, problem: error.text ? problem : null });
      return false;
    }
    put({ ...item, state: "failed", problem });
    return true;
  }

  async function refsOf(item) {
    const refs = [];
    for (const [at, facts] of item.files.entries()) {
      refs.push(facts.ref ?? (await uploaded(item.client_id, at)));
    }
    return refs;
  }

  async function uploaded(clientId, at) {
    const facts = items.get(clientId)?.files[at];
    const file = facts && (await drawer.get(facts.key));
    if (!file) throw new ApiError({ status: 400, code: "file_lost" });
    const control = new AbortController();
    uploads.set(clientId, control);
    try {
      const progress = (part) => showProgress(clientId, at, part);
      const found = await upload(file, { progress, signal: control.signal });
      const item = items.get(clientId);
      const withRef = (one) => (one.key === facts.key ? { ...one, ref: found.ref } : one);
      if (item) put({ ...item, files: item.files.map(withRef) });
      return found.ref;
    } finally {
      uploads.delete(clientId);
    }
  }

  function showProgress(clientId, at, part) {
    const item = items.get(clientId);
    if (!item) return;
    const next = { ...item, progress: (at + part) / item.files.length };
    items.set(clientId, next);
    shown(next);
  }

  function pause() {
    return new Promise((resolve) => {
      const timer = setTimeout(done, navigator.onLine ? wait : LONGEST_WAIT_MS);
      wake = done;
      function done() {
        clearTimeout(timer);
        wake = () => {};
        resolve();
      }
    });
  }

  function retry(clientId) {
    const item = items.get(clientId);
    if (!item) return;
    put({ ...item, state: "waiting", problem: null });
    pump();
  }

  function discard(clientId) {
    uploads.get(clientId)?.abort();
    const item = items.get(clientId);
    if (item) drop(item);
  }

  function forget() {
    uploads.forEach((control) => control.abort());
    [...items.values()].forEach(drop);
    wake();
  }

  const hurry = () => {
    tries = 0;
    wake();
    if (next()) pump();
  };
  window.addEventListener("online", hurry, { signal: life });

  return { add, load, hold, retry, discard, forget, hurry };
}

function bodyOf(item, files) {
  const { client_id: id, thread, text, choice, quotes, fields, topic, hop } = item;
  const body = { id, thread, text, choice, quotes, fields, topic, hop, files };
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value?.length ?? value));
}

/** Whether sending the same again would be refused again. */
function isLasting(error) {
  return !error.passes && !["token", "signed_out", "consent"].includes(error.code);
}

function problemOf(error, at) {
  const { code = "broken", text = "", problems = null, retryAfter = 0 } = error;
  return { error: code, text, problems, retryAt: retryAfter ? at + retryAfter * 1_000 : null };
}

function backOff(tries) {
  return Math.min(LONGEST_WAIT_MS, 1_000 * 2 ** (tries - 1)) * (0.5 + Math.random() / 2);
}
