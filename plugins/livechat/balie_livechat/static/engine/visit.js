// One visitor in one browser: session, news, what is on its way, and the other tabs.

import { createBlobs } from "./blobs.js";
import { createOutbox } from "./outbox.js";
import { createReceipts } from "./receipts.js";
import { createSession } from "./session.js";
import { createStream } from "./stream.js";
import { createTabs } from "./tabs.js";
import { createThreads } from "./threads.js";

const THREADS_MS = 1_500;
const RENEW_MS = 60_000;
const SIGN_IN_MS = 30_000;

/**
 * Make a visit of `who` ("" for nobody known). `events` hears session(held), news(messages, isFirst),
 * spoken(), signedOut(), signedIn({jwt, held}), consentMissing() and refused(error). Nothing is asked of the server before it is needed.
 */
export function createVisit({ api, keep, drawer, store, name, page, consent, events }) {
  const tabs = createTabs(name);
  const life = new AbortController();
  const threads = createThreads(store);
  let cursor = null;
  let isHere = false;
  let leading = null;
  let looking = 0;
  let tellings = 0;
  let isSigningIn = false;

  const session = createSession({
    api,
    keep,
    tabs,
    page,
    consent,
    told: (held) => {
      threads.tell(held.threads);
      events.session(held);
      listen();
    },
    ended: () => signedOut(true),
    refused: events.refused,
  });
  const receipts = createReceipts({ ask: session.ask });
  const blobs = createBlobs({ ask: fileAt });
  const stream = createStream({
    ask: session.ask,
    life: life.signal,
    cursor: { get: () => cursor, set: setCursor },
    state: (connection) => {
      store.change({ connection });
      tabs.tell("connection", connection);
    },
    events: {
      threads: heardThreads,
      message: (message) => {
        hear(message, true);
        tabs.tell("message", message);
      },
      typing: heardTyping,
      signedOut: () => signedOut(true),
    },
  });
  const outbox = createOutbox({
    keep,
    drawer,
    tabs,
    life: life.signal,
    now: api.now,
    post: (body) => session.ask("POST", "messages", { body }).catch(noteRefusal),
    upload: (file, how) => session.withToken((token) => api.upload(file, { token, ...how })),
    shown: (item) => threads.own(item),
    sent: (item, facts) => {
      if (facts.token) session.adopt(facts);
      threads.own({ ...item, at: facts.at, state: "sent", problem: null, progress: null });
      events.spoken();
      listen();
      if (!threads.knows(item.thread)) lookAtThreads();
    },
  });

  // While news are heard the session goes on: who is signed in may have no proof for a new one.
  const renewing = setInterval(() => stream.isOn() && session.token().catch(() => {}), RENEW_MS);

  tabs.answer("talk", () => (cursor ? { ...threads.snapshot(), cursor } : null));
  tabs.hear("threads", tellThreads);
  tabs.hear("message", (message) => hear(message, false));
  tabs.hear("cursor", (text) => {
    cursor = text;
  });
  tabs.hear("typing", (thread) => threads.typing(thread));
  tabs.hear("read", ({ thread, until }) => threads.read(thread, until));
  tabs.hear("connection", (connection) => store.change({ connection }));
  tabs.hear("signed_out", () => signedOut(false));
  tabs.hear("signing_in", signingIn);
  tabs.hear("signed_in", events.signedIn);
  tabs.hear("outbox", () => outbox.load());

  function noteRefusal(error) {
    if (error.code === "consent") events.consentMissing();
    throw error;
  }

  async function fileAt(method, href, options) {
    if (!href.startsWith("local:")) return session.ask(method, href, options);
    return new Response((await drawer.get(href.slice("local:".length))) ?? null);
  }

  function setCursor(text) {
    cursor = text;
    tabs.tell("cursor", text);
  }

  function hear(message, isFirst) {
    const isKnown = threads.knows(message.thread);
    const news = threads.take([message]);
    if (news.length && isFirst) receipts.delivered(news.map((one) => one.id));
    if (news.length) events.news(news, isFirst);
    if (!isKnown) lookAtThreads();
  }

  /** Know how the talks stand: one may be over, or go on elsewhere. */
  function heardThreads(told) {
    tellThreads(told);
    tabs.tell("threads", told);
  }

  function tellThreads(told) {
    tellings += 1;
    threads.tell(told);
  }

  function heardTyping({ thread, by, own }) {
    if (own || by !== "agent") return;
    threads.typing(thread);
    tabs.tell("typing", thread);
  }

  /** Ask how the talks stand, once for several reasons: of one that is new nobody tells. */
  function lookAtThreads() {
    looking ||= setTimeout(async () => {
      looking = 0;
      if (!session.held()) return;
      const before = tellings;
      const told = await session.ask("GET", "threads").catch(() => null);
      // What the stream told meanwhile is of all talks, and no older than this answer's question.
      if (told && tellings === before) heardThreads(told.threads);
    }, THREADS_MS * (0.5 + Math.random() / 2));
  }

  /** Be here: lead, or follow the tab that does. */
  function arrive() {
    if (isHere) return;
    isHere = true;
    leading = tabs.lead(listen, () => stream.stop());
  }

  /** Be away: another tab may lead. What was read is told before. */
  function leave() {
    isHere = false;
    receipts.flush(true);
    leading?.stop();
    leading = null;
    stream.stop();
  }

  function listen() {
    if (!isHere || !leading?.isLeading() || !session.held() || !hasTalk()) return;
    stream.start();
  }

  function hasTalk() {
    return session.held().recognised || store.get().threads.length > 0 || Boolean(keep.get("resume"));
  }

  /** Begin or go on, and find what was said: from another tab, or from the server. */
  async function resume() {
    await session.token();
    const shared = await tabs.ask("talk");
    if (shared) {
      threads.copy(shared);
      cursor ??= shared.cursor;
    }
    outbox.load();
    outbox.hurry();
    listen();
    if (!stream.isOn() && !shared && hasTalk()) await lookOnce();
  }

  async function lookOnce() {
    for (let found = { more: true }, here = cursor; found.more; here = found.cursor) {
      const headers = here ? { "Last-Event-ID": here } : {};
      found = await session.ask("GET", "poll", { headers });
      threads.tell(found.threads);
      threads.take(found.messages);
    }
  }

  function signedOut(isFirst) {
    if (life.signal.aborted || isSigningIn) return; // somebody signed in meanwhile: another visit goes on
    if (isFirst) tabs.tell("signed_out", null);
    forget();
    events.signedOut();
  }

  /** While somebody signs in, in this tab or another, the session of before ends: that is no news. */
  function signingIn(is) {
    if (life.signal.aborted || is === isSigningIn) return;
    isSigningIn = is;
    if (is) leave();
    else arrive();
    if (is) setTimeout(signingIn, SIGN_IN_MS, false); // that tab may be gone
  }

  function forget() {
    leave();
    session.drop();
    outbox.forget();
    receipts.forget();
    blobs.forget();
    threads.forget();
    cursor = null;
  }

  return {
    session,
    threads,
    outbox,
    receipts,
    blobs,
    tabs,
    arrive,
    leave,
    signingIn: (is) => {
      tabs.tell("signing_in", is);
      signingIn(is);
    },
    resume,
    forget,
    hurry: () => {
      stream.hurry();
      outbox.hurry();
    },
    /** Let another visit take over: what is on its way stays kept. */
    close: () => {
      leave();
      clearInterval(renewing);
      life.abort();
      tabs.close();
    },
  };
}
