// The first screen: whether somebody is there, and every way in.
import { attribute, button, el, hidden, outward, say, shown } from "./dom.js";
import { icon } from "./icons.js";
import { availabilityWords, hoursTable } from "./availability.js";
import { inOneLine } from "./parts.js";

const MOST_TALKS = 3;

/** Make the first screen. */
export function createHome(ui) {
  const { settings, t } = ui;
  const dot = el("span", { class: "dot", "aria-hidden": "true" });
  const line = el("span", { class: "presence-words", dir: "auto" });
  const more = el("p", { class: "presence-more", dir: "auto" });
  const begin = el("div", { class: "begin" });
  const presence = el(
    "section",
    { class: "card presence", "aria-label": t("availability") },
    el("p", { class: "presence-line", test: "availability", role: "status" }, dot, line),
    more,
    begin,
  );
  const talks = el("section", { class: "card list", test: "threads", "aria-labelledby": "talks" });
  const topics = topicList(ui);
  const ways = el("section", { class: "card list", "aria-labelledby": "ways" });
  const hours = el("section", { class: "card hours" });
  const foot = settings.consent.privacy_url
    ? el("p", { class: "foot" }, outward(t("privacy"), settings.consent.privacy_url))
    : null;
  const node = el(
    "div",
    { class: "home" },
    el("div", { class: "hero" },
      el("h2", { dir: "auto", tabindex: -1 }, t("greeting")),
      el("p", { dir: "auto" }, t("welcome")),
    ),
    el("div", { class: "cards" }, presence, talks, topics, ways, hours, foot),
  );
  let drawn = {};
  let showsAll = false;

  function update(state) {
    const { availability, threads } = state;
    if (drawn.availability !== availability) drawAvailability(availability);
    if (drawn.threads !== threads || drawn.messages !== state.messages) drawTalks(state);
    drawn = { availability, threads, messages: state.messages };
  }

  function drawAvailability(facts) {
    dot.dataset.state = facts.state;
    const words = availabilityWords(ui, facts);
    say(line, words.line);
    say(more, words.more);
    shown(more, words.more !== "");
    const [first, ...others] = facts.offers;
    const hadFocus = begin.contains(document.activeElement);
    const way = wayIn(ui, first, facts);
    way.className = "button wide";
    begin.replaceChildren(way);
    if (hadFocus) begin.firstChild.focus();
    const rows = others.map((one) => wayIn(ui, one, facts));
    ways.replaceChildren(el("h3", { id: "ways" }, t("other_ways")), ...rows);
    shown(ways, rows.length > 0);
    const open = hours.querySelector("details")?.open;
    hours.replaceChildren(...hoursTable(ui, facts));
    if (open) hours.querySelector("details").open = true;
    shown(hours, facts.hours.length > 0);
  }

  function drawTalks(state) {
    const said = state.threads.filter((one) => lastOf(state, one));
    shown(talks, said.length > 0);
    const some = showsAll ? said : said.slice(0, MOST_TALKS);
    const focused = document.activeElement?.dataset?.thread;
    const rows = some.map((one) => talkRow(ui, one, lastOf(state, one)));
    const all = button(t("all_talks", { n: said.length }), showAll, { class: "row-button more" });
    const rest = some.length < said.length ? [all] : [];
    talks.replaceChildren(el("h3", { id: "talks" }, t("your_talks")), ...rows, ...rest);
    if (focused) rows.find((one) => one.dataset.thread === focused)?.focus();
  }

  function showAll() {
    showsAll = true;
    drawTalks(ui.talk.state);
    talks.querySelectorAll("button")[MOST_TALKS]?.focus();
  }

  return { node, update, leave: () => {}, focus: () => false };
}

function lastOf(state, thread) {
  return state.messages[thread.id]?.at(-1) ?? thread.last ?? null;
}

function topicList(ui) {
  const rows = ui.settings.topics.map((topic) =>
    button([el("span", { dir: "auto" }, topic), icon("next")], () => ui.begin({ topic }), {
      class: "row-button",
      test: "topic",
    }),
  );
  const title = el("h3", { id: "topics" }, ui.t("topics"));
  const facts = { class: "card list", "aria-labelledby": "topics", hidden: !rows.length };
  return el("section", facts, title, ...rows);
}

function talkRow(ui, thread, last) {
  const who = last.by === "customer" ? `${ui.t("you")}: ` : "";
  const count = thread.unread
    ? el("span", { class: "badge" }, thread.unread, hidden(ui.t("unread", { n: thread.unread })))
    : null;
  const status = thread.elsewhere ? "elsewhere" : thread.isOver ? "over" : "";
  const state = status ? ` · ${ui.t(`talk_${status}`)}` : "";
  const row = button(
    [
      el("span", { class: "talk-words" },
        el("span", { class: "talk-last", dir: "auto" }, `${who}${inOneLine(ui, last)}`),
        el("small", {}, `${ui.times.ago(last.at)}${state}`),
      ),
      count,
      icon("next"),
    ],
    () => ui.go("talk", { thread: thread.id }),
    { class: "row-button talk", test: "thread" },
  );
  attribute(row, "data-thread", thread.id);
  attribute(row, "data-unread", Boolean(thread.unread));
  return row;
}

/** One way in: a button for the chat, a link for what is elsewhere. */
function wayIn(ui, way, facts) {
  const { t } = ui;
  if (way === "chat" || way === "question") {
    const words = [t(`way_${way}`)];
    return button([el("span", {}, words)], () => ui.begin({}), {
      class: "row-button",
      test: "new-thread",
    });
  }
  const shownAs = { whatsapp: "", phone: facts.phone, mail: facts.mail }[way];
  const inside = [
    icon(way),
    el("span", { class: "way-words" },
      el("span", {}, t(`way_${way}`)),
      shownAs ? el("small", {}, el("bdi", {}, shownAs)) : null,
    ),
    icon(way === "whatsapp" ? "out" : "next"),
  ];
  const given = { class: "row-button", test: `way-${way}` };
  if (way === "whatsapp") return outward(inside, facts.whatsapp, given);
  const address = way === "phone" ? facts.phone.replace(/[^\d+]/g, "") : encodeURI(facts.mail);
  return el("a", { href: `${way === "phone" ? "tel" : "mailto"}:${address}`, ...given }, inside);
}
