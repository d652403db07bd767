// The controls: native ones, each with its label.

let count = 0;

/** Make a node with these properties and what is in it. */
export function make(tag, facts = {}, ...inside) {
  const { test, ...more } = facts;
  const made = Object.assign(document.createElement(tag), more);
  if (test) made.dataset.test = test;
  made.append(...inside.filter(Boolean));
  return made;
}

/** A labelled control; `hint` says more. Returns the whole. */
export function labelled(label, control, hint = "") {
  count += 1;
  control.id = `field-${count}`;
  const more = hint && make("small", { id: `hint-${count}`, textContent: hint });
  if (more) control.setAttribute("aria-describedby", more.id);
  return make("p", {}, make("label", { htmlFor: control.id, textContent: label }), control, more);
}

/** Several of which one is chosen. `choices` are [value, label]; `change` hears the value. */
export function choice(name, legend, choices, chosen, change) {
  const radios = choices.map(([value, label]) => {
    const radio = make("input", { type: "radio", name, value, checked: value === chosen });
    radio.dataset.test = `${name}-${value}`;
    radio.addEventListener("change", () => change(value));
    return make("label", {}, radio, label);
  });
  return make("fieldset", { className: "choice" }, make("legend", { textContent: legend }), ...radios);
}

/** A text or colour that may be changed; `change` hears the value at each letter. */
export function field(facts, change) {
  const control = make(facts.tag ?? "input", facts);
  control.addEventListener("input", () => change(control.value));
  return control;
}
