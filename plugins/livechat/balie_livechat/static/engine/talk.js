// The talk as the view sees it: a frozen state that is replaced at each change, and what can be done.

import { createApi, ApiError } from "./api.js";
import { createDrawer } from "./drawer.js";
import { newId } from "./ids.js";
import { whoIs } from "./identity.js";
import { createKeep } from "./keep.js";
import { createOffer } from "./offer.js";
import { createPresence } from "./presence.js";
import { createSound } from "./sound.js";
import { createStore } from "./store.js";
import { createVisit } from "./visit.js";
import { online, pauseAfter } from "./waiting.js";

export { ApiError };

const HOP = /BAL(-[A-Z2-7]{4}){4}/i;
const TYPING_MS = 3_000;
const PAGE = 50;

const BEGINNING = {
  phase: "loading",
  problem: null,
  settings: null,
  availability: null,
  agreed: false,
  session: null,
  threads: [],
  messages: {},
  typing: {},
  unread: 0,
  connection: "live",
  sound: false,
};

/**
 * Make a talk with the connection at `base` for a visitor of the site `page` (its origin).
 *
 * It is an EventTarget: "change" after changes of `state`, "news" {messages} for agents' messages
 * that nobody was told of, "spoken" once something is kept, "locale" {locale, kept} when another
 * language was chosen, "signed_out", and "identity" when the site should call identify again. Methods reject with ApiError. See the README of the plugin.
 */
export function createTalk({ base, page, locale = "", identity = "", hop = "" }) {
  const talk = new EventTarget();
  const tell = (name, detail) => talk.dispatchEvent(new CustomEvent(name, { detail }));
  const store = createStore(BEGINNING, () => tell("change"));
  const prefix = `balie:${new URL(base).pathname}`;
  const keep = createKeep(prefix);
  const drawer = createDrawer(prefix, keep.isAllowed);
  const play = createSound();
  let language = locale;
  let chosen = "";
  let code = "";
  let given = {};
  let typedAt = 0;
  let visit = null;
  let signing = Promise.resolve();

  const api = createApi({ base, locale: () => language });
  const offer = createOffer({
    look: () => api.ask("GET", "availability"),
    show: (availability) => store.change({ availability }),
  });
  const presence = createPresence({
    arrive: () => visit?.arrive(),
    leave: () => visit?.leave(),
    seen: (thread, until) => markRead(thread, until),
    lastSaid: () => Math.max(0, ...store.get().threads.map((one) => Date.parse(one.last?.at ?? 0))),
    now: api.now,
  });

  function visitOf(jwt) {
    const who = whoIs(jwt);
    const known = keep.get("who");
    // Somebody else signed in on this browser: nothing of the one before is theirs.
    if (known && known !== who) forgetKept();
    const made = createVisit({
      api,
      keep,
      drawer,
      store,
      page,
      name: `${prefix}:${who}`,
      consent: consentGiven,
      events: {
        session: ({ recognised, name }) => {
          if (recognised && keep.isAllowed()) keep.set("who", who);
          store.change({ session: { recognised, name } });
        },
        spoken: remember,
        news: heardNews,
        consentMissing: () => store.change({ agreed: false }),
        refused: (error) => refuse(problemOf(error)),
        signedOut: () => {
          // Where somebody has signed in since, in another tab, what is kept is theirs.
          const isOwn = (keep.get("who") ?? "") === who;
          if (isOwn) forgetKept();
          store.change({ session: null, phase: "signed_out", agreed: false });
          if (isOwn) tell("signed_out");
        },
        signedIn: ({ jwt: known, held }) => {
          made.close();
          goOnAs(known, held);
        },
      },
    });
    if (jwt) made.session.introduce(jwt);
    return made;
  }

  /** What was agreed to, and in which language it was shown then. */
  function consentGiven() {
    const { version, language } = store.get().settings.consent;
    if (!store.get().agreed) return { consent: "" };
    const shown = keep.get("consent_language") ?? language;
    return { consent: version, ...(shown && { consent_language: shown }) };
  }

  /** Begin: settings first, then whoever came back. */
  async function begin(tries = 0) {
    try {
      await readSettings();
    } catch (error) {
      if (!error.passes) return store.change({ phase: "refused", problem: problemOf(error) });
      store.change({ phase: "offline_settings", problem: problemOf(error) });
      await online(pauseAfter(tries));
      return begin(tries + 1);
    }
    visit = visitOf(identity);
    store.change({ agreed: hasAgreed(), sound: keep.get("sound") === true });
    if (store.get().settings.identity_required && !identity) return refuse({ error: "identity", text: "" });
    store.change({ phase: "ready", problem: null });
    presence.begin();
    const isExpected = identity || keep.get("resume") || visit.outbox.load();
    if (store.get().agreed && isExpected) await comeBack();
    return undefined;
  }

  async function readSettings() {
    const { availability, ...settings } = await api.ask("GET", "settings");
    language ||= settings.locale;
    store.change({ settings: { ...settings, ...given }, availability });
    offer.wait(availability.look_again);
  }

  function hasAgreed() {
    const { required, version } = store.get().settings.consent;
    return !required || keep.get("consent") === version;
  }

  async function comeBack(tries = 0) {
    const mine = visit;
    try {
      await mine.resume();
      if (identity && store.get().threads.length) remember();
    } catch (error) {
      if (visit !== mine) return;
      if (error.passes) {
        await online(pauseAfter(tries));
        if (visit === mine) await comeBack(tries + 1);
      }
      if (error.code === "consent") store.change({ agreed: false });
      if (error.code === "origin") store.change({ phase: "refused", problem: problemOf(error) });
      if (error.code === "signed_out") beginAnew();
    }
  }

  /** What was kept is good for nothing any more, and forgotten; whoever this is begins anew. */
  function beginAnew() {
    visit.close();
    visit = visitOf(identity);
    store.change({ phase: "ready", problem: null, agreed: hasAgreed() });
    presence.begin();
  }

  function refuse(problem) {
    store.change({ phase: "refused", problem });
    tell("identity");
  }

  function remember() {
    keep.allow();
    tell("spoken");
  }

  function forgetKept() {
    keep.forget();
    drawer.forget();
  }

  function heardNews(messages, isFirst) {
    // One tab makes the sound: the one that listens for all.
    if (isFirst && store.get().sound && !presence.isSeen()) play();
    tell("news", { messages });
  }

  function markRead(thread, until) {
    const ids = visit?.threads.read(thread, until) ?? [];
    if (!ids.length) return;
    visit.receipts.read(ids);
    visit.tabs.tell("read", { thread, until });
  }

  function tellLocale() {
    if (chosen) tell("locale", { locale: chosen, kept: store.get().agreed });
  }

  async function leaveNothing(method, path) {
    if (!visit) return;
    const went = visit.session.held() ? visit.session.end(method, path) : Promise.resolve();
    await went.catch((error) => {
      if (error.status !== 401) throw error;
    });
    visit.tabs.tell("signed_out", null);
    visit.forget();
    forgetKept();
    store.change({ session: null, phase: "signed_out", agreed: false });
    tell("signed_out");
  }

  const methods = {
    /** The panel became visible. */
    open() {
      if (!presence.open()) return;
      offer.again();
      visit?.hurry();
    },
    /** The panel became hidden. */
    hide: () => presence.hide(),
    /** The visitor agrees to what `settings.consent` says: from now on something may be kept. */
    async agree() {
      store.change({ agreed: true });
      keep.allow();
      const { version, language } = store.get().settings.consent;
      keep.set("consent", version);
      keep.set("consent_language", language);
      tellLocale();
      visit.outbox.hurry();
      comeBack(); // for as long as it takes: what is written meanwhile waits
    },
    /** Take the words of a link back from elsewhere; the code in them goes with the next message. */
    bring(words) {
      code = HOP.exec(String(words))?.[0].toUpperCase() ?? code;
    },
    newThread: () => newId(),
    send(thread, { text = "", files = [], choice, quotes, fields, topic } = {}) {
      // To send is to ask for it: where nothing has to be agreed to, it is kept until it is there.
      if (store.get().agreed) remember();
      const words = { thread, text, files, choice, quotes, fields, topic, hop: code };
      code = "";
      return visit.outbox.add(words);
    },
    retry: (clientId) => visit.outbox.retry(clientId),
    discard(clientId) {
      visit.outbox.discard(clientId);
      visit.threads.dropOwn(clientId);
    },
    /** Tell that the visitor types, where an agent can see that. */
    async typing(thread) {
      if (!store.get().settings.typing) return;
      const isTold = Date.now() - typedAt < TYPING_MS;
      if (isTold || !visit?.session.held() || !visit.threads.knows(thread)) return;
      typedAt = Date.now();
      await visit.session.ask("POST", "typing", { body: { thread } }).catch(() => {});
    },
    /** What a thread holds now stands before the visitor's eyes, as soon as the panel does. */
    seen(thread) {
      const ids = (store.get().messages[thread] ?? []).map((one) => Number(one.id ?? 0));
      presence.see(thread, Math.max(0, ...ids));
    },
    async older(thread) {
      const first = (store.get().messages[thread] ?? []).find((one) => one.id !== null);
      const before = first ? `&before=${first.id}` : "";
      const path = `threads/${encodeURIComponent(thread)}/messages?limit=${PAGE}${before}`;
      visit.threads.older(thread, await visit.session.ask("GET", path));
    },
    /** Return a blob's address for a part's `href`. */
    file: (href) => visit.blobs.url(href),
    hop: (thread) => visit.session.ask("POST", "hop", { body: { thread } }),
    giveNumber(number, { words, start = false } = {}) {
      const body = { number, consent: true, words, start };
      return visit.session.ask("POST", "number", { body });
    },
    async identify(jwt) {
      if (!visit) {
        identity = jwt;
        return;
      }
      signing = signing.catch(() => {}).then(() => signInAs(jwt));
      await signing;
    },
    signOut: () => leaveNothing("DELETE", "session"),
    erase: () => leaveNothing("DELETE", "data"),
    exportData: async () => (await visit.session.ask("GET", "export", { raw: true })).blob(),
    async transcript(thread) {
      const path = `threads/${encodeURIComponent(thread)}/transcript`;
      return (await visit.session.ask("GET", path, { raw: true })).blob();
    },
    /** Speak another language, and let the page keep that, where something may be kept. */
    async setLocale(wanted) {
      const before = language;
      language = wanted;
      try {
        await readSettings();
      } catch (error) {
        language = before;
        throw error;
      }
      chosen = wanted;
      tellLocale();
    },
    /** Sound for new answers, off until the visitor turns it on; kept where something may be kept. */
    setSound(isOn) {
      keep.set("sound", isOn);
      store.change({ sound: isOn });
      if (isOn) play();
    },
    /** Try looks and words: Balie's preview page asks for it, nobody else can. */
    async preview(tried) {
      const { settings } = store.get();
      given = { ...given, ...tried };
      if (!settings) return;
      language = tried.locale ?? language;
      if (language !== settings.locale) await readSettings();
      else store.change({ settings: { ...settings, ...given } });
    },
    /** The time by the server's clock, in milliseconds. */
    now: api.now,
  };

  async function signInAs(jwt) {
    const before = visit;
    const isSame = whoIs(jwt) === whoIs(identity);
    if (isSame) before.session.introduce(jwt);
    if (isSame && store.get().phase !== "refused") {
      identity = jwt;
      return;
    }
    const held = isSame ? null : before.session.held();
    await before.outbox.hold(async () => {
      // The server ends the session of before; no stream need tell, in no tab.
      before.signingIn(true);
      try {
        if (held) await before.session.identify(jwt);
      } catch (error) {
        before.signingIn(false);
        throw error;
      }
      if (held) before.tabs.tell("signed_in", { jwt, held: before.session.held() });
      before.close();
    });
    await goOnAs(jwt, held && before.session.held());
  }

  async function goOnAs(jwt, held) {
    identity = jwt;
    keep.remove("who");
    visit = visitOf(jwt);
    if (held) visit.session.take(held);
    store.change({ phase: "ready", problem: null, agreed: store.get().agreed || hasAgreed() });
    presence.begin();
    if (store.get().agreed) await comeBack();
  }

  methods.bring(hop);
  begin();
  Object.defineProperty(talk, "state", { get: store.get });
  return Object.assign(talk, methods);
}

function problemOf({ code, text }) {
  return { error: code, text };
}
