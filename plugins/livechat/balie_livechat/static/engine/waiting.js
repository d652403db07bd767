// Waiting until the network may be there again.

const AGAIN_MS = [1_000, 3_000, 10_000, 30_000];

/** Return how long to wait after so many tries, in milliseconds; not all wait equally long. */
export function pauseAfter(tries) {
  return AGAIN_MS[Math.min(tries, AGAIN_MS.length - 1)] * (0.5 + Math.random());
}

/** Wait so long, or until the browser says that there is a network. */
export function online(ms) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener("online", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    addEventListener("online", done);
  });
}
