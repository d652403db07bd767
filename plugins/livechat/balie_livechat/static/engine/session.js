// Who the visitor is to the server. The token lives here, in memory, and goes out in a header only;
// what is kept for the next time is `resume`, which is good once (landscape A13).

import { ApiError } from "./api.js";
import { newId } from "./ids.js";

const RENEW_AT = 1 / 3;

/**
 * `told(session)` hears of each new session, `ended()` that the server ended it for good,
 * `refused(error)` that it does not believe (any more) who this is said to be.
 * `tabs` is asked for a session of another tab first, so that one browser is one visitor.
 */
export function createSession({ api, keep, tabs, page, consent, told, ended, refused }) {
  let held = null;
  let identity = null;
  let beginning = null;
  let isChanging = false;

  /** Return a token that is good for a while. */
  async function token() {
    if (held && api.now() < held.renewAt) return held.token;
    beginning ??= (held && api.now() < held.endsAt ? renew() : begin()).finally(() => {
      beginning = null;
    });
    await beginning;
    if (!held) throw new ApiError({ status: 401, code: "signed_out" });
    return held.token;
  }

  /** Ask with the session's token; with a new one where the old is not good any more. */
  async function ask(method, path, options = {}) {
    return withToken((good) => api.ask(method, path, { ...options, token: good }));
  }

  async function withToken(work) {
    const used = await token();
    try {
      return await work(used);
    } catch (error) {
      // A request of the session before, while another begins, says nothing of that one.
      if (error.code === "signed_out" && held?.token === used && !isChanging) signOutHere();
      if (error.code !== "token") throw error;
      if (held?.token === used) held = null;
      return work(await token());
    }
  }

  async function renew() {
    try {
      adopt(await api.ask("POST", "session/renew", { token: held.token }));
    } catch (error) {
      if (error.code === "signed_out") signOutHere();
      else if (error.code === "token" || error.code === "consent") await begin();
      // Else the old one is good until it ends; the next request tries again.
      else if (api.now() >= held.endsAt) throw error;
    }
  }

  function begin() {
    return tabs.alone("session", async () => {
      const shared = held ? null : await tabs.ask("session");
      if (shared && shared.endsAt > api.now()) return take(shared);
      return startAnew();
    });
  }

  async function startAnew() {
    const resume = keep.get("resume");
    const body = { page, ...consent() };
    if (identity) body.identity = identity;
    if (resume) body.resume = resume;
    else body.seed = seed();
    try {
      adopt(await api.ask("POST", "session", { body }));
    } catch (error) {
      if (error.code === "identity") refused(error);
      if (!resume || !["token", "signed_out"].includes(error.code)) throw error;
      keep.remove("resume");
      if (identity) return startAnew();
      // Too old, or ended elsewhere: what it opened is gone, and whoever this is begins anew.
      signOutHere();
      throw new ApiError({ status: 401, code: "signed_out", text: error.text });
    }
    return undefined;
  }

  /**
   * Until the first message is answered, this makes a reloaded page the same visitor, so that the
   * message it sends again is the same message.
   */
  function seed() {
    const made = keep.get("seed") ?? newId();
    keep.set("seed", made);
    return made;
  }

  /** Use what the server gave: a token, and what to come back with. */
  function adopt(facts) {
    const now = api.now();
    const life = facts.expires_in * 1_000;
    const who = { recognised: facts.recognised ?? held?.recognised ?? false };
    held = {
      ...who,
      name: facts.name ?? held?.name ?? "",
      token: facts.token,
      renewAt: now + life * (1 - RENEW_AT),
      endsAt: now + life,
      threads: facts.threads ?? [],
    };
    if (who.recognised) keep.remove("resume");
    else if (facts.resume) keep.set("resume", facts.resume);
    if (who.recognised || facts.resume) keep.remove("seed");
    tabs.tell("session", held);
    told(held);
  }

  /** Use another tab's session. */
  function take(shared) {
    held = shared;
    told(held);
  }

  async function identify(jwt) {
    const before = identity;
    identity = jwt;
    isChanging = true;
    try {
      adopt(await ask("POST", "session/identify", { body: { identity: jwt } }));
    } catch (error) {
      identity = before;
      throw error;
    } finally {
      isChanging = false;
    }
  }

  /** End the session at the server; here it has ended even where that cannot be told. */
  async function end(method, path) {
    const used = await token().catch(() => null);
    if (used) await api.ask(method, path, { token: used, keepalive: true });
    drop();
  }

  function signOutHere() {
    drop();
    ended();
  }

  function drop() {
    held = null;
    identity = null;
    keep.remove("resume");
  }

  tabs.answer("session", () => (held && api.now() < held.renewAt ? held : null));
  tabs.hear("session", (shared) => {
    // A tab of before the visitor signed in stays as it is until the server ends it.
    const isSame = shared.recognised === Boolean(identity);
    if (isSame && (!held || shared.endsAt > held.endsAt)) take(shared);
  });

  return {
    token,
    withToken,
    ask,
    adopt,
    take,
    identify,
    end,
    drop,
    /** Who this is, by a signed identity, before a session was asked for. */
    introduce: (jwt) => {
      identity = jwt;
    },
    held: () => held,
  };
}
