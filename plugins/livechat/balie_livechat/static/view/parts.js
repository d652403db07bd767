// What each part of a message looks like. All words stay words.
import { el, icon, outward, safeUrl } from "./dom.js";
import { markdown, plain } from "./markdown.js";
import { mediaPart } from "./media.js";
import { optionsPart } from "./options.js";

const SHOWN = {
  text: (_, part) => (part.markup === "markdown" ? markdown : plain)(part.text ?? ""),
  media: mediaPart,
  options: optionsPart,
  link: linkPart,
  choice: (_, part) => plain(part.title || part.text || ""),
  location: locationPart,
};

/**
 * The nodes for one part.
 * @param {object} ui what all of the view shares
 * @param {object} part as the server gives it
 * @param {object} message the message that it is in
 */
export function partNodes(ui, part, message) {
  const show = SHOWN[part.is];
  return show ? show(ui, part, message) : plain(part.text ?? "");
}

/** What a message says, in one line, for a list or for who listens. */
export function inOneLine(ui, message) {
  const line = message.parts.map((part) => {
    if (part.is !== "media") return part.title || part.text || "";
    return `${ui.t(kindKey(part.kind))}${part.caption ? `: ${part.caption}` : ""}`;
  });
  return line.join(" ").replace(/[*_~`]{1,3}|\[([^\]]*)\]\([^)]*\)/g, "$1").trim();
}

/** The key of the words for a kind of file. */
export function kindKey(kind) {
  return ["image", "video", "audio"].includes(kind) ? `kind_${kind}` : "kind_file";
}

/** A link that an agent offers: going on in WhatsApp, for one. */
function linkPart(_, part) {
  const nodes = part.text ? plain(part.text) : [];
  if (!safeUrl(part.url)) return part.label ? [...nodes, el("p", {}, part.label)] : nodes;
  const words = [el("span", { dir: "auto" }, part.label || part.url), icon("out")];
  return [...nodes, outward(words, part.url, { class: "offer", test: "hop-link" })];
}

function locationPart(ui, part) {
  const { latitude, longitude } = part;
  const name = part.name || part.address || ui.t("kind_location");
  const words = el("span", { class: "place-words" }, el("bdi", {}, name));
  if (part.address && part.address !== name) words.append(el("small", { dir: "auto" }, part.address));
  const isPlace = Number.isFinite(latitude) && Number.isFinite(longitude);
  const at = `${latitude}%2C${longitude}`;
  const url = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${at}`;
  const inside = [icon("place"), words];
  return [isPlace ? outward(inside, url, { class: "file" }) : el("span", { class: "file" }, inside)];
}
