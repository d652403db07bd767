// One message: who, what, when, and how far it has come.
import { button, el, hidden } from "./dom.js";
import { icon } from "./icons.js";
import { avatar } from "./people.js";
import { plainName } from "./files.js";
import { blocksOf } from "./parts.js";

/** What identifies a message, before and after the server knows it. */
export function keyOf(message) {
  return message.client_id || `m${message.id}`;
}

/** Whether the server has it. */
export function isStored(message) {
  return message.id !== null || !["waiting", "failed"].includes(message.state);
}

/**
 * Draw a message.
 * @returns {HTMLElement} `.message`, with data-by and data-state
 */
export function messageNode(ui, message) {
  const isOwn = message.by === "customer";
  const author = plainName(message.author) || ui.settings.name;
  const bubbles = blocksOf(ui, message).map(({ kind, nodes }) =>
    el("div", { class: kind === "bare" ? "bare" : `bubble of-${kind}`, dir: "auto" }, nodes),
  );
  const who = isOwn
    ? hidden(`${ui.t("you")}: `)
    : el("p", { class: "who" }, el("bdi", {}, author), hidden(":"));
  const row = el(
    "div",
    { class: "message", test: "message", "data-by": message.by, "data-state": message.state },
    isOwn ? null : avatar(author),
    el("div", { class: "said" }, who, bubbles, ...below(ui, message)),
  );
  return row;
}

/** Show how far an upload is, without drawing the message again. */
export function showProgress(node, progress) {
  const bar = node.querySelector("progress");
  if (bar && progress !== undefined && progress !== null) bar.value = progress;
}

function below(ui, message) {
  if (message.state === "failed") return [failure(ui, message)];
  const uploads = message.state === "waiting" && message.parts.some((one) => one.is === "media");
  const hint = message.problem?.text;
  const why = hint ? [el("p", { class: "hint", dir: "auto" }, hint)] : [];
  return [...(uploads ? [upload(ui, message)] : []), ...why, meta(ui, message)];
}

function meta(ui, message) {
  const time = el("time", { datetime: message.at, title: ui.times.full(message.at) });
  time.textContent = ui.times.clock(message.at);
  const line = el("p", { class: "meta" }, time);
  if (message.by === "customer") line.append(state(ui, message));
  return line;
}

const PICTURES = { waiting: "clock", sent: "check", filed: "checks" };

function state(ui, message) {
  const isKept = message.state === "waiting" && ui.isOffline();
  const words = el("span", {}, ui.t(isKept ? "state_kept" : `state_${message.state}`));
  const picture = icon(PICTURES[message.state] ?? "check");
  return el("span", { class: "state", "data-of": message.state }, picture, words);
}

function upload(ui, message) {
  const value = message.progress ?? 0;
  const bar = el("progress", { max: 1, value, "aria-label": ui.t("uploading") });
  const stop = () => ui.discard(message);
  const cancel = button(ui.t("cancel"), stop, { class: "text-button", test: "cancel-upload" });
  return el("p", { class: "upload" }, bar, cancel);
}

/** Why it was not sent, and what can be done. */
function failure(ui, message) {
  const problem = message.problem ?? {};
  const asks = problem.problems && ui.settings.fields.some((one) => problem.problems[one.name]);
  const act = (key, test, doIt) => button(ui.t(key), doIt, { class: "text-button", test });
  const again = asks
    ? act("check_form", "correct", () => ui.correct(message))
    : act("retry", "retry", () => ui.talk.retry(message.client_id));
  const drop = act("discard", "discard", () => ui.discard(message));
  const why = el("span", { dir: "auto" }, `${ui.t("state_failed")} ${problem.text ?? ""}`.trim());
  return el(
    "div",
    { class: "failure" },
    el("p", {}, icon("alert"), why),
    el("p", { class: "failure-acts" }, again, drop),
  );
}
