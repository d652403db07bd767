// Going on in WhatsApp: by a code (a link, or a QR code to scan), or by leaving a number.
import { attribute, button, el, outward, say, shown } from "./dom.js";
import { icon } from "./icons.js";
import { openDialog } from "./dialog.js";

const SOON_MS = 120_000;
const given = new Map();

/** Show how this thread goes on in WhatsApp. */
export async function showHop(ui, thread) {
  const { t } = ui;
  try {
    const hop = await codeOf(ui, thread);
    const picture = ui.isPhone() ? null : qrPicture(t, hop.qr);
    const words = [icon("whatsapp"), t("hop_open")];
    const link = outward(words, hop.url, { class: "button wide", test: "hop-link" });
    const until = ui.times.clock(hop.expires_at);
    const { node } = openDialog(ui, {
      title: t("hop_title"),
      test: "hop-dialog",
      body: [
        el("p", {}, t(picture ? "hop_scan" : "hop_tap")),
        picture,
        el("p", { class: "code-line" },
          el("span", {}, t("hop_code")),
          el("code", { class: "code", test: "hop-code" }, hop.code),
        ),
        el("p", { class: "quiet-words" }, t("hop_until", { time: until })),
      ],
      actions: [link],
    });
    // Once it goes on there, there is nothing left to scan.
    const look = () => isElsewhere(ui, thread) && node.close();
    ui.talk.addEventListener("change", look);
    const gone = () => ui.talk.removeEventListener("change", look);
    node.addEventListener("close", gone, { once: true });
  } catch (problem) {
    ui.problem(problem);
  }
}

/** The code that was given before, while it is good: each one that is made counts. */
async function codeOf(ui, thread) {
  const { locale, talk } = ui;
  const before = given.get(thread);
  const isGood = before && Date.parse(before.expires_at) - talk.now() > SOON_MS;
  if (isGood && before.locale === locale) return before;
  const hop = { ...(await talk.hop(thread)), locale };
  given.set(thread, hop);
  talk.addEventListener("change", look);
  return hop;

  function look() {
    if (!isElsewhere(ui, thread)) return;
    talk.removeEventListener("change", look);
    if (given.get(thread) === hop) given.delete(thread); // used
  }
}

function isElsewhere(ui, thread) {
  return ui.talk.state.threads.some((one) => one.id === thread && one.elsewhere);
}

/** The server's drawing, as an image: a drawing in an image runs nothing and loads nothing. */
export function qrPicture(t, drawing) {
  const src = `data:image/svg+xml,${encodeURIComponent(drawing)}`;
  return el("img", { class: "qr", src, alt: t("hop_qr"), width: 208, height: 208, test: "hop-qr" });
}

/** Ask for a number to be answered on, with consent. */
export function askNumber(ui) {
  const { t } = ui;
  const input = el("input", {
    type: "tel",
    id: "number",
    class: "field-input",
    test: "number",
    autocomplete: "tel",
    inputmode: "tel",
    "aria-required": "true",
  });
  const said = problemOf("number");
  const unticked = problemOf("number-consent");
  const agree = el("input", { type: "checkbox", id: "number-consent", test: "number-consent" });
  const start = el("input", { type: "checkbox", id: "number-start", test: "number-start" });
  const go = button(t("number_go"), null, {
    type: "submit",
    class: "button wide",
    test: "number-go",
  });
  const form = el(
    "form",
    { class: "number-form", novalidate: true, on: { submit } },
    el("p", {}, t("number_text")),
    el("div", { class: "field" }, el("label", { for: "number" }, t("number_label")), input, said),
    el("div", {}, tick(agree, t("number_consent")), unticked),
    tick(start, t("number_start")),
    go,
  );
  const dialog = openDialog(ui, { title: t("number_title"), body: [form], test: "number-dialog" });

  async function submit(event) {
    event.preventDefault();
    const isShort = input.value.replace(/\D/g, "").length < 6;
    const isNumber = tell(input, said, isShort ? t("field_tel") : "");
    const isAgreed = tell(agree, unticked, agree.checked ? "" : t("number_consent_missing"));
    if (!isNumber) return input.focus();
    if (!isAgreed) return agree.focus();
    go.disabled = true;
    try {
      await ui.talk.giveNumber(input.value.trim(), { start: start.checked, words: t("number_consent") });
      dialog.close();
      ui.notice(t(start.checked ? "number_started" : "number_kept"));
    } catch (problem) {
      go.disabled = false;
      tell(input, said, problem.problems?.number ?? (problem.text || t("went_wrong")));
      input.focus();
    }
    return undefined;
  }
}

function problemOf(id) {
  const facts = { class: "field-problem", id: `${id}-problem`, role: "alert", hidden: true };
  return el("p", facts);
}

/** Tell at a field what is wrong with it; '' is nothing. Returns whether it is right. */
function tell(field, said, words) {
  say(said, words);
  shown(said, words !== "");
  attribute(field, "aria-invalid", words ? "true" : null);
  attribute(field, "aria-describedby", words ? said.id : null);
  return !words;
}

function tick(input, words) {
  return el("label", { class: "tick", for: input.id }, input, el("span", {}, words));
}
