// Ties the talk to the page around it. The view begins here: `const { bridge, talk } = await start()`.

import { createBridge } from "./bridge.js";
import { createTalk } from "./talk.js";

/** Say "ready", wait for the page's "start", and make the talk of this connection. */
export async function start(here = window) {
  const bridge = createBridge({ here });
  const base = new URL(".", here.location.href).href.replace(/\/$/, "");
  bridge.ready();
  const { page, locale, identity, hop } = await bridge.started;
  const talk = createTalk({ base, page, locale, identity, hop });

  bridge.on("shown", talk.open);
  bridge.on("hidden", talk.hide);
  bridge.on("identify", ({ identity: jwt }) => talk.identify(String(jwt)).catch(bridge.identityNeeded));
  bridge.on("hop", ({ hop: words }) => talk.bring(words));
  bridge.on("shutdown", () => talk.signOut().finally(bridge.signedOut));
  bridge.on("preview", ({ settings }) => talk.preview(settings));

  let told = {};
  talk.addEventListener("change", () => {
    const { unread, availability } = talk.state;
    if (unread !== told.unread) bridge.unread(unread);
    if (availability?.state !== told.launcher) bridge.launcher(availability?.state);
    told = { unread, launcher: availability?.state };
  });
  talk.addEventListener("spoken", () => bridge.kept(true));
  talk.addEventListener("signed_out", () => bridge.kept(false));
  talk.addEventListener("locale", ({ detail }) => bridge.locale(detail.locale, detail.kept));
  talk.addEventListener("identity", bridge.identityNeeded);
  talk.addEventListener("news", ({ detail }) => {
    detail.messages.forEach((one) => bridge.message(one.author, wordsOf(one)));
  });
  return { bridge, talk };
}

function wordsOf(message) {
  return message.parts.map((part) => part.text).join(" ");
}
