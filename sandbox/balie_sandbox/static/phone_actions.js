// What the customer does: each is one call of the sandbox's control.
const { number, business } = document.body.dataset;
const texts = JSON.parse(document.body.dataset.texts);
const notice = document.getElementById("notice");

const KINDS = ["image", "video", "audio"];

export function tell(text) {
  notice.hidden = !text;
  notice.textContent = text;
}

export async function post(path, body) {
  const answer = await fetch(`/control/whatsapp/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error((await answer.json()).error);
}

export function write(message) {
  return post("messages", { from: `+${number}`, to: business, ...message });
}

async function orTell(work) {
  try {
    await work;
    tell("");
  } catch {
    tell(texts.not_sent);
  }
}

export function tap(messageId, which) {
  return orTell(post(`phones/${number}/tap`, { message_id: messageId, ...which }));
}

export function played(messageId) {
  return post(`phones/${number}/play`, { message_id: messageId }).catch(() => {});
}

export function react(messageId, emoji) {
  return orTell(write({ type: "reaction", reaction: { message_id: messageId, ...(emoji && { emoji }) } }));
}

export function revoke(messageId) {
  return orTell(write({ type: "revoke", revoke: { original_message_id: messageId } }));
}

export function edit(messageId, text) {
  return write({ type: "edit", edit: { original_message_id: messageId, text } });
}

export function sendLocation() {
  const location = { latitude: 52.09083, longitude: 5.12222, name: "Domplein", address: "Domplein 1, Utrecht" };
  return orTell(write({ type: "location", location }));
}

export function sendContact() {
  return orTell(write({ type: "contacts" }));
}

function base64(file) {
  return new Promise((done, fail) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => fail(reader.error);
    reader.readAsDataURL(file);
  });
}

export async function sendFile(file, { voice = false, caption = "", quoted = null } = {}) {
  const kind = file.type.split("/")[0];
  const type = voice ? "voice" : KINDS.includes(kind) ? kind : "document";
  const sent = { base64: await base64(file), name: file.name };
  // A browser knows no codecs of a file; recordings in WhatsApp are Opus.
  if (file.type) sent.mime_type = voice && file.type === "audio/ogg" ? "audio/ogg; codecs=opus" : file.type;
  const extra = { ...(caption && { caption }), ...(quoted && { reply_to: quoted }) };
  return orTell(write({ type, file: sent, ...extra }));
}
