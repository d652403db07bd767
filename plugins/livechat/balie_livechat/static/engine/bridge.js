// Between the page that shows the widget and this frame. What is not from that page is not heard.

/**
 * Talk with the loader. The first "start" of the page around us says which site it is; from then on
 * only this site is heard, and only this site is told anything (landscape A15).
 */
export function createBridge({ here = window } = {}) {
  const heard = new EventTarget();
  let site = null;
  let begin;
  const started = new Promise((resolve) => {
    begin = resolve;
  });

  // Opened as a page of its own, there is no site around it but Balie's.
  if (here.parent === here) standAlone();

  function standAlone() {
    begin({ page: here.location.origin });
    started.then(() => setTimeout(hear, 0, "shown", { size: "full" }));
  }

  function hear(name, said) {
    heard.dispatchEvent(new CustomEvent(name, { detail: said }));
  }

  here.addEventListener("message", (event) => {
    const said = event.data;
    if (event.source !== here.parent || here.parent === here) return;
    if (said?.balie !== 1 || typeof said.do !== "string") return;
    if (site !== null && event.origin !== site) return;
    if (site === null && (said.do !== "start" || !mayAsk(here, event.origin))) return;
    site = event.origin;
    if (said.do === "start") begin({ ...said, page: site });
    // A theme to try out is taken from Balie's own preview page only.
    if (said.do === "preview" && site !== here.location.origin) return;
    hear(said.do, said);
  });

  function say(what, more = {}) {
    // Before "start" nobody is known: whoever it is, is told "ready" and nothing else.
    if (site === null && what !== "ready") return;
    const to = site === null || site === "null" ? "*" : site;
    if (here.parent !== here) here.parent.postMessage({ balie: 1, say: what, ...more }, to);
  }

  return {
    /** Resolves with what the page says of itself: {page, locale, identity, hop, …}. */
    started,
    /** Hear "shown", "hidden", "identify", "hop", "shutdown", "colour-scheme" or "preview". */
    on: (name, listen) => heard.addEventListener(name, (event) => listen(event.detail)),
    ready: () => say("ready"),
    close: () => say("close"),
    unread: (count) => say("unread", { count }),
    message: (author, text) => say("message", { author, text }),
    kept: (kept) => say("kept", { kept }),
    locale: (locale, kept) => say("locale", { locale, kept }),
    launcher: (state) => say("launcher", { state }),
    signedOut: () => say("signed_out"),
    identityNeeded: () => say("identity"),
  };
}

function mayAsk(here, origin) {
  const above = here.location.ancestorOrigins?.[0];
  // Some browsers don't tell; a file is "file://" here, and "null" where it speaks.
  return above === undefined || above === origin || (origin === "null" && !/^http/.test(above));
}
