// Going on in WhatsApp: by a code (a link, or a QR code to scan), or by leaving a number.
import { attribute, button, el, outward, say, shown } from "./dom.js";
import { icon } from "./icons.js";
import { openDialog } from "./dialog.js";

/** Show how this thread goes on in WhatsApp. */
export async function showHop(ui, thread) {
  const { t } = ui;
  try {
    const hop = await ui.talk.hop(thread);
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
    "aria-describedby": "number-problem",
  });
  const said = el("p", {
    class: "field-problem",
    id: "number-problem",
    role: "alert",
    hidden: true,
  });
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
    tick(agree, t("number_consent")),
    tick(start, t("number_start")),
    go,
  );
  const dialog = openDialog(ui, { title: t("number_title"), body: [form], test: "number-dialog" });

  async function submit(event) {
    event.preventDefault();
    if (input.value.replace(/\D/g, "").length < 6) return refuse("field_tel", input);
    if (!agree.checked) return refuse("number_consent_missing", agree);
    go.disabled = true;
    try {
      await ui.talk.giveNumber(input.value.trim(), { start: start.checked });
      dialog.close();
      ui.notice(t(start.checked ? "number_started" : "number_kept"));
    } catch (problem) {
      go.disabled = false;
      tell(problem.problems?.number ?? problem.text ?? t("went_wrong"), input);
    }
    return undefined;
  }

  function refuse(key, at) {
    tell(t(key), at);
  }

  function tell(words, at) {
    say(said, words);
    shown(said, true);
    attribute(input, "aria-invalid", at === input ? "true" : null);
    at.focus();
  }
}

function tick(input, words) {
  return el("label", { class: "tick", for: input.id }, input, el("span", {}, words));
}
