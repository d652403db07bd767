// The panel: its header, one screen at a time, and what all screens share.
import { createAnnouncer } from "./announcer.js";
import { createConsent } from "./consent.js";
import { createConversation } from "./conversation.js";
import { attribute, el } from "./dom.js";
import { focusHeading, keepInside } from "./focus.js";
import { createForm } from "./form.js";
import { createHeader } from "./header.js";
import { createHome } from "./home.js";
import { createNotices } from "./notices.js";
import { createSaying } from "./saying.js";
import { createLoading, createStanding } from "./standing.js";
import { createTimes } from "./times.js";
import { loadWords } from "./words.js";

const SCREENS = {
  loading: createLoading,
  home: createHome,
  consent: createConsent,
  form: createForm,
  talk: createConversation,
  standing: createStanding,
};
const PHASES_WITHOUT_TALK = ["refused", "signed_out", "offline_settings"];

/**
 * Make the panel.
 * @param {{talk: object, root: HTMLElement, theme: object, close: function(): void,
 *   startAgain: function(): void}} given
 * @returns {{shown: function(string): void, hidden: function(): void}}
 */
export function createPanel({ talk, root, theme, close, startAgain }) {
  const place = el("main", { class: "screen" });
  const ui = { talk, root, isPhone, isFull: () => size === "full", t: (key) => key };
  let size = "panel";
  let isVisible = false;
  let isErased = false;
  let parts = null;
  let screen = { name: "", ...createLoading() };
  let settings = null;
  let fresh = "";
  let saying = createSaying(talk, { correct, problem });

  Object.assign(ui, {
    go,
    begin,
    problem,
    notice: (words) => parts.notices.show(words, null, true),
    announce: (words) => parts.announcer.say(words),
    focusScreen,
    speak: (locale) => talk.setLocale(locale).catch(problem),
    startAgain: () => (navigator.onLine ? startAgain() : problem({ text: ui.t("offline") })),
    erased,
    isVisible: () => isVisible && document.visibilityState === "visible",
    isOffline: () => talk.state.connection === "offline" || !navigator.onLine,
    hasSound: () => talk.state.sound,
    turnSound: () => talk.setSound(!talk.state.sound),
    draftOf: (thread) => saying.draftOf(thread),
    send: (thread, what) => saying.send(thread, what),
    correct: (message) => saying.again(message),
    discard(message) {
      saying.discard(message);
      screen.restore?.();
    },
    isReadingBack: () => screen.isReadingBack?.() ?? false,
    answerTo: (message) => screen.answerTo?.(message) ?? null,
    choose: (message, option) => screen.choose?.(message, option),
  });

  /** Build everything anew: for the first time, or in another language. */
  async function build(next) {
    settings = next;
    const t = await loadWords(next);
    if (settings !== next) return;
    const { locale } = next;
    Object.assign(ui, { settings: next, t, locale, times: createTimes(locale, t) });
    document.documentElement.lang = locale;
    document.title = t("panel_name", { name: next.name });
    theme.apply(next.theme);
    const header = createHeader(ui, { thread: () => screen.thread ?? null, back, close });
    const announcer = parts?.announcer ?? createAnnouncer(ui);
    parts = { header, notices: createNotices(ui), announcer };
    attribute(root, "aria-label", t("panel_name", { name: next.name }));
    root.replaceChildren(header.node, parts.notices.node, place, parts.announcer.node);
    const { name, params } = screen;
    show(name || "home", params ?? {});
    arrive();
    update();
  }

  function update() {
    const { state } = talk;
    if (state.settings && state.settings !== settings) build(state.settings);
    if (!parts) return state.phase === "loading" ? undefined : buildWithout(state);
    if (state.session) ui.isKnown = state.session.recognised;
    follow(state);
    parts.header.update(state);
    parts.notices.update(state);
    screen.update(state);
    parts.announcer.update(state, isVisible);
    return undefined;
  }

  /** Without settings there are no words of the tenant, and still something to say. */
  function buildWithout() {
    const locale = document.documentElement.lang === "en" ? "en" : "nl";
    const none = { fields: [], topics: [], languages: [], texts: {}, theme: {}, hop: {} };
    build({ ...none, locale, tone: "u", name: "Chat", consent: {}, limits: {} });
  }

  /** Let the screen follow the phase: nobody can write where nobody may. */
  function follow(state) {
    if (isErased) return;
    const kind = PHASES_WITHOUT_TALK.includes(state.phase) ? state.phase : "";
    const now = screen.name === "standing" ? screen.params.kind : "";
    if (kind && kind !== now) show("standing", { kind });
    else if (!kind && now && state.phase === "ready") show("home", {});
    else if (screen.name === "talk" && !state.agreed) show("consent", { thread: screen.thread });
  }

  function show(name, params) {
    screen.leave();
    screen = { name, params, ...SCREENS[name](ui, params) };
    place.replaceChildren(screen.node);
    place.scrollTop = 0;
    root.dataset.screen = name;
    parts.header.shows(name);
    parts.notices.turned();
    if (talk.state.settings || name === "standing") screen.update(talk.state);
    // Whoever is busy elsewhere on the page is left alone.
    if (document.hasFocus()) focusScreen();
  }

  /** Who opens the chat because of news comes to the news. */
  function arrive() {
    const unread = talk.state.threads.find((one) => one.unread);
    if (isVisible && unread && screen.name === "home") go("talk", { thread: unread.id });
  }

  function go(name, params = {}) {
    show(name, params);
  }

  /** Begin a new talk: after consent, and after what is asked before. */
  function begin({ topic = "", agreed = false }) {
    const { state } = talk;
    if (!state.agreed && !agreed) return go("consent", { topic });
    if (saying.asksFields(state)) {
      const done = (given) => {
        saying.keepFields(given);
        open(topic);
      };
      return go("form", { done });
    }
    return open(topic);
  }

  function open(topic) {
    // One that nothing was said in yet is gone on with, and its draft is still there.
    if (!fresh || talk.state.messages[fresh]?.length) fresh = talk.newThread();
    if (topic) saying.draftOf(fresh).topic = topic;
    go("talk", { thread: fresh });
  }

  function correct({ thread, done, ...more }) {
    const finish = (given) => {
      go("talk", { thread });
      done(given);
    };
    go("form", { ...more, done: finish });
  }

  function back() {
    go("home");
  }

  function problem(refused) {
    const until = refused.retryAfter ? Date.now() + refused.retryAfter * 1_000 : null;
    parts.notices.show(refused.text || ui.t("went_wrong"), until);
  }

  function erased() {
    isErased = true;
    fresh = "";
    saying = createSaying(talk, { correct, problem });
    show("standing", { kind: "erased" });
  }

  function focusScreen() {
    if (!isVisible || screen.focus()) return;
    focusHeading(screen.node, root.querySelector("#panel-name"));
  }

  function escape(event) {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    if (root.querySelector("dialog[open]")) return;
    event.preventDefault();
    close();
  }

  attribute(root, "role", "dialog");
  attribute(root, "aria-label", "Chat");
  keepInside(root, ui.isFull);
  root.addEventListener("keydown", escape);
  talk.addEventListener("change", update);
  for (const name of ["online", "offline"]) addEventListener(name, update);
  // A file that is dropped beside the conversation must not take the chat's place.
  const ignore = (event) => event.preventDefault();
  for (const name of ["dragover", "drop"]) root.addEventListener(name, ignore);
  place.append(screen.node);
  root.append(place);
  update();

  return {
    shown(given = "panel") {
      const wasVisible = isVisible;
      size = given;
      isVisible = true;
      attribute(root, "data-size", given);
      attribute(root, "aria-modal", given === "full" ? "true" : null);
      if (wasVisible || !parts) return;
      screen.returned?.();
      focusScreen();
      arrive();
      update();
    },
    hidden() {
      isVisible = false;
    },
  };
}

/** Whether this is a device that is held and touched. */
function isPhone() {
  return matchMedia("(pointer: coarse) and (hover: none)").matches;
}
