// What the desk's parts share. Everything a person wrote reaches the page through textContent only.
export const base = document.body.dataset.base;
export const texts = JSON.parse(document.getElementById("texts").textContent);
export const at = (id) => document.getElementById(id);
export const button = (name) => document.querySelector(`[data-test=desk-${name}]`);

export function make(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

export const statusWord = (status) => texts[status === "closed" ? "status_closed" : status] ?? status;
export const clockTime = (stamp) =>
  new Date(stamp).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });

export function sizeWord(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} kB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

export function tell(sentence) {
  at("alert").textContent = sentence ?? "";
  at("alert").hidden = !sentence;
}

// Sends a form as it is, anything else as JSON; without a body it only reads.
export async function call(path, body) {
  const isForm = body instanceof FormData;
  const options = body === undefined ? {} : {
    method: "POST",
    headers: isForm ? {} : { "Content-Type": "application/json" },
    body: isForm ? body : JSON.stringify(body),
  };
  const answer = await fetch(`${base}${path}`, options);
  if (answer.status === 204) return null;
  const found = await answer.json();
  if (!answer.ok) throw new Error(found.error);
  return found;
}

const signs = new WeakMap();

// Puts rows of [value, text] into a select, and keeps what was chosen.
export function fillSelect(select, rows) {
  const sign = JSON.stringify(rows);
  if (signs.get(select) === sign) return;
  const chosen = select.value;
  signs.set(select, sign);
  select.replaceChildren(...rows.map(([value, text]) => Object.assign(make("option", "", text), { value })));
  if (rows.some(([value]) => String(value) === chosen)) select.value = chosen;
}
