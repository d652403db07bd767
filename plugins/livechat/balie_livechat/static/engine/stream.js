// News from the server: a stream read by fetch, whose header holds the token and the last id; where
// that is too much for the server, asked for now and then.

const HEARTBEAT_S = 25;
const LONGEST_WAIT_MS = 30_000;
const QUIET_MS = 2_000;

/**
 * Listen with `ask` (a request with the session's token). `events` hears message(facts, cursor),
 * typing(facts), threads(all) and signedOut(); `state` hears "live", "polling", "reconnecting", "offline".
 */
export function createStream({ ask, cursor, events, state, life, here = window }) {
  let control = null;
  let tries = 0;
  let wake = () => {};
  let renew = () => {};
  let wasOffline = false;

  async function run(signal) {
    while (!signal.aborted) {
      const wait = await listen(signal)
        .catch((error) => waitAfter(error, signal))
        .catch((error) => backOff(error)); // polling failed, too
      if (signal.aborted || wait === null) return;
      if (wait > QUIET_MS || tries > 1) state(here.navigator.onLine ? "reconnecting" : "offline");
      await pause(wait, signal);
    }
  }

  /** Read one stream to its end; return after how many milliseconds to open the next. */
  async function listen(signal) {
    const cut = new AbortController();
    const stop = () => cut.abort();
    let isRenewed = false;
    renew = () => {
      isRenewed = true;
      stop();
    };
    signal.addEventListener("abort", stop);
    const dog = watchdog(stop);
    try {
      const headers = cursor.get() ? { "Last-Event-ID": cursor.get() } : {};
      const response = await ask("GET", "stream", { headers, raw: true, signal: cut.signal });
      let why = "";
      let beat = HEARTBEAT_S;
      for await (const event of eventsOf(response.body.getReader(), () => dog.feed(beat))) {
        if (event.name === "hello") beat = hello(event);
        else if (event.name === "end") why = event.data.why;
        else hear(event);
      }
      return ended(why);
    } catch (error) {
      if (isRenewed) return 0;
      throw error;
    } finally {
      renew = () => {};
      dog.stop();
      signal.removeEventListener("abort", stop);
      cut.abort();
    }
  }

  function hello(event) {
    tries = 0;
    state("live");
    events.threads(event.data.threads);
    return event.data.heartbeat ?? HEARTBEAT_S;
  }

  function hear(event) {
    if (event.name === "message") {
      if (event.id !== null) cursor.set(event.id);
      events.message(event.data);
    }
    if (event.name === "threads") events.threads(event.data.threads);
    if (event.name === "typing") events.typing(event.data);
  }

  function ended(why) {
    if (why === "signed_out") {
      events.signedOut();
      return null;
    }
    // A server that stops sends all away at once; they don't come back at once.
    return why === "renew" ? Math.random() * 500 : Math.random() * 5_000;
  }

  async function waitAfter(error, signal) {
    if (signal.aborted || error.code === "signed_out") return null;
    if (error.code === "streams_full") return poll(error, signal);
    if (error.status === 403) return null; // as it is, it will stay refused
    return backOff(error);
  }

  function backOff(error) {
    tries += 1;
    const most = Math.min(LONGEST_WAIT_MS, 1_000 * 2 ** (tries - 1));
    return Math.max(error.retryAfter * 1_000 || 0, most * (0.5 + Math.random() / 2));
  }

  /** Ask now and then for some minutes; then a stream may be had again. */
  async function poll(refusal, signal) {
    const until = Date.now() + 1_000 * (refusal.retryAfter || 300) * (0.8 + Math.random() * 0.4);
    tries = 0;
    while (!signal.aborted && Date.now() < until) {
      const found = await look();
      state("polling");
      if (found.more) continue;
      const next = 1_000 * (found.next_in || refusal.pollSeconds || 10);
      await pause(Math.min(next, Math.max(0, until - Date.now())), signal);
    }
    return 0;
  }

  async function look() {
    const headers = cursor.get() ? { "Last-Event-ID": cursor.get() } : {};
    const found = await ask("GET", "poll", { headers });
    events.threads(found.threads);
    found.messages.forEach((message) => events.message(message));
    cursor.set(found.cursor);
    return found;
  }

  function pause(ms, signal) {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        resolve();
      };
      // Without a network no timer brings it back: "online" does.
      const timer = setTimeout(done, here.navigator.onLine ? ms : Math.max(ms, LONGEST_WAIT_MS));
      signal.addEventListener("abort", done);
      wake = done;
    });
  }

  function start() {
    if (control) return;
    control = new AbortController();
    tries = 0;
    run(control.signal);
  }

  function stop() {
    control?.abort();
    control = null;
  }

  const away = () => {
    wasOffline = true;
    if (control) state("offline");
  };
  const back = () => {
    tries = 0;
    wake();
    // A stream that outlived it, or only seems to, is opened anew: its "hello" is what says "live".
    if (wasOffline) renew();
    wasOffline = false;
  };
  here.addEventListener("online", back, { signal: life });
  here.addEventListener("offline", away, { signal: life });

  return {
    start,
    stop,
    isOn: () => control !== null,
    /** Try now instead of after the wait. */
    hurry: () => wake(),
  };
}

function watchdog(bark) {
  let timer = 0;
  const feed = (seconds) => {
    clearTimeout(timer);
    timer = setTimeout(bark, 2_000 * seconds);
  };
  feed(HEARTBEAT_S);
  return { feed, stop: () => clearTimeout(timer) };
}

async function* eventsOf(reader, heard) {
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    heard();
    text += decoder.decode(value, { stream: true });
    const blocks = text.split("\n\n");
    text = blocks.pop();
    for (const block of blocks) {
      const event = read(block);
      if (event) yield event;
    }
  }
}

function read(block) {
  const fields = {};
  for (const line of block.split("\n")) {
    const at = line.indexOf(": ");
    if (at > 0) fields[line.slice(0, at)] = line.slice(at + 2);
  }
  if (!fields.event) return null;
  try {
    return { name: fields.event, id: fields.id ?? null, data: JSON.parse(fields.data) };
  } catch {
    return null;
  }
}
