// Answers to choose from. One that is chosen is sent as the visitor's own words.
import { button, el } from "./dom.js";
import { icon } from "./icons.js";
import { markdown } from "./markdown.js";
import { block } from "./blocks.js";

const MOST_CHIPS = 3;

/** Buttons under the words, or a list where there are many or each says more. */
export function optionsPart(ui, part, message) {
  const options = part.options ?? [];
  const isList = options.length > MOST_CHIPS || options.some((one) => one.description);
  const chosen = ui.answerTo(message);
  const list = el("div", {
    class: isList ? "options" : "chips",
    role: "group",
    "aria-label": part.button || ui.t("choose"),
  });
  list.append(...options.map((one) => optionButton(ui, { one, message, list, isList, chosen })));
  const words = part.text ? [block("words", ...markdown(part.text))] : [];
  return [...words, block("bare", list)];
}

function optionButton(ui, { one, message, list, isList, chosen }) {
  const isChosen = chosen !== null && chosen === one.id;
  const words = [el("span", { class: "option-title", dir: "auto" }, one.title)];
  if (one.description) words.push(el("small", { dir: "auto" }, one.description));
  const choose = () => {
    for (const other of list.children) other.disabled = true;
    ui.choose(message, one);
  };
  return button([el("span", { class: "option-words" }, words), isChosen && icon("check")], choose, {
    class: isList ? "option" : "chip",
    test: isList ? "option" : "quick-reply",
    disabled: chosen !== null,
    "aria-pressed": isChosen ? "true" : null,
  });
}
