// The agent's desk: the list, the chosen ticket, and what the agent does with it.
import { formOf, hasFiles, putBack, takeFiles } from "./attaching.js";
import { at, button, call, fillSelect, make, statusWord, tell, texts } from "./page.js";
import { showThread } from "./thread.js";

// The server holds the question until there is news, so the next follows at once.
const PAUSE_MS = 50;
const RETRY_MS = 2000;

const state = { version: null, chosen: null, seen: new Map(), drafts: new Map(), picked: false };

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
  row.querySelector(".subject").textContent = `#${ticket.id} ${ticket.subject}`;
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

function showMergeChoices(tickets) {
  const others = tickets.filter((ticket) => ticket.id !== state.chosen && ticket.status !== "closed");
  fillSelect(at("merge-choice"), others.map((ticket) => [ticket.id, `#${ticket.id} ${ticket.subject}`]));
  button("merge").disabled = at("merge-choice").disabled = others.length === 0;
}

function fieldRow(title, value) {
  const row = make("div");
  row.append(make("dt", "", title));
  const shown = make("dd");
  if (/^https?:\/\/\S+$/.test(value)) {
    const link = make("a", "", value);
    link.href = value;
    link.target = "_blank";
    link.rel = "noopener";
    shown.append(link);
  } else shown.textContent = value;
  row.append(shown);
  return row;
}

function showDetails(ticket) {
  at("tags").replaceChildren(...ticket.tags.map((tag) => make("li", "", tag)));
  const rows = ticket.fields.map(({ title, value }) => fieldRow(title, value));
  const add = (title, value) => value && rows.push(fieldRow(title, String(value)));
  add(texts.assignee, ticket.assignee);
  add(texts.priority, ticket.priority);
  add(texts.follows, ticket.follows && `#${ticket.follows}`);
  add(texts.followed_by, ticket.followed_by.map((id) => `#${id}`).join(", "));
  add(texts.copied, ticket.copied.join(", "));
  add(texts.aside, ticket.aside.join(", "));
  add(texts.rating, ticket.rating && texts[`rating_${ticket.rating.score}`]);
  at("fields").replaceChildren(...rows);
}

function showTicket(ticket) {
  if (ticket.id !== state.chosen) return;
  at("subject").textContent = `#${ticket.id} ${ticket.subject}`;
  at("status").textContent = statusWord(ticket.status);
  at("status").dataset.status = ticket.status;
  at("name").textContent = ticket.requester.name;
  at("phone").textContent = ticket.requester.phone ?? "–";
  at("external").textContent = ticket.requester.external_id ?? "–";
  showDetails(ticket);
  showThread(ticket.comments);
  const closed = ticket.status === "closed";
  at("closed").hidden = !closed;
  for (const control of at("ticket").querySelectorAll("#answer :is(button, textarea, select), .more :is(button, select)")) {
    control.disabled = closed;
  }
  const solved = ticket.status === "solved";
  button("solve").hidden = solved;
  button("reopen").hidden = !solved;
  const choice = at("status-choice");
  if (document.activeElement !== choice) choice.value = ticket.status === "new" ? "open" : ticket.status;
}

async function choose(id) {
  if (state.chosen !== null) state.drafts.set(state.chosen, at("body").value);
  if (state.chosen !== id) {
    at("thread").replaceChildren();
    takeFiles();
  }
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
  fillSelect(at("agent"), found.agents.map((agent) => [agent.id, agent.name]));
  fillSelect(at("macro"), [["", texts.macro], ...found.macros.map((macro) => [macro.id, macro.title])]);
  const ids = found.tickets.map((ticket) => ticket.id);
  // A reset of the sandbox takes the chosen ticket away.
  if (state.chosen !== null && !ids.includes(state.chosen)) return forget();
  const isWide = matchMedia("(min-width: 561px)").matches;
  if (state.chosen === null && !state.picked && ids.length && isWide) return choose(ids[0]);
  showList(found.tickets);
  if (state.chosen === null) return;
  showTicket(await call(`/tickets/${state.chosen}`));
  if (at("status").dataset.status !== "closed") showMergeChoices(found.tickets);
}

async function forget() {
  state.seen.clear();
  state.drafts.clear();
  state.chosen = null;
  at("body").value = "";
  await choose(null);
  state.picked = false;
}

async function act(name, fields) {
  const body = fields instanceof FormData ? fields : { ...fields, agent: at("agent").value };
  try {
    const ticket = await call(`/tickets/${state.chosen}/${name}`, body);
    tell();
    if (ticket.id === state.chosen) showTicket(ticket);
    state.version = null;
    await refresh();
    return ticket;
  } catch (problem) {
    tell(`${texts.failed}: ${problem.message}`);
    return null;
  }
}

async function say(isPublic) {
  const body = at("body").value;
  if (!body.trim() && !hasFiles()) return at("body").focus();
  // Emptied at once, so that a second click cannot send the words twice.
  at("body").value = "";
  const files = takeFiles();
  const fields = { body, public: isPublic, agent: at("agent").value };
  if (!(await act("comments", files.length ? formOf(fields, files) : fields))) {
    at("body").value = body;
    putBack(files);
  }
  at("body").focus();
}

async function useMacro() {
  const macro = at("macro").value;
  at("macro").value = "";
  if (!macro) return;
  const { body } = await call(`/tickets/${state.chosen}/macros/${macro}`);
  at("body").value = [at("body").value, body].filter(Boolean).join("\n");
  at("body").focus();
}

async function merge() {
  const target = await act("merge", { into: Number(at("merge-choice").value) });
  if (target) await choose(target.id);
}

at("answer").addEventListener("submit", (event) => {
  event.preventDefault();
  say(true);
});
button("note").addEventListener("click", () => say(false));
button("solve").addEventListener("click", () => act("solve", {}));
button("reopen").addEventListener("click", () => act("status", { status: "open" }));
button("close").addEventListener("click", () => act("status", { status: "closed" }));
button("merge").addEventListener("click", merge);
at("status-choice").addEventListener("change", () => act("status", { status: at("status-choice").value }));
at("macro").addEventListener("change", useMacro);
at("back").addEventListener("click", () => choose(null));
at("body").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) say(true);
});

async function live() {
  let wait = PAUSE_MS;
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
