// The menu of one message: quote, react, change, take back.
import { element } from "./bubbles.js";
import { react, revoke } from "./phone_actions.js";

const texts = JSON.parse(document.body.dataset.texts);
const EMOJI = ["👍", "❤️", "😂", "😮", "🙏"];

function item(label, act, test) {
  const made = element("button", "", label);
  made.type = "button";
  made.dataset.test = test;
  made.addEventListener("click", () => {
    made.closest("details").open = false;
    act();
  });
  return made;
}

export function menu(message, { quote, change }) {
  const holder = element("details", "menu");
  const opener = element("summary", "", "⋯");
  opener.setAttribute("aria-label", texts.menu);
  const panel = element("div", "panel");
  const faces = element("div", "faces");
  for (const emoji of EMOJI) {
    const mine = message.reactions?.customer === emoji;
    const face = item(emoji, () => react(message.id, mine ? null : emoji), "phone-react");
    face.setAttribute("aria-pressed", String(mine));
    faces.append(face);
  }
  panel.append(faces, item(texts.quote, () => quote(message), "phone-quote"));
  if (message.direction === "out" && message.text !== null) {
    panel.append(item(texts.edit, () => change(message), "phone-edit"));
  }
  if (message.direction === "out") panel.append(item(texts.revoke, () => revoke(message.id), "phone-revoke"));
  holder.append(opener, panel);
  return holder;
}

// A menu that is open closes when anything else is touched.
document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll("details.menu[open], details.attach[open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const open of document.querySelectorAll("details.menu[open], details.attach[open]")) open.open = false;
});
