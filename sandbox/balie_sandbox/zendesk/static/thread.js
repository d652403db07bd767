// The conversation of a ticket: its comments and their files.
import { at, base, clockTime, make, sizeWord, texts } from "./page.js";

// What each item was made of.
const signs = new WeakMap();
// While the reader is at the end of the conversation, the page stays there.
let isAtEnd = true;

const toEnd = () => {
  if (isAtEnd) at("thread").scrollTop = at("thread").scrollHeight;
};

let lastTop = 0;
at("thread").addEventListener("scroll", () => {
  const thread = at("thread");
  const isThere = thread.scrollHeight - thread.scrollTop - thread.clientHeight < 20;
  // Only who scrolls up leaves the end; a picture that has come takes it away from the reader.
  if (isThere || thread.scrollTop < lastTop) isAtEnd = isThere;
  lastTop = thread.scrollTop;
});

function fileItem(file) {
  const item = make("li");
  item.dataset.test = "desk-file";
  item.dataset.fileId = file.id;
  if (file.blocked) {
    item.append(make("span", "blocked", `${file.name}: ${texts.malware}`));
    return item;
  }
  const address = `${base}/files/${file.id}`;
  const link = make("a", "", `${file.name} · ${sizeWord(file.size)}`);
  link.href = address;
  link.target = "_blank";
  link.rel = "noopener";
  if (!file.shown) link.download = file.name;
  if (file.shown === "img") {
    const picture = make("img");
    picture.src = address;
    picture.alt = file.name;
    picture.addEventListener("load", toEnd);
    link.prepend(picture);
  } else if (file.shown) {
    const player = make(file.shown);
    player.src = address;
    player.controls = true;
    player.preload = "metadata";
    player.setAttribute("aria-label", file.name);
    item.append(player);
  }
  item.append(link);
  return item;
}

function commentItem(comment) {
  const item = make("li");
  item.dataset.test = "desk-comment";
  item.dataset.commentId = comment.id;
  signs.set(item, JSON.stringify(comment));
  item.dataset.public = comment.public;
  item.dataset.side = comment.side;
  const meta = make("p", "meta");
  const kind = comment.public ? texts[comment.side] : texts.internal;
  meta.append(make("strong", "", comment.author), ` · ${kind} · ${clockTime(comment.at)}`);
  item.append(meta, make("p", "body", comment.body));
  if (comment.files.length) {
    const files = make("ul", "files");
    files.append(...comment.files.map(fileItem));
    item.append(files);
  }
  return item;
}

// Only what is new or changed is made anew, so that a voice note plays on.
export function showThread(comments) {
  const thread = at("thread");
  const present = new Map([...thread.children].map((item) => [item.dataset.commentId, item]));
  const isLonger = comments.some((comment) => !present.has(String(comment.id)));
  const items = comments.map((comment) => {
    const old = present.get(String(comment.id));
    return old && signs.get(old) === JSON.stringify(comment) ? old : commentItem(comment);
  });
  const same = items.length === thread.children.length && items.every((item, i) => item === thread.children[i]);
  if (same) return;
  for (const [i, item] of items.entries()) {
    if (thread.children[i] !== item) thread.insertBefore(item, thread.children[i] ?? null);
  }
  while (thread.children.length > items.length) thread.lastChild.remove();
  isAtEnd ||= isLonger;
  toEnd();
}
