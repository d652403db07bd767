// The controls beside the stage: looks and words that change there at once, and the line to keep them.
import { commandFor } from "./command.js";
import { choice, field, labelled, make } from "./fields.js";
import { wordsFor } from "./texts.js";

const BASE = new URL(".", location.href).href.replace(/\/$/, "");
const [tenant, connection] = BASE.split("/").slice(-2).map(decodeURIComponent);
const USUAL = "#2456d6";
const LANGUAGES = [["nl", "Nederlands"], ["en", "English"]];

/** Show controls and stage, beginning with the settings as they are. */
export async function show() {
  const say = wordsFor(navigator.language);
  document.documentElement.lang = say === wordsFor("nl") ? "nl" : "en";
  document.title = say.title;
  const tried = await readSettings();
  const before = structuredClone(tried);
  const stage = make("iframe", { title: say.stage, src: `${BASE}/preview#stage`, test: "stage" });
  const line = make("pre", { tabIndex: 0, test: "command" });

  function tell() {
    const { theme, texts, locale, tone } = tried;
    const own = Object.entries(texts).map(([name, said]) => [name, said[locale]]);
    const settings = { theme, tone, locale, texts: Object.fromEntries(own.filter(([, one]) => one)) };
    stage.contentWindow?.postMessage({ balie: 1, preview: settings }, location.origin);
    line.textContent = commandFor({ tenant, connection, tried, before });
  }

  addEventListener("message", ({ data, origin, source }) => {
    if (source !== stage.contentWindow || origin !== location.origin) return;
    if (data?.balie === 1 && data.stage === "ready") tell();
  });
  const frame = make("div", { className: "frame" }, stage);
  const form = make(
    "form",
    {},
    make("h1", { textContent: say.title }),
    make("p", { textContent: say.note }),
    looks(say, tried, tell),
    await words(say, tried, tell),
    sizes(say, frame),
    command(say, line),
  );
  form.addEventListener("submit", (event) => event.preventDefault());
  document.body.append(make("main", {}, form, frame));
  tell();
}

async function readSettings() {
  const asked = LANGUAGES.map(([locale]) => fetch(`${BASE}/settings?locale=${locale}`));
  const [nl, en] = await Promise.all((await Promise.all(asked)).map((answer) => answer.json()));
  const texts = {};
  for (const [locale, given] of Object.entries({ nl, en })) {
    for (const [name, said] of Object.entries(given.texts)) {
      if (said) texts[name] = { ...texts[name], [locale]: said };
    }
  }
  return { theme: { ...nl.theme }, tone: nl.tone, locale: document.documentElement.lang, texts };
}

function looks(say, { theme }, tell) {
  const set = (name, usual = "") => (value) => {
    if (value === usual) delete theme[name];
    else theme[name] = value;
    tell();
  };
  const colour = (name, usual) =>
    field({ type: "color", value: theme[name] ?? usual, test: name }, set(name));
  const logo = field({ type: "url", value: theme.logo ?? "", test: "logo" }, (value) => {
    const isGood = !value || /^https:\/\/[^\s"'<>]+$/.test(value);
    logo.setCustomValidity(isGood ? "" : say.bad_logo);
    logo.setAttribute("aria-invalid", String(!isGood));
    if (isGood) set("logo")(value);
  });
  const launcher = { type: "text", maxLength: 60, value: theme.launcher ?? "", test: "launcher-text" };
  const places = [["left", say.left], ["right", say.right]];
  const modes = [["auto", say.auto], ["light", say.light], ["dark", say.dark]];
  return make(
    "fieldset",
    {},
    make("legend", { textContent: say.looks }),
    labelled(say.colour, colour("colour", USUAL)),
    labelled(say.colour_dark, colour("colour_dark", theme.colour ?? USUAL)),
    choice("position", say.position, places, theme.position ?? "right", set("position", "right")),
    choice("mode", say.mode, modes, theme.mode ?? "auto", set("mode", "auto")),
    labelled(say.launcher, field(launcher, set("launcher"))),
    labelled(say.logo, logo),
  );
}

async function words(say, tried, tell) {
  const books = {
    nl: (await import("../view/texts/nl.js")).words,
    en: (await import("../view/texts/en.js")).words,
  };
  const names = Object.keys(books.nl);
  const which = make("select", { test: "text-name" });
  which.append(...names.map((name) => make("option", { value: name })));
  const own = field({ tag: "textarea", rows: 3, maxLength: 1_000, test: "text-own" }, (value) => {
    const { [which.value]: known, ...others } = tried.texts;
    const { [tried.locale]: _, ...said } = known ?? {};
    if (value) said[tried.locale] = value;
    tried.texts = Object.keys(said).length ? { ...others, [which.value]: said } : others;
    name();
    tell();
  });

  function name() {
    for (const option of which.options) {
      const mark = tried.texts[option.value] ? ` ${say.changed}` : "";
      option.textContent = `${option.value}: ${usual(option.value)}${mark}`;
    }
  }

  function usual(key) {
    const toned = (_, formal, informal) => (tried.tone === "je" ? informal : formal);
    return books[tried.locale][key].replace(/\[([^\]|]*)\|([^\]|]*)\]/g, toned);
  }

  function fill() {
    name();
    own.value = tried.texts[which.value]?.[tried.locale] ?? "";
    own.placeholder = usual(which.value);
  }

  const set = (part) => (value) => {
    tried[part] = value;
    fill();
    tell();
  };
  which.addEventListener("change", fill);
  which.value = names.includes("welcome") ? "welcome" : names[0];
  fill();
  return make(
    "fieldset",
    {},
    make("legend", { textContent: say.words }),
    choice("locale", say.locale, LANGUAGES, tried.locale, set("locale")),
    choice("tone", say.tone, [["u", "u"], ["je", "je"]], tried.tone, set("tone")),
    labelled(say.text, which),
    labelled(say.own, own, say.own_hint),
  );
}

function sizes(say, frame) {
  const kinds = [["desktop", say.desktop], ["phone", say.phone]];
  return choice("size", say.size, kinds, "desktop", (value) => {
    frame.classList.toggle("phone", value === "phone");
  });
}

function command(say, line) {
  const told = make("span", { role: "status" });
  const copy = make("button", { type: "button", textContent: say.copy, test: "copy" });
  copy.addEventListener("click", async () => {
    const isDone = await navigator.clipboard.writeText(line.textContent).then(() => true, () => false);
    told.textContent = isDone ? say.copied : say.not_copied;
  });
  const heading = make("h2", { id: "command", textContent: say.command });
  line.setAttribute("role", "region");
  line.setAttribute("aria-labelledby", "command");
  return make("section", {}, heading, line, copy, " ", told);
}
