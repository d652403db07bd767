// What is asked before a talk. Each problem is named at its field.
import { attribute, button, el, say, shown } from "./dom.js";

/** As the server reads them (prechat.py): what it would refuse is said before it is sent. */
const SHAPES = {
  email: /^[^@\s<>"']{1,64}@[^@\s<>"']{1,190}\.[^@\s<>"'.]{2,63}$/,
  tel: /^[+0-9() ./-]{6,25}$/,
};
const AUTOCOMPLETE = { email: "email", tel: "tel" };

/**
 * Make the form.
 * @param {object} ui
 * @param {{done: function(object): void, problems?: object, values?: object}} params `problems`
 *   are the server's, by field
 */
export function createForm(ui, { done, problems = {}, values = {} }) {
  const { t } = ui;
  const fields = ui.settings.fields.map((one) => createField(ui, one, values[one.name] ?? ""));
  const summary = el("p", { class: "problem", role: "alert", hidden: true });
  const needed = ui.settings.fields.some((one) => !one.required);
  const node = el(
    "form",
    { class: "step", novalidate: true, on: { submit } },
    el("h2", { tabindex: -1 }, t("form_title")),
    needed ? el("p", { class: "quiet-words" }, t("form_hint")) : null,
    summary,
    ...fields.map((one) => one.node),
    el("div", { class: "step-acts" },
      button(t("form_go"), null, { type: "submit", class: "button wide", test: "form-go" }),
    ),
  );

  function submit(event) {
    event.preventDefault();
    const wrong = fields.filter((one) => !one.check());
    if (wrong.length) return tell(wrong);
    const given = fields.map((one) => [one.name, one.value()]).filter(([, value]) => value);
    return done(Object.fromEntries(given));
  }

  function tell(wrong) {
    say(summary, t("form_problems", { n: wrong.length }));
    shown(summary, true);
    wrong[0].focus({ preventScroll: true });
    // The summary is seen, too, unless the field is too far below it.
    node.scrollIntoView();
    wrong[0].node.scrollIntoView({ block: "nearest" });
  }

  function focus() {
    const refused = fields.filter((one) => problems[one.name] && one.refuse(problems[one.name]));
    if (refused.length) tell(refused);
    return refused.length > 0;
  }

  return { node, update: () => {}, leave: () => {}, focus };
}

function createField(ui, facts, before) {
  const id = `field-${facts.name}`;
  const said = el("p", { class: "field-problem", id: `${id}-problem`, hidden: true });
  const input = inputOf(ui, facts, id);
  input.value = before;
  const optional = facts.required ? null : el("small", {}, ui.t("optional"));
  const label = el("label", { for: id, dir: "auto" }, facts.label, " ", optional);
  const node = el("div", { class: "field" }, label, input, said);
  const value = () => input.value.trim();

  function problemOf() {
    if (!value()) return facts.required ? "field_missing" : "";
    if ([...value()].length > facts.most) return "field_long";
    return SHAPES[facts.type]?.test(value()) === false ? `field_${facts.type}` : "";
  }

  function refuse(words) {
    say(said, words);
    shown(said, words !== "");
    attribute(input, "aria-invalid", words ? "true" : null);
    attribute(input, "aria-describedby", words ? said.id : null);
    return words !== "";
  }

  function check() {
    const key = problemOf();
    return !refuse(key ? ui.t(key, { n: facts.most, label: facts.label }) : "");
  }

  // Told once it was tried: nobody is told off while they are still writing.
  input.addEventListener("input", () => input.hasAttribute("aria-invalid") && check());
  return { node, name: facts.name, value, check, refuse, focus: (how) => input.focus(how) };
}

function inputOf(ui, facts, id) {
  const given = {
    id,
    test: id,
    class: "field-input",
    "aria-required": facts.required ? "true" : null,
  };
  if (facts.type === "textarea") return el("textarea", { ...given, rows: 3, dir: "auto" });
  if (facts.type !== "choice") {
    const autocomplete = AUTOCOMPLETE[facts.type] ?? (facts.name === "name" ? "name" : "off");
    return el("input", { ...given, type: facts.type, autocomplete, dir: "auto" });
  }
  const options = facts.options.map((one) => el("option", { value: one }, one));
  return el("select", given, el("option", { value: "" }, ui.t("choose")), ...options);
}
