// Several tabs of one browser: one of them leads and listens for all, and two never do one thing twice.

const ANSWER_MS = 250;
const BEAT_MS = 10_000;
const SILENT_MS = 45_000;
const LOCK_MS = 10_000;

/** Speak with the other tabs that show the talk of the same name. Where a browser can't, be alone. */
export function createTabs(name, { locks = locksOf(navigator), here = document } = {}) {
  const channel = channelOf(name);
  const listeners = new Map();
  const answers = new Map();
  const asked = new Map();
  let lastBeat = Date.now();
  let question = 0;

  channel?.addEventListener("message", ({ data }) => {
    if (data.ask) return answer(data);
    if (data.to) return asked.get(data.to)?.(data.facts);
    if (data.topic === "beat") lastBeat = Date.now();
    return (listeners.get(data.topic) ?? []).forEach((listen) => listen(data.facts));
  });

  function answer({ ask: what, from }) {
    const facts = answers.get(what)?.() ?? null;
    if (facts !== null) post({ to: from, facts });
  }

  function post(message) {
    try {
      channel?.postMessage(message);
    } catch {
      // Closed, as the page is going.
    }
  }

  /** Ask the other tabs; null where none knows. */
  async function ask(what) {
    if (!channel || (await isOnly())) return null;
    question += 1;
    const from = `${question}.${Math.random()}`;
    return new Promise((resolve) => {
      const done = (facts) => {
        clearTimeout(timer);
        asked.delete(from);
        resolve(facts);
      };
      const timer = setTimeout(done, ANSWER_MS, null);
      asked.set(from, done);
      post({ ask: what, from });
    });
  }

  /** Whether no other tab leads or waits to: then nobody would answer. */
  async function isOnly() {
    const { held = [], pending = [] } = (await locks?.query().catch(() => null)) ?? {};
    const standing = [...held, ...pending].filter((lock) => lock.name === `${name}:lead`);
    return Boolean(locks) && standing.length < 2;
  }

  /** Do `work` while no other tab does its own of this kind; one that is frozen is not waited for. */
  async function alone(kind, work) {
    if (!locks) return work();
    let isBegun = false;
    const begin = () => {
      isBegun = true;
      return work();
    };
    const patience = AbortSignal.timeout?.(LOCK_MS);
    try {
      return await locks.request(`${name}:${kind}`, { signal: patience }, begin);
    } catch (error) {
      if (isBegun) throw error;
      return work();
    }
  }

  /** Lead as soon as no other tab does: `begin()` then, `end()` when another has taken over. */
  function lead(begin, end) {
    let release = null;
    let isOver = false;
    let timer = 0;

    function stand(options = {}) {
      if (!locks) return hold();
      return locks.request(`${name}:lead`, options, hold).catch((error) => {
        const wasLeading = release !== null;
        stop();
        if (wasLeading) end();
        if (isOver) return;
        // Taken over, or locks are forbidden here: then each tab is for itself.
        if (error.name === "AbortError") stand();
        else hold();
      });
    }

    function hold() {
      if (isOver || release) return undefined;
      const held = new Promise((resolve) => {
        release = resolve;
      });
      timer = setInterval(beat, BEAT_MS);
      beat();
      begin();
      return held;
    }

    function stop() {
      clearInterval(timer);
      release?.();
      release = null;
    }

    function beat() {
      lastBeat = Date.now();
      tell("beat", null);
    }

    // Phones freeze tabs with what they hold: who is looked at takes over from one that is silent.
    const look = () => {
      const isSilent = Date.now() - lastBeat > SILENT_MS;
      if (!isOver && !release && isSilent && here.visibilityState === "visible") {
        stand({ steal: true });
      }
    };
    const looking = setInterval(look, BEAT_MS);
    here.addEventListener("visibilitychange", look);
    stand();

    return {
      isLeading: () => release !== null,
      stop: () => {
        const wasLeading = release !== null;
        isOver = true;
        clearInterval(looking);
        here.removeEventListener("visibilitychange", look);
        stop();
        if (wasLeading) end();
      },
    };
  }

  function tell(topic, facts) {
    post({ topic, facts });
  }

  function hear(topic, listen) {
    listeners.set(topic, [...(listeners.get(topic) ?? []), listen]);
  }

  return {
    ask,
    alone,
    lead,
    tell,
    hear,
    answer: (what, give) => answers.set(what, give),
    close: () => channel?.close(),
  };
}

function channelOf(name) {
  try {
    return new BroadcastChannel(name);
  } catch {
    return null;
  }
}

function locksOf(browser) {
  try {
    return browser.locks ?? null;
  } catch {
    return null;
  }
}
