// Whether somebody is there, in words.
import { el } from "./dom.js";
import { icon } from "./icons.js";

const MINUTES_TO_TELL = 90;
const HOURS_TO_TELL = 4;

/**
 * What to say of it; of the wait only while one is waiting or may come to.
 * @returns {{line: string, more: string, short: string}} in one line, what else is to be known,
 *   and both for the top of a conversation
 */
export function availabilityWords(ui, facts, isAnswered = false) {
  const { t, times } = ui;
  const reply = facts.reply_time ? t("reply_time", { time: facts.reply_time }) : "";
  if (facts.state === "closed") {
    const opens = facts.opens_at ? t("opens", { when: times.opens(facts.opens_at) }) : "";
    const line = facts.closed_today ? t("closed_for", { day: facts.closed_today }) : t("closed");
    const more = [opens, t("leave_question")].filter(Boolean).join(" ");
    return { line, more, short: opens || line };
  }
  if (facts.state === "busy") {
    return { line: t("busy"), more: t("leave_question"), short: t("busy") };
  }
  const wait = waitWords(ui, facts.wait_minutes);
  const more = [wait, reply].filter(Boolean).join(" · ");
  return { line: t("open"), more, short: (!isAnswered && (wait || reply)) || t("open") };
}

function waitWords(ui, minutes) {
  if (minutes === null || minutes === undefined) return "";
  if (minutes === 0) return ui.t("wait_none");
  if (minutes <= MINUTES_TO_TELL) return ui.t("wait", { n: minutes });
  const hours = Math.round(minutes / 60);
  // Beyond that it is no longer known by the hour.
  if (hours > HOURS_TO_TELL) return ui.t("wait_long", { n: HOURS_TO_TELL });
  return ui.t("wait_hours", { n: hours });
}

/** The opening hours, folded. */
export function hoursTable(ui, facts) {
  if (!facts.hours.length) return [];
  const rows = facts.hours.map((one) =>
    el("div", {}, el("dt", {}, one.days), el("dd", {}, `${one.opens} – ${one.closes}`)),
  );
  const until = facts.closes_at
    ? el("small", {}, ui.t("open_until", { time: ui.times.clock(facts.closes_at) }))
    : null;
  const words = el("span", {}, ui.t("hours"));
  const summary = el("summary", {}, icon("clock"), words, until, icon("down"));
  return [el("details", {}, summary, el("dl", {}, ...rows))];
}
