// A page like a site's, with the real widget, which takes on what the controls tell it.

const BASE = new URL(".", location.href).href.replace(/\/$/, "");

/** Show the widget, opened, and hear the controls: the page around this frame, of the same origin. */
export function show() {
  let tried = null;
  const script = document.createElement("script");
  document.documentElement.classList.add("stage");
  for (const kind of ["wide", "", "", "short"]) {
    document.body.append(Object.assign(document.createElement("div"), { className: `block ${kind}` }));
  }

  addEventListener("message", ({ data, origin, source }) => {
    if (origin !== location.origin || data?.balie !== 1) return;
    if (source === parent && source !== window && data.preview) tell(data.preview);
    if (source === frame()?.contentWindow && data.say === "ready") setTimeout(apply, 0);
  });

  function tell(settings) {
    tried = settings;
    if (!script.src) {
      script.dataset.locale = settings.locale;
      script.addEventListener("load", () => window.Balie.open());
      script.src = `${BASE}/loader.js`;
      document.body.append(script);
    }
    apply();
  }

  function apply() {
    const host = document.getElementById("balie");
    if (!host || !tried) return;
    const { theme, texts } = tried;
    document.documentElement.dataset.mode = theme.mode ?? "auto";
    host.dataset.position = theme.position ?? "right";
    host.dataset.mode = theme.mode ?? "auto";
    paint(host, "", theme.colour ?? "#2456d6");
    paint(host, "-dark", theme.colour_dark ?? theme.colour ?? "#2456d6");
    script.dataset.launcher = texts.launcher ?? theme.launcher ?? "";
    const app = frame()?.contentWindow;
    app?.postMessage({ balie: 1, do: "colour-scheme", mode: host.dataset.mode }, location.origin);
    app?.postMessage({ balie: 1, do: "preview", settings: tried }, location.origin);
    label(host);
  }

  function label(host) {
    const words = host.shadowRoot.querySelector(".text");
    words.textContent = script.dataset.launcher;
    words.hidden = !script.dataset.launcher;
  }

  const frame = () => document.getElementById("balie")?.shadowRoot.querySelector("iframe");
  parent.postMessage({ balie: 1, stage: "ready" }, location.origin);
}

/** Paint the launcher as the loader does: black or white on the colour, whichever is read better. */
function paint(host, which, colour) {
  const parts = [1, 3, 5].map((at) => (parseInt(colour.slice(at, at + 2), 16) / 255) ** 2.2);
  const light = 0.21 * parts[0] + 0.72 * parts[1] + 0.07 * parts[2];
  host.style.setProperty(`--colour${which}`, colour);
  host.style.setProperty(`--ink${which}`, light > 0.18 ? "#000" : "#fff");
}
