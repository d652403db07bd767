// What each part of a message looks like. All words stay words.
import { block } from "./blocks.js";
import { el, outward, safeUrl } from "./dom.js";
import { qrPicture } from "./elsewhere.js";
import { plainName } from "./files.js";
import { icon } from "./icons.js";
import { markdown, plain } from "./markdown.js";
import { mediaPart } from "./media.js";
import { optionsPart } from "./options.js";

/** For so long the server takes a code. */
const CODE_LASTS_MS = 1_800_000;

const SHOWN = {
  text: (_, part) => [block("words", ...wordsOf(part))],
  media: mediaPart,
  options: optionsPart,
  link: linkPart,
  choice: (_, part) => [block("words", ...plain(part.title || part.text || ""))],
  location: locationPart,
};

/**
 * The blocks of a message, in order.
 * @param {object} ui what all of the view shares
 * @param {object} message as the server gives it
 * @returns {Array<{kind: "words"|"file"|"bare", nodes: Node[]}>}
 */
export function blocksOf(ui, message) {
  const found = [];
  for (const part of message.parts) {
    const show = SHOWN[part.is];
    const blocks = show?.(ui, part, message) ?? [block("words", ...plain(part.text ?? ""))];
    for (const one of blocks) {
      const last = found.at(-1);
      if (one.kind === "words" && last?.kind === "words") last.nodes.push(...one.nodes);
      else found.push(one);
    }
  }
  return found;
}

/** What a message says, in one line, for a list or for who listens. */
export function inOneLine(ui, message) {
  const line = message.parts.map((part) => {
    if (part.is !== "media") return part.title || part.text || part.label || "";
    const key = kindKey(part.kind);
    const name = key === "kind_file" && part.name ? plainName(part.name) : ui.t(key);
    return part.caption ? `${name}: ${part.caption}` : name;
  });
  const plainly = line.join(" ").replace(/\[([^\]\n]{1,300})\]\([^)\s]*\)/g, "$1");
  return plainly.replace(/\*\*|~~|`/g, "").trim();
}

/** The key of the words for a kind of file. */
function kindKey(kind) {
  return ["image", "video", "audio"].includes(kind) ? `kind_${kind}` : "kind_file";
}

function wordsOf(part) {
  return (part.markup === "markdown" ? markdown : plain)(part.text ?? "");
}

/** A link that an agent offers. One that goes on elsewhere is a code to scan where it is no phone. */
function linkPart(ui, part, message) {
  const words = part.text ? [block("words", ...plain(part.text))] : [];
  const label = part.label || part.url;
  if (!label) return words;
  if (!safeUrl(part.url)) return [...words, block("words", el("p", {}, label))];
  const inside = [el("span", { dir: "auto" }, label), icon("out")];
  const link = outward(inside, part.url, { class: "offer", test: "hop-link" });
  const isGood = ui.talk.now() - Date.parse(message.at) < CODE_LASTS_MS;
  const picture = part.qr && isGood && !ui.isPhone() ? [qrPicture(ui.t, part.qr)] : [];
  return [...words, ...[...picture, link].map((one) => block("bare", one))];
}

function locationPart(ui, part) {
  const { latitude, longitude } = part;
  const name = part.name || part.address || ui.t("kind_location");
  const words = el("span", { class: "file-words" }, el("bdi", {}, name));
  const hasBoth = part.address && part.address !== name;
  if (hasBoth) words.append(el("small", { dir: "auto" }, part.address));
  const isPlace = Number.isFinite(latitude) && Number.isFinite(longitude);
  const at = `${latitude}/${longitude}`;
  const url = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${at}`;
  const inside = [icon("place"), words];
  const node = isPlace
    ? outward(inside, url, { class: "file" })
    : el("span", { class: "file" }, inside);
  return [block("file", node)];
}
