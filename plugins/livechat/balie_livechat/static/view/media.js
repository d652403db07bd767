// Files in a conversation. Each has its room before it comes, so nothing moves when it does.
import { button, el, icon } from "./dom.js";
import { showPicture } from "./picture.js";
import { plainName, sizeWords } from "./files.js";
import { plain } from "./markdown.js";
import { block } from "./parts.js";

/** Addresses of the visitor's own files, made once each. */
const ownUrls = new WeakMap();

/** A picture, something to play, or a file by name and size; with its caption. */
export function mediaPart(ui, part, message) {
  const file = part.file instanceof Blob ? part.file : null;
  const caption = part.caption ? [block("words", ...plain(part.caption))] : [];
  if (!part.href && !file && message.id) return missing(ui, part);
  if (part.kind === "image") return [block("bare", picture(ui, part, message, file)), ...caption];
  if (["audio", "video"].includes(part.kind)) return [block("file", player(ui, part, file)), ...caption];
  return [block("file", fileRow(ui, part, message, file)), ...caption];
}

function missing(ui, part) {
  const words = part.text || ui.t("file_missing");
  return [block("words", el("p", { class: "missing" }, icon("file"), el("bdi", {}, words)))];
}

/** The address of a file's bytes: the visitor's own, or the server's, fetched with the token. */
async function urlOf(ui, part, file) {
  if (!file) return ui.talk.file(part.href);
  if (!ownUrls.has(file)) ownUrls.set(file, URL.createObjectURL(file));
  return ownUrls.get(file);
}

function picture(ui, part, message, file) {
  const name = plainName(part.name);
  const alt = part.caption || name || ui.t("kind_image");
  const image = el("img", { alt, class: "picture", width: 240, height: 180, decoding: "async" });
  const frame = button(image, () => image.src && showPicture(ui, { src: image.src, alt, name }), {
    class: "frame",
    "aria-label": ui.t("picture_enlarge", { name: alt }),
  });
  const load = () =>
    urlOf(ui, part, file).then(
      (url) => {
        image.src = url;
        frame.dataset.here = "";
      },
      () => frame.replaceWith(fileRow(ui, part, message)),
    );
  image.addEventListener("error", () => frame.replaceWith(fileRow(ui, part, message, file)));
  if (file) load();
  else whenSeen(frame, load);
  return frame;
}

/** Fetched when somebody wants to hear or see it; browsers draw the controls. */
function player(ui, part, file) {
  const words = [icon("play"), facts(ui, part)];
  const label = ui.t("play", { name: plainName(part.name) || ui.t(`kind_${part.kind}`) });
  const start = button(words, play, { class: "file", "aria-label": label });
  async function play() {
    start.disabled = true;
    try {
      const src = await urlOf(ui, part, file);
      const made = el(part.kind, { controls: true, src, "aria-label": label, class: "player" });
      start.replaceWith(made);
      made.focus();
      await made.play();
    } catch (problem) {
      start.disabled = false;
      if (problem.status) ui.problem(problem);
    }
  }
  return start;
}

/** A file by name and size. A tap saves it; it is never opened in the chat's own page. */
function fileRow(ui, part, message, file = null) {
  if (!part.href) return el("span", { class: "file" }, icon("file"), facts(ui, part));
  const name = plainName(part.name) || ui.t("kind_file");
  const row = button([icon("file"), facts(ui, part), icon("download")], save, {
    class: "file",
    test: "file",
    "aria-label": ui.t("file_download", { name, size: sizeOf(ui, part) }),
  });
  async function save() {
    row.disabled = true;
    try {
      saveAs(await urlOf(ui, part, file), name);
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

/** Let the browser save what is behind an address of ours. */
export function saveAs(url, name) {
  const link = el("a", { href: url, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
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
