// Whether the visitor is here, and sees it: what is read is told only when it was really seen.

const HIDDEN_MS = 300_000;
const RECENT_MS = 3_600_000;

/**
 * `arrive()` and `leave()` open and close the stream, `seen(thread, until)` hears what was read.
 * A hidden page listens on while a talk is fresh, so that its title can tell of the answer.
 */
export function createPresence({ arrive, leave, seen, lastSaid, now, here = document }) {
  const due = new Map();
  let isOpen = false;
  let timer = 0;

  const isSeen = () => isOpen && here.visibilityState === "visible";

  function look() {
    if (!isSeen()) return;
    due.forEach((until, thread) => seen(thread, until));
    due.clear();
  }

  function turn() {
    clearTimeout(timer);
    if (here.visibilityState === "visible") {
      arrive();
      look();
    } else {
      timer = setTimeout(rest, HIDDEN_MS);
    }
  }

  function rest() {
    if (now() - lastSaid() < RECENT_MS) timer = setTimeout(rest, HIDDEN_MS);
    else leave();
  }

  function begin() {
    arrive();
    here.addEventListener("visibilitychange", turn);
    // A page that is put away must not hold the stream; one that is taken out again wants it.
    addEventListener("pagehide", leave);
    addEventListener("pageshow", turn);
    addEventListener("freeze", leave);
    addEventListener("resume", turn);
  }

  return {
    begin,
    isSeen,
    /** The panel is open; return whether it was not. */
    open() {
      const wasOpen = isOpen;
      isOpen = true;
      look();
      return !wasOpen;
    },
    hide() {
      isOpen = false;
      due.clear();
    },
    see(thread, until) {
      due.set(thread, until);
      look();
    },
  };
}
