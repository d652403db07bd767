// Balie's launcher; see docs/livechat.md.
((settings) => {
  const script = document.currentScript ?? document.querySelector('script[src$="/loader.js"]');
  const early = window.Balie ?? {};
  if (early.open) return; // included twice

  const base = script.src.replace(/\/loader\.js.*/, "");
  const { origin, pathname } = new URL(base);
  const kept = `balie:${pathname}`;
  const asked = script.dataset;
  const root = document.documentElement;
  const theme = { colour: "#2456d6", ...settings.theme };
  const texts = settings.texts ?? {};
  const chosen = `${kept}:locale`;
  const phone = matchMedia("(max-width: 480px), (max-height: 480px)");
  const listeners = {};
  let state = settings.availability;
  let { identity } = asked;
  let unread = 0;
  let locale, words, hop, frame, isReady, isOpen, isEnding, opener, isLocked, overflow;

  // Beside <body>, which frameworks redraw.
  const host = make("div", { id: "balie" });
  speak(keep("get", chosen) || asked.locale || root.lang || navigator.language);
  const shadow = host.attachShadow({ mode: "open" });
  const badge = make("span", { className: "badge" });
  const text = make("span", { className: "text" });
  const news = make("span", { className: "news", role: "status" });
  const button = make("button", { className: "launcher", type: "button", ariaHasPopup: "dialog" });
  const panel = make("div", { className: "panel", id: "panel", hidden: true });
  button.setAttribute("aria-controls", "panel");
  button.append(icon(), text, badge);
  button.onclick = () => (isOpen ? close : open)();
  button.dataset.test = "launcher";
  badge.dataset.test = "unread";
  panel.dataset.test = "frame";
  host.dataset.position = asked.position ?? theme.position ?? "right";
  host.dataset.mode = asked.mode ?? theme.mode ?? "auto";
  paint("", theme.colour);
  paint("-dark", theme.colour_dark ?? theme.colour);
  dress();
  shadow.append(panel, button, news);
  show();

  function speak(wanted) {
    const short = wanted.slice(0, 2);
    host.lang = locale = texts[short] ? short : (settings.locale ?? "nl");
    words = {
      ...(locale === "nl"
        ? { open: "Chat openen", question: "Stel een vraag", close: "Chat sluiten", opens: "open", unread: "ongelezen", failed: "De chat laadt niet" }
        : { open: "Open chat", question: "Ask a question", close: "Close chat", opens: "opens", unread: "unread", failed: "Chat does not load" }),
      ...texts[locale],
    };
  }

  function make(tag, facts) {
    return Object.assign(document.createElement(tag), facts);
  }

  function icon() {
    const drawn = (tag, name, value) => {
      const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
      made.setAttribute(name, value);
      return made;
    };
    const svg = drawn("svg", "viewBox", "0 0 24 24");
    const paths = ["M3 4h18v13H10l-5 4v-4H3z", "M6 6l12 12M18 6L6 18"];
    svg.append(...paths.map((path) => drawn("path", "d", path)));
    svg.setAttribute("aria-hidden", "true");
    return svg;
  }

  function paint(which, colour) {
    const [r, g, b] = [1, 3, 5].map((at) => (parseInt(colour.slice(at, at + 2), 16) / 255) ** 2.2);
    host.style.setProperty(`--colour${which}`, colour);
    host.style.setProperty(`--ink${which}`, 0.21 * r + 0.72 * g + 0.07 * b > 0.18 ? "#000" : "#fff");
  }

  function dress() {
    const css = `
:host { all: initial; --c: var(--colour); --i: var(--ink) }
:host([data-mode=dark]) { --c: var(--colour-dark); --i: var(--ink-dark) }
@media (prefers-color-scheme: dark) { :host([data-mode=auto]) { --c: var(--colour-dark); --i: var(--ink-dark) } }
[hidden] { display: none !important }
.launcher, .panel { position: fixed; z-index: 2147483647; right: max(20px, env(safe-area-inset-right));
  bottom: max(20px, env(safe-area-inset-bottom)); font: 600 16px/1.2 system-ui, sans-serif; box-shadow: 0 4px 24px #0005 }
:host([data-position=left]) :is(.launcher, .panel) { right: auto; left: max(20px, env(safe-area-inset-left)) }
.launcher { display: flex; gap: 8px; align-items: center; min-width: 56px; max-width: calc(100vw - 40px); height: 56px; padding: 0 14px;
  border: 2px solid #0000; border-radius: 28px; cursor: pointer; background: var(--c); color: var(--i) }
.launcher:hover { filter: brightness(1.1) }
.launcher:focus-visible { outline: 3px solid var(--i); box-shadow: 0 0 0 6px var(--c) }
.text { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; text-align: start }
svg { flex: none; width: 24px; fill: currentColor; stroke: currentColor; stroke-width: 2; stroke-linejoin: round }
path + path, [aria-expanded=true] path, [aria-expanded=true] .text { display: none }
[aria-expanded=true] path + path { display: inline }
.badge { position: absolute; top: -4px; inset-inline-end: -4px; min-width: 10px; padding: 0 6px; border-radius: 11px;
  background: #b3261e; color: #fff; font-size: 13px; line-height: 22px }
.news { position: fixed; clip-path: inset(50%) }
.panel { outline: 1px solid #0000; margin-bottom: 72px; width: 400px; max-width: calc(100vw - 40px); height: min(640px, calc(100dvh - 112px));
  border-radius: 16px; overflow: hidden; background: Canvas; color: CanvasText }
.full { inset: 0 !important; margin: 0; width: 100%; max-width: none; height: 100dvh; border-radius: 0 }
iframe { width: 100%; height: 100%; border: 0; display: block }
p { padding: 20px }
@media print { :host { display: none } }`;
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      shadow.adoptedStyleSheets = [sheet];
    } catch {
      shadow.append(make("style", { textContent: css }));
    }
  }

  function show() {
    const label = asked.launcher ?? words[`launcher_${state}`] ?? words.launcher ?? theme.launcher ?? "";
    const usual = !state || state === "open" ? words.open : words.question;
    const count = unread ? `, ${unread} ${words.unread}` : "";
    // Words that the tenant has for this are enough.
    text.textContent = state !== "closed" || label === words.launcher_closed ? label : (label || usual) + opens();
    text.hidden = !text.textContent;
    text.style.maxWidth = state === "closed" ? "13em" : "";
    badge.textContent = unread || "";
    badge.hidden = !unread || isOpen;
    button.ariaExpanded = String(!!isOpen);
    button.ariaLabel = (isOpen ? words.close : (label || usual) + opens()) + count;
    button.title = isOpen || !opens() ? "" : button.ariaLabel;
    button.hidden = "hidden" in asked || (isOpen && phone.matches);
  }

  function opens() {
    const at = new Date(settings.opens_at ?? 0);
    if (state !== "closed" || at < Date.now()) return "";
    const parts = { weekday: "long", hour: "numeric", minute: "2-digit" };
    return `, ${words.opens} ${at.toLocaleString(locale, parts)}`;
  }

  function tell(what, more) {
    if (isReady) frame.contentWindow.postMessage({ balie: 1, do: what, ...more }, origin);
  }

  function load() {
    if (frame) return;
    frame = make("iframe", { title: `Chat ${settings.name ?? ""}`, allow: "clipboard-write" });
    frame.referrerPolicy = "origin";
    frame.src = `${base}/app`;
    panel.append(frame);
    const mine = frame;
    setTimeout(() => frame === mine && !isReady && panel.prepend(make("p", { textContent: words.failed })), 15e3);
  }

  function open() {
    if (!document.body) return addEventListener("DOMContentLoaded", open);
    if (isEnding) setTimeout(open, 99);
    if (isOpen || isEnding) return;
    load();
    isOpen = true;
    opener = document.activeElement;
    panel.hidden = false;
    fit();
    frame.focus();
    emit("open");
  }

  function close() {
    if (!isOpen) return;
    const hadFocus = document.activeElement === host;
    isOpen = false;
    panel.hidden = true;
    fit();
    if (hadFocus) ([host, document.body].includes(opener) ? button : opener).focus();
    emit("close");
  }

  function fit() {
    const isFull = !!isOpen && phone.matches;
    const { height, offsetTop } = window.visualViewport ?? {};
    show();
    panel.classList.toggle("full", isFull);
    panel.style.height = isFull && height ? `${height}px` : "";
    panel.style.marginTop = isFull && offsetTop ? `${offsetTop}px` : "";
    tell(isOpen ? "shown" : "hidden", { size: isFull ? "full" : "panel" });
    if (isFull === !!isLocked) return;
    isLocked = isFull;
    if (isFull) overflow = root.style.overflow;
    root.style.overflow = isFull ? "hidden" : overflow;
    document.body.inert = isFull;
  }

  function title() {
    const plain = document.title.replace(/^\(\d+\) /, "");
    const told = unread ? `(${unread}) ${plain}` : plain;
    if (document.title !== told) document.title = told;
  }

  function emit(name, detail) {
    listeners[name]?.forEach((listen) => listen(detail));
  }

  function keep(what, name = kept, value = "1") {
    try {
      return localStorage[`${what}Item`](name, value);
    } catch {
      return null;
    }
  }

  function forget() {
    [kept, chosen].forEach((name) => keep("remove", name));
  }

  function takeHop() {
    const [, found] = /#balie-hop=(.*)/.exec(location.hash) ?? [];
    if (!found) return;
    hop = found;
    tell("hop", { hop });
    history.replaceState(history.state, "", location.pathname + location.search);
    open();
  }

  // Nobody is known any more; the next click begins anew.
  function end() {
    panel.replaceChildren();
    frame = isReady = isEnding = 0;
    hears.unread({ count: 0 });
  }

  // Nobody has to click to see that it opened or closed. Once there is a frame, that tells.
  function look() {
    const [at, next] = state === "closed" ? ["opens_at", "open"] : ["closes_at", "closed"];
    if (frame || !settings[at] || new Date(settings[at]) > Date.now()) return;
    settings[at] = "";
    state = next;
    show();
  }

  const hears = {
    ready() {
      isReady = true;
      panel.querySelector("p")?.remove();
      tell("start", { locale, ...(!isEnding && { identity, hop }) });
      if (!isEnding) hop = "";
      tell("colour-scheme", { mode: host.dataset.mode });
      if (isOpen) fit();
      if (isEnding) tell("shutdown");
    },
    close,
    unread({ count }) {
      const isMore = count > unread;
      unread = count;
      show();
      if (isMore && !isOpen) news.textContent = button.ariaLabel;
      title();
      emit("unread", count);
    },
    message: ({ author, text: said }) => emit("message", { author, text: said }),
    kept: ({ kept: is }) => (is ? keep("set") : forget()),
    locale({ locale: now, kept: is }) {
      speak(now);
      show();
      if (is) keep("set", chosen, now);
    },
    launcher({ state: now }) {
      state = now;
      show();
    },
    identity: () => emit("identity"),
    signed_out: () => isEnding && end(),
  };
  // Only our own frame is heard.
  addEventListener("message", ({ data, origin: from, source }) => {
    if (!frame || source !== frame.contentWindow || from !== origin || data?.balie !== 1) return;
    if (Object.hasOwn(hears, data.say)) hears[data.say](data);
  });
  addEventListener("hashchange", takeHop);
  shadow.addEventListener("keydown", ({ key }) => key === "Escape" && close());
  document.addEventListener("click", ({ target }) => target.closest?.("[data-balie-open]") && open());
  const follow = () => isOpen && fit();
  phone.addEventListener("change", follow);
  window.visualViewport?.addEventListener("resize", follow);
  window.visualViewport?.addEventListener("scroll", follow);

  const api = {
    open,
    close,
    identify(jwt) {
      identity = jwt;
      if (!isEnding) tell("identify", { identity });
    },
    on(name, listen) {
      listeners[name] = [...(listeners[name] ?? []), listen];
      return () => (listeners[name] = listeners[name].filter((one) => one !== listen));
    },
    shutdown() {
      isEnding = frame || keep("get");
      identity = "";
      forget();
      close();
      if (!isEnding) return;
      load();
      tell("shutdown");
      const mine = frame;
      setTimeout(() => frame === mine && end(), 5e3);
    },
    q: { push: ([what, ...more]) => api[what](...more) },
  };
  window.Balie = api;

  const watch = new MutationObserver(mount);
  function mount() {
    if (!host.isConnected) root.append(host);
    if (unread) title();
  }
  function begin() {
    mount();
    watch.observe(root, { childList: true });
    watch.observe(document.head, { childList: true, subtree: true });
    setInterval(look, 3e4);
    early.q?.forEach(api.q.push);
    takeHop();
    if (keep("get")) (window.requestIdleCallback ?? setTimeout)(load);
  }
  if (document.body) begin();
  else addEventListener("DOMContentLoaded", begin);
})(/*settings*/{});
