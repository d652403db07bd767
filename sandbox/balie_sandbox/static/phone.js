// A customer's phone: shows what the sandbox's phone holds, and types into it.
const { number, business } = document.body.dataset;
const texts = JSON.parse(document.body.dataset.texts);
// English as in Europe: a 24-hour clock, the day before the month.
const lang = document.documentElement.lang === "nl" ? "nl" : "en-GB";
const list = document.getElementById("messages");
const presence = document.getElementById("presence");
const notice = document.getElementById("notice");
const form = document.getElementById("compose");
const input = document.getElementById("text");

const TICKS = { pending: "◷", sent: "✓", read: "✓✓" };
const RETRY_MILLISECONDS = 1000;
const TYPING_MILLISECONDS = 25000;

let shown = [];
let typingTimer = 0;
let followsEnd = true;

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  // Only ever as text: whatever anybody writes stays what they wrote.
  if (text !== undefined) made.textContent = text;
  return made;
}

function dayOf(message) {
  return new Date(message.at).toLocaleDateString(lang, { weekday: "long", day: "numeric", month: "long" });
}

function bubble(message) {
  const item = element("div", "message");
  item.dataset.test = "phone-message";
  item.dataset.id = message.id;
  item.dataset.direction = message.direction;
  const quoted = message.context && shown.find((other) => other.id === message.context.id);
  if (quoted) {
    const quote = element("blockquote", "quote", quoted.text ?? quoted.type);
    quote.setAttribute("aria-label", texts.quoted);
    item.append(quote);
  }
  const isText = message.text !== null;
  item.classList.toggle("other", !isText);
  item.append(element("p", "", isText ? message.text : `${texts.other} ${message.type}`));
  const footer = element("footer");
  const time = element("time", "", new Date(message.at).toLocaleTimeString(lang, { hour: "2-digit", minute: "2-digit" }));
  time.dateTime = message.at;
  footer.append(time);
  if (message.direction === "out") {
    const ticks = element("span", "ticks");
    ticks.setAttribute("role", "img");
    footer.append(ticks);
  }
  item.append(footer);
  return item;
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
  messages.forEach((message, at) => setStatus(items[at], message.status));
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

function tell(text) {
  notice.hidden = !text;
  notice.textContent = text;
}

async function post(path, body) {
  const answer = await fetch(`/control/whatsapp/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error((await answer.json()).error);
}

async function markRead() {
  const unread = shown.some((message) => message.direction === "in" && message.status !== "read");
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

function grow() {
  input.style.height = "auto";
  input.style.height = `${input.scrollHeight + 2}px`;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = input.value.trim();
  if (!text) return;
  input.value = "";
  grow();
  input.focus();
  try {
    await post("messages", { from: `+${number}`, to: business, type: "text", text });
  } catch {
    if (!input.value) input.value = text;
    tell(texts.not_sent);
  }
});

input.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});
input.addEventListener("input", grow);
list.addEventListener("scroll", () => {
  followsEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
});
new ResizeObserver(() => followsEnd && toEnd()).observe(list);
document.addEventListener("visibilitychange", () => markRead().catch(() => {}));
follow();
