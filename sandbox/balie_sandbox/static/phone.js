// A customer's phone: shows what the sandbox's phone holds, and types into it.
import { body, element, summary } from "./bubbles.js";
import { edit, post, sendContact, sendFile, sendLocation, tell, write } from "./phone_actions.js";
import { menu } from "./phone_menu.js";

const { number, business } = document.body.dataset;
const texts = JSON.parse(document.body.dataset.texts);
// English as in Europe: a 24-hour clock, the day before the month.
const lang = document.documentElement.lang === "nl" ? "nl" : "en-GB";
const list = document.getElementById("messages");
const presence = document.getElementById("presence");
const form = document.getElementById("compose");
const input = document.getElementById("text");
const about = document.getElementById("about");

const TICKS = { pending: "◷", sent: "✓", read: "✓✓" };
const RETRY_MILLISECONDS = 1000;
const TYPING_MILLISECONDS = 25000;

let shown = [];
let typingTimer = 0;
let followsEnd = true;
// What the next text does: quotes a message, or changes one.
let quoted = null;
let changed = null;

function dayOf(message) {
  return new Date(message.at).toLocaleDateString(lang, { weekday: "long", day: "numeric", month: "long" });
}

function footerOf(message) {
  const footer = element("footer");
  if (message.edited) footer.append(element("span", "", texts.edited));
  const time = element("time", "", new Date(message.at).toLocaleTimeString(lang, { hour: "2-digit", minute: "2-digit" }));
  time.dateTime = message.at;
  footer.append(time);
  if (message.direction === "out") {
    const ticks = element("span", "ticks");
    ticks.setAttribute("role", "img");
    footer.append(ticks);
  }
  return footer;
}

function bubble(message) {
  const item = element("div", "message");
  item.dataset.test = "phone-message";
  item.dataset.id = message.id;
  item.dataset.type = message.type;
  item.dataset.direction = message.direction;
  const original = message.context && shown.find((other) => other.id === message.context.id);
  if (original) {
    const quote = element("blockquote", "quote", summary(original));
    quote.setAttribute("aria-label", texts.quoted);
    item.append(quote);
  }
  item.append(...body(message), footerOf(message));
  if (!message.revoked) item.append(menu(message, { quote: startQuote, change: startChange }));
  const reactions = Object.values(message.reactions ?? {});
  if (reactions.length) {
    const faces = element("span", "reactions", reactions.join(" "));
    faces.dataset.test = "phone-reactions";
    faces.setAttribute("aria-label", `${texts.reactions}: ${reactions.join(" ")}`);
    item.append(faces);
  }
  // A bubble is made anew when anything but its ticks changes.
  item.look = lookOf(message);
  return item;
}

function lookOf(message) {
  return JSON.stringify([message.text, message.message, message.reactions, message.edited, message.revoked]);
}

function setStatus(item, status) {
  if (item.dataset.status === status) return;
  item.dataset.status = status;
  const ticks = item.querySelector(".ticks");
  if (ticks) {
    ticks.textContent = TICKS[status] ?? "";
    ticks.setAttribute("aria-label", texts[status] ?? status);
  }
}

function showMessages(messages) {
  const kept = shown.length <= messages.length && shown.every((message, at) => message.id === messages[at].id);
  const from = kept ? shown.length : 0;
  if (!kept) list.replaceChildren();
  shown = messages;
  messages.slice(from).forEach((message, offset) => {
    const before = messages[from + offset - 1];
    if (!before || dayOf(before) !== dayOf(message)) list.append(element("div", "day", dayOf(message)));
    list.append(bubble(message));
  });
  const items = list.querySelectorAll(".message");
  messages.forEach((message, at) => {
    let item = items[at];
    if (item.look !== lookOf(message)) {
      const again = bubble(message);
      item.replaceWith(again);
      item = again;
    }
    setStatus(item, message.status);
  });
  if (messages.length > from && (followsEnd || messages.at(-1).direction === "out")) toEnd();
}

function toEnd() {
  list.scrollTop = list.scrollHeight;
}

function showTyping(isTyping) {
  clearTimeout(typingTimer);
  presence.textContent = isTyping ? texts.typing : texts.online;
  if (isTyping) typingTimer = setTimeout(() => showTyping(false), TYPING_MILLISECONDS);
}

async function markRead() {
  const unread = shown.some((message) => message.direction === "in" && message.status === "delivered");
  if (unread && document.visibilityState === "visible") await post(`phones/${number}/read`, {});
}

async function follow() {
  let version = 0;
  for (;;) {
    try {
      const answer = await fetch(`/phone/${number}/news?since=${version}`);
      if (!answer.ok) throw new Error(answer.statusText);
      const phone = await answer.json();
      version = phone.version;
      showMessages(phone.messages.filter((message) => message.phone_number_id === business));
      showTyping(phone.typing);
      tell("");
      await markRead();
    } catch {
      // The sandbox is away. Start over when it is back: its versions may have begun again.
      version = 0;
      tell(texts.lost);
      await new Promise((wake) => setTimeout(wake, RETRY_MILLISECONDS));
    }
  }
}

function showAbout() {
  const message = quoted ?? changed;
  about.hidden = !message;
  about.querySelector("span").textContent = message ? `${quoted ? texts.quoted : texts.editing}: ${summary(message)}` : "";
}

function startQuote(message) {
  [quoted, changed] = [message, null];
  showAbout();
  input.focus();
}

function startChange(message) {
  [quoted, changed] = [null, message];
  input.value = message.text;
  grow();
  showAbout();
  input.focus();
}

function forget() {
  [quoted, changed] = [null, null];
  showAbout();
}

function grow() {
  input.style.height = "auto";
  input.style.height = `${input.scrollHeight + 2}px`;
}

function clear() {
  input.value = "";
  grow();
  forget();
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = input.value.trim();
  if (!text) return;
  const work = changed
    ? () => edit(changed.id, text)
    : () => write({ type: "text", text, ...(quoted && { reply_to: quoted.id }) });
  const sending = work();
  clear();
  input.focus();
  try {
    await sending;
  } catch {
    if (!input.value) input.value = text;
    tell(texts.not_sent);
  }
});

function fromPicker(id, voice) {
  const picker = document.getElementById(id);
  picker.addEventListener("change", async () => {
    const caption = voice ? "" : input.value.trim();
    const options = { voice, caption, quoted: quoted?.id };
    picker.closest("details").open = false;
    for (const file of picker.files) await sendFile(file, options);
    picker.value = "";
    if (!voice) clear();
  });
}

function fromButton(id, act) {
  const chosen = document.getElementById(id);
  chosen.addEventListener("click", () => {
    chosen.closest("details").open = false;
    act();
  });
}

fromPicker("attach-file", false);
fromPicker("attach-voice", true);
fromButton("attach-location", sendLocation);
fromButton("attach-contact", sendContact);
document.getElementById("forget").addEventListener("click", clear);
input.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});
input.addEventListener("input", grow);
if (input.value) {
  // A link brought words: one press sends them.
  grow();
  input.focus();
}
let lastTop = 0;
list.addEventListener("scroll", () => {
  const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
  // Only who scrolls up leaves the end; a picture that has come takes it away from the reader.
  if (isAtEnd || list.scrollTop < lastTop) followsEnd = isAtEnd;
  lastTop = list.scrollTop;
});
// Pictures grow when they have come.
list.addEventListener("load", () => followsEnd && toEnd(), true);
new ResizeObserver(() => followsEnd && toEnd()).observe(list);
document.addEventListener("visibilitychange", () => markRead().catch(() => {}));
follow();
