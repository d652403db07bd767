// The agent's desk. Everything a person wrote reaches the page through textContent only.
const POLL_MS = 500;
const HIDDEN_POLL_MS = 3000;
const RETRY_MS = 2000;

const base = document.body.dataset.base;
const texts = JSON.parse(document.getElementById("texts").textContent);
const at = (id) => document.getElementById(id);
const button = (name) => document.querySelector(`[data-test=desk-${name}]`);

const state = { version: null, chosen: null, seen: new Map(), drafts: new Map(), picked: false };

const make = (tag, className, text) => {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
};

const statusWord = (status) => texts[status === "closed" ? "status_closed" : status] ?? status;
const clockTime = (stamp) =>
  new Date(stamp).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });

function tell(sentence) {
  at("alert").textContent = sentence ?? "";
  at("alert").hidden = !sentence;
}

async function call(path, body) {
  const options = body === undefined ? {} : {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  };
  const answer = await fetch(`${base}${path}`, options);
  if (answer.status === 204) return null;
  const found = await answer.json();
  if (!answer.ok) throw new Error(found.error);
  return found;
}

function ticketButton(ticket) {
  const row = make("button");
  row.type = "button";
  row.dataset.test = "desk-ticket";
  const line = make("span", "line");
  const status = make("span", "status", statusWord(ticket.status));
  line.append(make("span", "name"), make("span", "mark"), status);
  row.append(line, make("span", "subject"), make("span", "last"));
  row.addEventListener("click", () => choose(ticket.id));
  return row;
}

function fillButton(row, ticket) {
  const isChosen = ticket.id === state.chosen;
  if (isChosen) state.seen.set(ticket.id, ticket.last_id);
  const unread = ticket.waiting && state.seen.get(ticket.id) !== ticket.last_id;
  row.dataset.ticketId = ticket.id;
  row.dataset.unread = unread;
  row.classList.toggle("unread", unread);
  row.setAttribute("aria-current", isChosen);
  row.querySelector(".name").textContent = ticket.requester;
  row.querySelector(".mark").textContent = unread ? texts.unread : "";
  row.querySelector(".subject").textContent = ticket.subject;
  row.querySelector(".last").textContent = ticket.last;
  const status = row.querySelector(".status");
  status.textContent = statusWord(ticket.status);
  status.dataset.status = ticket.status;
}

function showList(tickets) {
  const list = at("tickets");
  const known = new Map([...list.children].map((item) => [item.dataset.key, item]));
  const items = tickets.map((ticket) => {
    const key = String(ticket.id);
    const item = known.get(key) ?? make("li");
    if (!item.firstChild) item.append(ticketButton(ticket));
    item.dataset.key = key;
    fillButton(item.firstChild, ticket);
    return item;
  });
  const focused = document.activeElement;
  const same = items.length === list.children.length && items.every((item, i) => item === list.children[i]);
  if (!same) {
    list.replaceChildren(...items);
    if (list.contains(focused)) focused.focus();
  }
  at("none").hidden = tickets.length > 0;
}

function commentItem(comment) {
  const item = make("li");
  item.dataset.test = "desk-comment";
  item.dataset.commentId = comment.id;
  item.dataset.public = comment.public;
  item.dataset.side = comment.side;
  const meta = make("p", "meta");
  const kind = comment.public ? texts[comment.side] : texts.internal;
  meta.append(make("strong", "", comment.author), ` · ${kind} · ${clockTime(comment.at)}`);
  item.append(meta, make("p", "body", comment.body));
  return item;
}

function showThread(comments) {
  const thread = at("thread");
  const present = new Set(comments.map((comment) => String(comment.id)));
  if ([...thread.children].some((item) => !present.has(item.dataset.commentId))) thread.replaceChildren();
  const shown = new Set([...thread.children].map((item) => item.dataset.commentId));
  const fresh = comments.filter((comment) => !shown.has(String(comment.id)));
  if (!fresh.length) return;
  thread.append(...fresh.map(commentItem));
  thread.scrollTop = thread.scrollHeight;
}

function showTicket(ticket) {
  if (ticket.id !== state.chosen) return;
  at("subject").textContent = `#${ticket.id} ${ticket.subject}`;
  at("status").textContent = statusWord(ticket.status);
  at("status").dataset.status = ticket.status;
  at("name").textContent = ticket.requester.name;
  at("phone").textContent = ticket.requester.phone ?? "–";
  at("external").textContent = ticket.requester.external_id ?? "–";
  showThread(ticket.comments);
  const closed = ticket.status === "closed";
  at("closed").hidden = !closed;
  for (const control of at("answer").querySelectorAll("button, textarea")) control.disabled = closed;
  button("solve").disabled = closed || ticket.status === "solved";
}

async function choose(id) {
  if (state.chosen !== null) state.drafts.set(state.chosen, at("body").value);
  if (state.chosen !== id) at("thread").replaceChildren();
  state.chosen = id;
  state.picked = true;
  at("desk").classList.toggle("chosen", id !== null);
  at("ticket").hidden = id === null;
  at("choose").hidden = id !== null;
  at("body").value = state.drafts.get(id) ?? "";
  state.version = null;
  await refresh();
}

async function refresh() {
  const since = state.version === null ? "" : `?since=${state.version}`;
  const found = await call(`/tickets${since}`);
  if (!found) return;
  state.version = found.version;
  at("agent").textContent = found.agent.name;
  const ids = found.tickets.map((ticket) => ticket.id);
  // A reset of the sandbox takes the chosen ticket away.
  if (state.chosen !== null && !ids.includes(state.chosen)) return forget();
  const isWide = matchMedia("(min-width: 561px)").matches;
  if (state.chosen === null && !state.picked && ids.length && isWide) return choose(ids[0]);
  showList(found.tickets);
  if (state.chosen !== null) showTicket(await call(`/tickets/${state.chosen}`));
}

async function forget() {
  state.seen.clear();
  state.drafts.clear();
  state.chosen = null;
  at("body").value = "";
  await choose(null);
  state.picked = false;
}

async function act(path, body) {
  try {
    showTicket(await call(path, body));
    tell();
    await refresh();
    return true;
  } catch (problem) {
    tell(`${texts.failed}: ${problem.message}`);
    return false;
  }
}

async function say(isPublic) {
  const body = at("body").value;
  if (!body.trim()) return at("body").focus();
  // Emptied at once, so that a second click cannot send the words twice.
  at("body").value = "";
  if (!(await act(`/tickets/${state.chosen}/comments`, { body, public: isPublic }))) at("body").value = body;
  at("body").focus();
}

at("answer").addEventListener("submit", (event) => {
  event.preventDefault();
  say(true);
});
button("note").addEventListener("click", () => say(false));
button("solve").addEventListener("click", () => act(`/tickets/${state.chosen}/solve`, {}));
at("back").addEventListener("click", () => choose(null));
at("body").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) say(true);
});

async function live() {
  let wait = document.hidden ? HIDDEN_POLL_MS : POLL_MS;
  let offline = false;
  try {
    await refresh();
  } catch {
    offline = true;
    wait = RETRY_MS;
  }
  if (offline) tell(texts.offline);
  else if (at("alert").textContent === texts.offline) tell();
  setTimeout(live, wait);
}

live();
