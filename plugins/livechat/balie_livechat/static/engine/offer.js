// Whether somebody is there: asked again now and then, so that a page left open learns of a change.

const USUAL_S = 60;

/** Ask with `look()` and show with `show(availability)`, while the page is looked at. */
export function createOffer({ look, show, here = document }) {
  let timer = 0;
  let isDue = false;

  async function again() {
    isDue = here.visibilityState !== "visible";
    if (isDue) return;
    const found = await look().catch(() => null);
    if (found) show(found);
    wait(found?.look_again ?? USUAL_S);
  }

  function wait(seconds) {
    clearTimeout(timer);
    // Ten thousand pages opened in one minute do not all ask in one moment.
    timer = setTimeout(again, 1_000 * seconds * (1 + Math.random() * 0.3));
  }

  here.addEventListener("visibilitychange", () => isDue && again());
  return { wait, again };
}
