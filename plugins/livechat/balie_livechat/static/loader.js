// Balie's launcher. It asks for nothing and keeps nothing before it is clicked.
((settings) => {
  const script = document.currentScript ?? document.querySelector('script[src$="/loader.js"]');
  const early = window.Balie ?? {};
  if (!script || early.open) return; // included twice: the first one is there already

  const base = script.src.replace(/\/loader\.js.*/, "");
  const { origin, pathname } = new URL(base);
  const kept = `balie:${pathname}`;
  const asked = script.dataset;
  const root = document.documentElement;
  const theme = { colour: "#1f5c4d", ...settings.theme };
  const locale = (asked.locale || root.lang || navigator.language).slice(0, 2);
  const language = settings.texts?.[locale] ? locale : (settings.locale ?? "nl");
  const words = {
    ...(language === "nl"
      ? { open: "Chat openen", close: "Chat sluiten", unread: "ongelezen", failed: "De chat laadt niet." }
      : { open: "Open chat", close: "Close chat", unread: "unread", failed: "The chat does not load." }),
  };
  for (const [name, said] of Object.entries(settings.texts?.[language] ?? {})) {
    words[name.replace("launcher_", "")] = said;
  }
  const label = words.launcher ?? theme.launcher ?? "";

  const listeners = new Map();
  const phone = matchMedia("(max-width: 480px), (max-height: 480px)");
  let identity = asked.identity;
  let hop;
  let frame;
  let isReady;
  let isOpen;
  let opener;
  let unread = 0;
  let isEnding;

  // What is drawn: a shadow root that no style of the site reaches, beside <body>, where no
  // framework that redraws the body throws it away.
  const host = make("div", { id: "balie", lang: language });
  const shadow = host.attachShadow({ mode: "open" });
  const badge = make("span", { className: "badge", hidden: true });
  const text = make("span", { className: "text", textContent: label, hidden: !label });
  const news = make("span", { className: "news", role: "status" });
  const button = make("button", { className: "launcher", type: "button" }, icon(), text, badge);
  const panel = make("div", { className: "panel", id: "panel", hidden: true });
  button.dataset.test = "launcher";
  badge.dataset.test = "unread";
  panel.dataset.test = "frame";
  host.dataset.position = asked.position ?? theme.position ?? "right";
  host.dataset.mode = asked.mode ?? theme.mode ?? "auto";
  button.ariaHasPopup = "dialog";
  button.setAttribute("aria-controls", "panel");
  button.hidden = "hidden" in asked;
  button.onclick = () => (isOpen ? close() : open());
  paint("", theme.colour);
  paint("-dark", theme.colour_dark ?? theme.colour);
  dress();
  shadow.append(panel, button, news);
  name();

  function make(tag, facts, ...inside) {
    const made = Object.assign(document.createElement(tag), facts);
    made.append(...inside);
    return made;
  }

  function icon() {
    const drawn = (tag, facts) => {
      const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
      Object.entries(facts).forEach(([name, value]) => made.setAttribute(name, value));
      return made;
    };
    const svg = drawn("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" });
    svg.append(
      drawn("path", { class: "talk", d: "M12 3C6.5 3 2 6.8 2 11.5c0 2.4 1.2 4.6 3.1 6.1L4.5 21.5l4.3-2.1c1 .3 2.1.4 3.2.4 5.5 0 10-3.7 10-8.3S17.5 3 12 3z" }),
      drawn("path", { class: "cross", d: "M6 6l12 12M18 6L6 18" }),
    );
    return svg;
  }

  function paint(which, colour) {
    const [r, g, b] = [1, 3, 5].map((at) => (parseInt(colour.slice(at, at + 2), 16) / 255) ** 2.2);
    const light = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    host.style.setProperty(`--colour${which}`, colour);
    host.style.setProperty(`--ink${which}`, light > 0.18 ? "#000" : "#fff");
  }

  function dress() {
    const css = `
:host { all: initial; --c: var(--colour); --i: var(--ink) }
:host([data-mode=dark]) { --c: var(--colour-dark); --i: var(--ink-dark) }
@media (prefers-color-scheme: dark) {
  :host([data-mode=auto]) { --c: var(--colour-dark); --i: var(--ink-dark) }
}
[hidden] { display: none !important }
.launcher, .panel { position: fixed; z-index: 2147483647; right: max(20px, env(safe-area-inset-right)) }
:host([data-position=left]) :is(.launcher, .panel) { right: auto; left: max(20px, env(safe-area-inset-left)) }
.launcher { bottom: max(20px, env(safe-area-inset-bottom)); display: flex; gap: 8px; align-items: center;
  min-width: 56px; min-height: 56px; padding: 0 16px; border: 0; border-radius: 28px; cursor: pointer;
  background: var(--c); color: var(--i); font: 600 16px/1.2 system-ui, sans-serif;
  box-shadow: 0 4px 16px #0004; transition: transform .15s }
.launcher:hover { transform: scale(1.04) }
.launcher:focus-visible { outline: 3px solid var(--i); box-shadow: 0 0 0 6px var(--c) }
svg { width: 24px; height: 24px; fill: currentColor }
.cross { display: none; stroke: currentColor; stroke-width: 2.5; stroke-linecap: round }
[aria-expanded=true] .cross { display: inline }
[aria-expanded=true] :is(.talk, .text) { display: none }
.badge { position: absolute; top: -4px; inset-inline-end: -4px; min-width: 22px; padding: 0 6px; box-sizing: border-box;
  border-radius: 11px; background: #b3261e; color: #fff; font-size: 13px; line-height: 22px; text-align: center }
.news { position: fixed; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
.panel { bottom: calc(max(20px, env(safe-area-inset-bottom)) + 72px); width: 400px; max-width: calc(100vw - 40px);
  height: min(640px, calc(100dvh - 112px)); border-radius: 16px; overflow: hidden; background: Canvas;
  color: CanvasText; box-shadow: 0 8px 40px #0005; font: 16px/1.5 system-ui, sans-serif }
.panel.full { inset: 0; width: 100%; max-width: none; height: 100dvh; border-radius: 0 }
iframe { width: 100%; height: 100%; border: 0; display: block; color-scheme: normal }
p { padding: 0 20px }
@media (prefers-reduced-motion: reduce) { .launcher { transition: none } }
@media (forced-colors: active) { .launcher { border: 2px solid } }`;
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      shadow.adoptedStyleSheets = [sheet];
    } catch {
      shadow.append(make("style", { textContent: css }));
    }
  }

  function name() {
    const count = unread ? `, ${unread} ${words.unread}` : "";
    button.ariaExpanded = String(Boolean(isOpen));
    button.ariaLabel = (isOpen ? words.close : label || words.open) + count;
    badge.textContent = unread;
    badge.hidden = !unread || isOpen;
    button.hidden = isOpen ? phone.matches || "hidden" in asked : "hidden" in asked;
  }

  function tell(what, more) {
    if (isReady) frame.contentWindow.postMessage({ balie: 1, do: what, ...more }, origin);
  }

  function load() {
    if (frame) return;
    frame = make("iframe", { title: settings.name ? `Chat – ${settings.name}` : "Chat" });
    frame.allow = "clipboard-write";
    frame.referrerPolicy = "origin";
    frame.src = `${base}/app`;
    panel.append(frame);
    setTimeout(() => {
      if (!isReady) panel.append(make("p", { textContent: words.failed }));
    }, 15e3);
  }

  function open() {
    if (isOpen) return;
    load();
    isOpen = true;
    opener = document.activeElement;
    panel.hidden = false;
    fit();
    name();
    frame.focus();
    tell("shown", size());
    emit("open");
  }

  function close() {
    if (!isOpen) return;
    isOpen = false;
    const hadFocus = document.activeElement === host;
    panel.hidden = true;
    fit();
    name();
    if (hadFocus) (opener?.isConnected && opener !== document.body ? opener : button).focus();
    if (hadFocus && button.hidden === false && document.activeElement === document.body) button.focus();
    tell("hidden");
    emit("close");
  }

  const size = () => ({ size: phone.matches ? "full" : "panel" });

  // On phones it covers the page: that does not scroll then, and nothing behind can be reached.
  let locked = false;
  let before = "";
  function fit() {
    const full = Boolean(isOpen) && phone.matches;
    panel.classList.toggle("full", full);
    const { height, offsetTop } = window.visualViewport ?? {};
    panel.style.height = full && height ? `${height}px` : "";
    panel.style.top = full && offsetTop ? `${offsetTop}px` : "";
    if (full === locked) return;
    locked = full;
    if (full) before = root.style.overflow;
    root.style.overflow = full ? "hidden" : before;
    if (document.body) document.body.inert = full;
  }

  function count(found) {
    const more = found > unread && !isOpen;
    unread = found;
    name();
    if (more) news.textContent = button.ariaLabel;
    title();
    emit("unread", found);
  }

  function title() {
    const plain = document.title.replace(/^\(\d+\) /, "");
    const wanted = unread ? `(${unread}) ${plain}` : plain;
    if (document.title !== wanted) document.title = wanted;
  }

  function emit(name, detail) {
    (listeners.get(name) ?? []).forEach((listen) => listen(detail));
  }

  function keep(isKept) {
    try {
      if (isKept) localStorage.setItem(kept, "1");
      else localStorage.removeItem(kept);
    } catch {
      // Storage is blocked: then the talk is found again at the next click.
    }
  }

  function wasKept() {
    try {
      return localStorage.getItem(kept);
    } catch {
      return null;
    }
  }

  // Only our own frame is heard, and only as long as it shows Balie.
  const hears = {
    ready() {
      isReady = true;
      panel.querySelector("p")?.remove();
      tell("start", { locale: language, identity, hop });
      tell("colour-scheme", { mode: host.dataset.mode });
      if (isOpen) tell("shown", size());
      if (isEnding) tell("shutdown");
    },
    close,
    unread: ({ count: found }) => count(Number(found) || 0),
    message: ({ author, text: said }) => emit("message", { author, text: said }),
    kept: ({ kept: isKept }) => keep(isKept),
    launcher: ({ state }) => (host.dataset.state = state),
    identity: () => emit("identity"),
    signed_out: () => isEnding && end(),
  };
  addEventListener("message", ({ data, origin: from, source }) => {
    if (!frame || source !== frame.contentWindow || from !== origin || data?.balie !== 1) return;
    if (Object.hasOwn(hears, data.say)) hears[data.say](data);
  });
  shadow.addEventListener("keydown", ({ key }) => key === "Escape" && close());
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-balie-open]")) open();
  });
  phone.addEventListener("change", () => {
    fit();
    name();
    if (isOpen) tell("shown", size());
  });
  window.visualViewport?.addEventListener("resize", fit);
  window.visualViewport?.addEventListener("scroll", fit);
  addEventListener("hashchange", takeHop);

  // A code in the address goes to the app; it does not stay in the address or the history.
  function takeHop() {
    const [, found] = /[#&]balie-hop=([^&]*)/.exec(location.hash) ?? [];
    if (!found) return;
    hop = decodeURIComponent(found.replaceAll("+", " "));
    history.replaceState(history.state, "", location.pathname + location.search);
    tell("hop", { hop });
    open();
  }

  function shutdown() {
    keep(false);
    isEnding = true;
    close();
    load();
    tell("shutdown");
    setTimeout(end, 5e3);
  }

  function end() {
    watch.disconnect();
    count(0);
    host.remove();
    delete window.Balie;
  }

  const api = {
    open,
    close,
    shutdown,
    identify(jwt) {
      identity = jwt;
      tell("identify", { identity });
    },
    on(name, listen) {
      listeners.set(name, [...(listeners.get(name) ?? []), listen]);
      return () => listeners.set(name, listeners.get(name).filter((one) => one !== listen));
    },
  };
  window.Balie = api;

  const mount = () => {
    if (!host.isConnected) root.append(host);
    if (unread) title();
  };
  const watch = new MutationObserver(mount);
  const begin = () => {
    mount();
    watch.observe(root, { childList: true });
    watch.observe(document.head, { childList: true, subtree: true });
    (early.q ?? []).forEach(([what, ...more]) => api[what]?.(...more));
    takeHop();
    if (wasKept()) (window.requestIdleCallback ?? setTimeout)(load);
  };
  if (document.body) begin();
  else addEventListener("DOMContentLoaded", begin);
})(/*settings*/{});
