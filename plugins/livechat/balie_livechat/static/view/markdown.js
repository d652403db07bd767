// Words with bold, italic, struck, code, lists and links, as nodes. Anything else stays words.
// One pass over the text, so that a hostile one costs no more than its length.
import { el, outward } from "./dom.js";

const LINK = /\[((?:\\.|[^\\[\]\n]){1,300})\]\(((?:https?|mailto|tel):[^\s()<>]{1,2000})\)/y;
const ADDRESS = /https?:\/\/[^\s<>"]{2,2000}/y;
const CODE = /`([^`\n]{1,1000})`/y;
const MARK = /\*\*|__|~~|\*|_/y;
const TAGS = { "**": "strong", __: "strong", "~~": "s", "*": "em", _: "em" };
const ITEM = /^\s{0,8}(?:([-*+•])|(\d{1,6})[.)])\s+(.*)$/;
const FENCE = /^\s{0,3}```/;
const ESCAPED = /\\([\\`*_~[\]()#+\-.!>])/y;
const WORD = /[\p{L}\p{N}]/u;

/** The nodes for words in our small markdown. */
export function markdown(text) {
  const found = [];
  let lines = [];
  let list = null;
  const closeLines = () => {
    if (lines.length) found.push(el("p", {}, ...inline(lines.join("\n").trim())));
    lines = [];
  };
  const rows = text.replace(/\r\n?/g, "\n").split("\n");
  for (let place = 0; place < rows.length; place += 1) {
    const row = rows[place];
    const item = ITEM.exec(row);
    if (FENCE.test(row)) {
      const end = rows.findIndex((one, at) => at > place && FENCE.test(one));
      if (end > 0) {
        closeLines();
        list = null;
        found.push(el("pre", {}, el("code", {}, rows.slice(place + 1, end).join("\n"))));
        place = end;
        continue;
      }
    }
    if (item) {
      closeLines();
      const tag = item[2] ? "ol" : "ul";
      if (list?.localName !== tag) {
        list = el(tag, item[2] && item[2] !== "1" ? { start: item[2] } : {});
        found.push(list);
      }
      list.append(el("li", { dir: "auto" }, ...inline(item[3])));
      continue;
    }
    if (list && /^ {2,}\S/.test(row)) {
      list.lastChild.append(el("br"), ...inline(row.trim()));
      continue;
    }
    list = null;
    if (row.trim()) lines.push(row);
    else closeLines();
  }
  closeLines();
  return found;
}

/** The nodes for words without any marks: only addresses become links. */
export function plain(text) {
  return [el("p", {}, ...scan(text.trim(), { marks: false }))];
}

function inline(text) {
  return scan(text, {});
}

/** Read a text once. Frames are what is open: a mark, and the nodes since. */
function scan(text, { marks = true, links = true }) {
  const frames = [{ mark: "", nodes: [] }];
  let words = "";
  const add = (...nodes) => frames.at(-1).nodes.push(...nodes);
  const flush = () => {
    if (words) add(words);
    words = "";
  };
  for (let at = 0; at < text.length; ) {
    const taken = special(text, at, { marks, links });
    if (!taken) {
      words += text[at];
      at += 1;
    } else if (taken.mark) {
      flush();
      turn(frames, taken.mark, text, at);
      at += taken.length;
    } else {
      words += taken.words ?? "";
      if (taken.nodes) {
        flush();
        add(...taken.nodes);
      }
      at += taken.length;
    }
  }
  flush();
  while (frames.length > 1) flatten(frames);
  return frames[0].nodes;
}

/** What begins here that is no plain letter, if anything. */
function special(text, at, { marks, links }) {
  const letter = text[at];
  if (letter === "h") return links ? address(text, at, marks) : null;
  if (!marks || !"\\`[*_~".includes(letter)) return null;
  const escaped = match(ESCAPED, text, at);
  if (escaped) return { words: escaped[1], length: 2 };
  const code = match(CODE, text, at);
  if (code) return { nodes: [el("code", {}, code[1])], length: code[0].length };
  const link = links ? match(LINK, text, at) : null;
  if (link) return { nodes: labelled(link[1], link[2]), length: link[0].length };
  const mark = match(MARK, text, at);
  return mark && { mark: mark[0], length: mark[0].length };
}

function address(text, at, marks) {
  const found = match(ADDRESS, text, at);
  if (!found || (at && WORD.test(text[at - 1]))) return null;
  let url = found[0].replace(/[.,;:!?'*_~»”’\]]+$/, "");
  if (url.endsWith(")") && !url.includes("(")) url = url.slice(0, -1);
  const meant = marks ? url.replace(/\\([\\`*_~[\]])/g, "$1") : url;
  return { nodes: [outward(meant, meant)], length: url.length };
}

/** A link by its label; one that looks like another address shows where it really goes. */
function labelled(label, url) {
  const words = scan(label, { links: false });
  // Of other programs only their address is told.
  if (!url.startsWith("http")) return [...words, ` (${url.replace(/^(mailto|tel):/, "")})`];
  const seemsOther = /^\s*(https?:|www\.)/i.test(label) && !url.includes(label.trim());
  return [outward(seemsOther ? [...words, ` (${url})`] : words, url)];
}

/** Close what this mark opened, open something, or leave the mark as it was written. */
function turn(frames, mark, text, at) {
  const before = text[at - 1] ?? " ";
  const after = text[at + mark.length] ?? " ";
  const inWord = mark.includes("_") && WORD.test(before) && WORD.test(after);
  const isOpen = frames.some((one) => one.mark === mark);
  if (!inWord && isOpen && !/\s/.test(before)) {
    while (frames.at(-1).mark !== mark) flatten(frames);
    const { nodes } = frames.pop();
    frames.at(-1).nodes.push(el(TAGS[mark], {}, ...nodes));
  } else if (!inWord && !isOpen && !/\s/.test(after)) {
    frames.push({ mark, nodes: [] });
  } else {
    frames.at(-1).nodes.push(mark);
  }
}

/** What was opened and never closed is a mark as it was written. */
function flatten(frames) {
  const { mark, nodes } = frames.pop();
  const into = frames.at(-1).nodes;
  into.push(mark);
  for (const node of nodes) into.push(node);
}

function match(pattern, text, at) {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
