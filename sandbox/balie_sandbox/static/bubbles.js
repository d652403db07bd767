// What each type of message looks like on the phone. Everything anybody wrote stays text.
import { tap, played } from "./phone_actions.js";

const texts = JSON.parse(document.body.dataset.texts);
const MEDIA = new Set(["image", "video", "audio", "document", "sticker"]);

export function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  // Only ever as text: whatever anybody writes stays what they wrote.
  if (text !== undefined) made.textContent = text;
  return made;
}

function button(label, act) {
  const made = element("button", "choice", label);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

function link(label, url) {
  // A business can put any address here; only pages are opened.
  if (!/^https?:\/\//i.test(url)) return element("span", "choice", label);
  const made = element("a", "choice", label);
  made.href = url;
  made.target = "_blank";
  made.rel = "noreferrer noopener";
  return made;
}

function fileUrl(id) {
  return `/control/whatsapp/media/${encodeURIComponent(id)}/file`;
}

function media(type, content, message) {
  if (!content?.id) return element("p", "missing", content?.link ?? texts.no_file);
  if (type === "image" || type === "sticker") {
    const picture = element("img", type);
    picture.src = fileUrl(content.id);
    picture.alt = content.caption ?? texts[type];
    return picture;
  }
  if (type === "document") {
    const paper = element("a", "file", content.filename || texts.document);
    paper.href = fileUrl(content.id);
    paper.download = content.filename || "document";
    return paper;
  }
  const player = element(type, type);
  player.controls = true;
  player.preload = "metadata";
  player.src = fileUrl(content.id);
  player.setAttribute("aria-label", content.voice ? texts.voice : texts[type]);
  if (content.voice && message.direction === "in") {
    player.addEventListener("play", () => played(message.id), { once: true });
  }
  return player;
}

function withCaption(type, content, message) {
  const parts = [media(type, content, message)];
  if (content?.caption) parts.push(element("p", "", content.caption));
  return parts;
}

function place(content) {
  const card = element("div", "place");
  card.append(element("strong", "", content.name || texts.location));
  if (content.address) card.append(element("span", "", content.address));
  card.append(element("span", "quiet", `${content.latitude}, ${content.longitude}`));
  return [card];
}

function cards(contacts) {
  return contacts.map((contact) => {
    const card = element("div", "place");
    card.append(element("strong", "", contact.name?.formatted_name ?? texts.contact));
    for (const phone of contact.phones ?? []) card.append(element("span", "", phone.phone ?? phone.wa_id));
    for (const mail of contact.emails ?? []) card.append(element("span", "", mail.email));
    return card;
  });
}

function header(given, message) {
  if (!given) return [];
  if (given.type === "text") return [element("strong", "", given.text)];
  if (given.type === "location") return place(given.location);
  return [media(given.type, given[given.type], message)];
}

function choices(made) {
  const holder = element("div", "choices");
  holder.append(...made);
  return made.length ? [holder] : [];
}

function rows(action, message) {
  const all = element("details", "rows");
  all.append(element("summary", "choice", action.button));
  for (const section of action.sections) {
    if (section.title) all.append(element("span", "quiet", section.title));
    for (const row of section.rows) {
      const choice = button(row.title, () => tap(message.id, { id: row.id }));
      if (row.description) choice.append(element("span", "quiet", row.description));
      all.append(choice);
    }
  }
  return all;
}

function actions(content, message) {
  const { action } = content;
  const simple = (label) => [button(label, () => tap(message.id, {}))];
  switch (content.type) {
    case "button":
      return action.buttons.map(({ reply }) => button(reply.title, () => tap(message.id, { id: reply.id })));
    case "list":
      return [rows(action, message)];
    case "cta_url":
      return [link(action.parameters.display_text, action.parameters.url)];
    case "flow":
      return simple(action.parameters.flow_cta);
    case "location_request_message":
      return simple(texts.send_location);
    case "request_contact_info":
      return simple(texts.share_contact);
    case "call_permission_request":
      return simple(texts.allow_calls);
    case "voice_call":
      return [element("span", "choice", action.parameters.display_text)];
    default:
      return [element("span", "quiet", `${texts.other} ${content.type}`)];
  }
}

function interactive(content, message) {
  const reply = content[content.type];
  if (reply?.title) return [element("p", "", reply.title)];
  if (message.direction === "out") return [element("p", "", reply?.body ?? reply?.response ?? content.type)];
  const parts = header(content.header, message);
  if (content.body) parts.push(element("p", "", content.body.text));
  if (content.footer) parts.push(element("span", "quiet", content.footer.text));
  return [...parts, ...choices(actions(content, message))];
}

function template(content, message) {
  const parts = [...header(content.header, message), element("p", "", content.body)];
  if (content.footer) parts.push(element("span", "quiet", content.footer));
  const made = (content.buttons ?? []).map((given, index) => {
    if (given.type === "URL") return link(given.text, given.url);
    if (given.type === "QUICK_REPLY" || given.type === "REQUEST_CONTACT_INFO") {
      return button(given.text, () => tap(message.id, { index }));
    }
    return element("span", "choice", given.text);
  });
  return [...parts, ...choices(made)];
}

function order(content) {
  const items = content.product_items ?? [];
  const lines = items.map((item) => `${item.quantity} × ${item.product_retailer_id}`);
  return [element("p", "", [texts.order, ...lines, content.text].filter(Boolean).join("\n"))];
}

export function body(message) {
  const content = message.message;
  if (message.revoked) return [element("p", "gone", texts.revoked)];
  if (message.text !== null) return [element("p", "", message.text)];
  if (MEDIA.has(message.type)) return withCaption(message.type, content, message);
  switch (message.type) {
    case "location":
      return place(content.location ?? content);
    case "contacts":
      return cards(Array.isArray(content) ? content : content.contacts);
    case "interactive":
      return interactive(content.interactive ?? content, message);
    case "template":
      return template(content, message);
    case "button":
      return [element("p", "", (content.button ?? content).text)];
    case "order":
      return order(content.order ?? content);
    default:
      return [element("p", "gone", `${texts.other} ${message.type}`)];
  }
}

export function summary(message) {
  const content = message.message;
  const said = content?.caption ?? content?.body?.text ?? content?.body;
  return message.text ?? said ?? texts[message.type] ?? message.type;
}
