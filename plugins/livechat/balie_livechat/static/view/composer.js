// Where the visitor writes: words, files, emoji.
import { attribute, button, el, hidden, iconButton, say, shown } from "./dom.js";
import { toggleEmoji } from "./emoji.js";
import { createTray } from "./tray.js";

const TELL_FROM = 0.9;
const TALLEST_PX = 144;

/**
 * Make the composer of a thread.
 * @param {object} ui
 * @param {{draft: {text: string, topic: string}, send: function(object): void,
 *   typing: function(): void}} given `draft` outlives the screen; `send` takes {text, files}
 */
export function createComposer(ui, { draft, send, typing }) {
  const { limits } = ui.settings;
  const tray = createTray(ui, tell);
  const input = el("textarea", {
    id: "composer",
    test: "composer",
    rows: 1,
    dir: "auto",
    placeholder: ui.t("write"),
    "aria-describedby": "composer-count composer-problem",
    enterkeyhint: ui.isPhone() ? "enter" : "send",
    on: { input: typed, keydown, paste },
  });
  const count = el("p", { class: "count", id: "composer-count", hidden: true });
  const problem = el("p", {
    class: "problem",
    id: "composer-problem",
    role: "alert",
    hidden: true,
  });
  const go = iconButton("send", ui.t("send"), null, {
    type: "submit",
    class: "icon-button send",
    test: "send",
  });
  const tools = el("div", { class: "tools" }, ...adders(), emojiButton(), count, go);
  const box = el(
    "div",
    { class: "box", on: { click: (event) => event.target === box && input.focus() } },
    input,
    tools,
  );
  const topic = el("p", { class: "topic-line", hidden: !draft.topic });
  const node = el(
    "form",
    { class: "composer", on: { submit } },
    topic,
    problem,
    tray.node,
    el("label", { class: "unseen", for: "composer" }, ui.t("your_message")),
    box,
  );
  topic.append(el("bdi", {}, draft.topic ?? ""));
  const small = { class: "icon-button small" };
  topic.append(iconButton("close", ui.t("topic_remove"), dropTopic, small));
  input.value = draft.text ?? "";
  let isTold = false;

  function adders() {
    if (!limits.file_bytes) return [];
    const accept = limits.file_types.join(",");
    const files = picker({ accept, multiple: true });
    const made = [
      iconButton("attach", ui.t("attach"), () => files.click(), { test: "attach" }),
      files,
    ];
    if (!ui.isPhone() || !limits.file_types.includes("image/jpeg")) return made;
    const photo = picker({ accept: "image/*", capture: "environment" });
    const take = () => photo.click();
    return [...made, iconButton("camera", ui.t("camera"), take, { test: "camera" }), photo];
  }

  function picker(given) {
    const made = el("input", { type: "file", hidden: true, tabindex: -1, ...given });
    made.addEventListener("change", () => {
      tray.add([...made.files]);
      made.value = "";
      input.focus();
    });
    return made;
  }

  function emojiButton() {
    const made = iconButton("emoji", ui.t("emoji"), open, {
      test: "emoji",
      "aria-expanded": "false",
      "aria-haspopup": "dialog",
    });
    async function open() {
      await toggleEmoji(ui, { opener: made, into: node, take: insert });
    }
    return made;
  }

  function insert(letters) {
    input.focus();
    input.setRangeText(letters, input.selectionStart, input.selectionEnd, "end");
    typed();
  }

  function dropTopic() {
    draft.topic = "";
    shown(topic, false);
    input.focus();
  }

  function typed() {
    draft.text = input.value;
    grow();
    tell();
    if (input.value.trim()) typing();
  }

  /** As tall as what is written, up to a few lines. */
  function grow() {
    input.style.blockSize = "auto";
    input.style.blockSize = `${Math.min(input.scrollHeight, TALLEST_PX)}px`;
  }

  function tell() {
    const length = [...input.value].length;
    const left = limits.text - length;
    const isNear = length > limits.text * TELL_FROM;
    shown(count, isNear);
    if (isNear) say(count, ui.t(left < 0 ? "too_long" : "letters_left", { n: Math.abs(left) }));
    if (isNear !== isTold && isNear) ui.announce(count.textContent);
    isTold = isNear;
    count.classList.toggle("over", left < 0);
    attribute(input, "aria-invalid", left < 0 ? "true" : null);
    if (length || tray.files().length) shown(problem, false);
    attribute(go, "aria-disabled", canSend() ? null : "true");
  }

  function canSend() {
    const hasSaid = input.value.trim() !== "" || tray.files().length > 0;
    return hasSaid && [...input.value].length <= limits.text;
  }

  function keydown(event) {
    if (event.key !== "Enter" || event.isComposing || event.shiftKey) return;
    // On phones Enter is the only way to begin a line.
    if (ui.isPhone()) return;
    event.preventDefault();
    node.requestSubmit();
  }

  function paste(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    // Some programs copy words as a picture as well: then it is the words that are meant.
    if (!files.length || event.clipboardData.getData("text/plain")) return;
    event.preventDefault();
    tray.add(files);
  }

  function submit(event) {
    event.preventDefault();
    if (!canSend()) {
      const isLong = [...input.value].length > limits.text;
      say(problem, ui.t(isLong ? "too_long_to_send" : "nothing_to_send", { most: limits.text }));
      shown(problem, true);
      input.focus();
      return;
    }
    send({ text: input.value.trim(), files: tray.files(), topic: draft.topic });
    tray.clear();
    input.value = "";
    draft.topic = "";
    shown(topic, false);
    typed();
    input.focus();
  }

  requestAnimationFrame(grow);
  tell();
  /** Show the draft again, where something came back to it. */
  function restore() {
    if (!input.value) input.value = draft.text;
    typed();
    input.focus();
  }

  return { node, restore, add: tray.add, focus: () => input.focus({ preventScroll: true }) };
}
