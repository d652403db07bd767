// Files in a conversation. Each has its room before it comes, so nothing moves when it does.
import { block } from "./blocks.js";
import { button, el } from "./dom.js";
import { icon } from "./icons.js";
import { showPicture } from "./picture.js";
import { plainName, sizeWords } from "./files.js";
import { plain } from "./markdown.js";
import { saveAs } from "./saving.js";

/** Pictures that the visitor sent, as they are shown: what comes back is the same. */
const sent = new Map();

/**
 * A picture, something to play, or a file by name and size; with its caption. The bytes come from
 * the engine by `href`, the visitor's own that are not yet sent included.
 */
export function mediaPart(ui, part, message) {
  const caption = part.caption ? [block("words", ...plain(part.caption))] : [];
  if (!part.href) return missing(ui, part);
  if (part.kind === "image") return [block("bare", picture(ui, part, message)), ...caption];
  if (["audio", "video"].includes(part.kind)) return [block("file", player(ui, part)), ...caption];
  return [block("file", fileRow(ui, part)), ...caption];
}

function missing(ui, part) {
  const words = part.text || ui.t("file_missing");
  return [block("words", el("p", { class: "missing" }, icon("file"), el("bdi", {}, words)))];
}

function picture(ui, part, message) {
  const name = plainName(part.name);
  const alt = part.caption || name || ui.t("kind_image");
  const image = el("img", { alt, class: "picture", width: 240, height: 180, decoding: "async" });
  const frame = button(image, () => image.src && showPicture(ui, { src: image.src, alt, name }), {
    class: "frame",
    "aria-label": ui.t("picture_enlarge", { name: alt }),
  });
  const key = message.client_id && `${message.client_id}.${placeOf(part, message)}`;
  const load = () =>
    ui.talk.file(part.href).then(
      (url) => {
        image.src = url;
        frame.dataset.here = "";
        if (key) sent.set(key, url);
      },
      () => frame.replaceWith(fileRow(ui, part)),
    );
  image.addEventListener("error", () => {
    // The one that was sent may be let go by now; then the server has it.
    if (key && sent.delete(key)) load();
    else frame.replaceWith(fileRow(ui, part));
  });
  if (sent.has(key)) image.src = sent.get(key);
  else whenSeen(frame, load);
  return frame;
}

function placeOf(part, message) {
  return message.parts.filter((one) => one.is === "media").indexOf(part);
}

/** Fetched when somebody wants to hear or see it; browsers draw the controls. */
function player(ui, part) {
  const words = [icon("play"), facts(ui, part)];
  const label = ui.t("play", { name: plainName(part.name) || ui.t(`kind_${part.kind}`) });
  const start = button(words, play, { class: "file", "aria-label": label });
  async function play() {
    start.disabled = true;
    try {
      const src = await ui.talk.file(part.href);
      const made = el(part.kind, { controls: true, src, "aria-label": label, class: "player" });
      start.replaceWith(made);
      made.focus();
      await made.play();
    } catch (problem) {
      start.disabled = false;
      if (problem.status !== undefined) ui.problem(problem);
    }
  }
  return start;
}

/** A file by name and size. A tap saves it; it is never opened in the chat's own page. */
function fileRow(ui, part) {
  const name = plainName(part.name) || ui.t("kind_file");
  const row = button([icon("file"), facts(ui, part), icon("download")], save, {
    class: "file",
    test: "file",
    "aria-label": ui.t("file_download", { name, size: sizeOf(ui, part) }),
  });
  async function save() {
    row.disabled = true;
    try {
      saveAs(await ui.talk.file(part.href), name);
    } catch (problem) {
      ui.problem(problem);
    }
    row.disabled = false;
  }
  return row;
}

function facts(ui, part) {
  const name = plainName(part.name) || ui.t("kind_file");
  const size = el("small", {}, sizeOf(ui, part));
  return el("span", { class: "file-words" }, el("bdi", { class: "file-name" }, name), size);
}

function sizeOf(ui, part) {
  return part.size ? sizeWords(part.size, ui.locale) : "";
}

/** Do something once a node comes near the part of the page that is seen. */
function whenSeen(node, act) {
  const watch = new IntersectionObserver(
    (seen) => {
      if (!seen.some((one) => one.isIntersecting)) return;
      watch.disconnect();
      act();
    },
    { rootMargin: "300px" },
  );
  watch.observe(node);
}
