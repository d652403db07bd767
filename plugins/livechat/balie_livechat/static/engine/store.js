// The state of the talk: a frozen object, replaced at each change and told at most once a frame.

/** Hold `state`; `tell` is called after changes, those of one frame together. */
export function createStore(state, tell) {
  let current = Object.freeze(state);
  let isDue = false;

  function change(more) {
    const next = typeof more === "function" ? more(current) : more;
    if (!next || Object.keys(next).every((name) => Object.is(next[name], current[name]))) return;
    current = Object.freeze({ ...current, ...next });
    if (isDue) return;
    isDue = true;
    nextFrame(() => {
      isDue = false;
      tell();
    });
  }

  return { get: () => current, change };
}

function nextFrame(work) {
  // Hidden pages and frames draw no frames, yet their badge and title must learn of news.
  let isDone = false;
  const once = () => {
    if (isDone) return;
    isDone = true;
    work();
  };
  requestAnimationFrame(once);
  setTimeout(once, 50);
}
