"""What the launcher offers now: chat with the expected wait, a question, or another way."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from balie.api import Context, TransientError, to_e164
from balie_livechat.availability.hours import day_names, read_days, read_hours
from balie_livechat.availability.opening import Opening
from balie_livechat.config.languages import in_language, listed
from balie_livechat.config.looks import LANGUAGES
from balie_livechat.moments import iso_or_none

OPEN, BUSY, CLOSED = "open", "busy", "closed"
LOOK_AGAIN_SECONDS = 60
SOONEST_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Present:
    """How it stands: open until, closed until, and how many wait (None: not known)."""

    closes_at: datetime | None
    opens_at: datetime | None
    closed_today: str
    waiting: int | None

    def state(self, config: Mapping[str, Any]) -> str:
        """Return in one word whether somebody is there."""
        if self.closes_at is None:
            return CLOSED
        most = config["most_waiting"]
        return BUSY if most and self.waiting is not None and self.waiting >= most else OPEN


def opening(config: Mapping[str, Any], locale: str) -> Opening:
    """Return the opening hours of the settings."""
    return Opening(
        spans=read_hours(config["opening_hours"]),
        zone=ZoneInfo(config["timezone"]),
        country=config["holidays"],
        closed_on=read_days(config["closed_on"]),
        locale=locale,
    )


def look(ctx: Context, locale: str) -> Present:
    """Return how it stands now. One question to the database, and none when closed."""
    hours, now = opening(ctx.config, locale), ctx.clock.now()
    closes_at = hours.closes_at(now)
    waiting = None
    if closes_at is not None and (ctx.config["agents"] or ctx.config["most_waiting"]):
        try:
            waiting = ctx.workload.waiting()
        except TransientError:
            waiting = None  # who wants to chat is not kept from it by this
    today = now.astimezone(hours.zone).date()
    return Present(closes_at, hours.opens_at(now), hours.closed_name(today), waiting)


def shown(ctx: Context, present: Present, locale: str) -> dict[str, Any]:
    """Return the offer as the widget shows it."""
    config = ctx.config
    state = present.state(config)
    return {
        "state": state,
        "offers": offers(config, state),
        "waiting": present.waiting,
        "wait_minutes": wait_minutes(config, present.waiting) if state != CLOSED else None,
        "opens_at": iso_or_none(present.opens_at),
        "closes_at": iso_or_none(present.closes_at) if config["opening_hours"] else None,
        "hours": [
            {
                "days": day_names(span.days, locale),
                "opens": f"{span.opens:%H:%M}",
                "closes": "24:00" if span.closes is None else f"{span.closes:%H:%M}",
            }
            for span in read_hours(config["opening_hours"])
        ],
        "closed_today": present.closed_today,
        "reply_time": in_language(config["reply_time"], locale),
        "topics": topics(config, locale),
        "phone": config["phone"],
        "mail": config["mail"],
        "whatsapp": whatsapp_url(config, ""),
        "look_again": look_again(present, ctx.clock.now()),
    }


def look_again(present: Present, now: datetime) -> int:
    """Return after how many seconds to ask again: then at the latest, or when it opens or closes.

    A second later than that: clocks differ.
    """
    change = present.opens_at or present.closes_at
    left = math.inf if change is None else (change - now).total_seconds() + 1
    return math.ceil(max(SOONEST_SECONDS, min(LOOK_AGAIN_SECONDS, left)))


def offers(config: Mapping[str, Any], state: str) -> list[str]:
    """Return what is offered, the best first."""
    first = ["chat"] if state == OPEN else ["question"]
    also = [
        way
        for way, name in (("whatsapp", "whatsapp_number"), ("phone", "phone"), ("mail", "mail"))
        if config[name]
    ]
    return first + also


def wait_minutes(config: Mapping[str, Any], waiting: int | None) -> int | None:
    """Return the expected wait, or None where it cannot be reckoned."""
    if waiting is None or not config["agents"]:
        return None
    return math.ceil(waiting * float(config["minutes_per_chat"]) / int(config["agents"]))


def topics(config: Mapping[str, Any], locale: str) -> list[str]:
    """Return what the chat is for, in a language."""
    return listed(in_language(config["topics"], locale))


def topic_in(config: Mapping[str, Any], topic: str, locale: str) -> str:
    """Return a topic as it is called in another language; one of the visitor's own as it is."""
    for language in LANGUAGES:
        found = topics(config, language)
        if topic in found:
            return topics(config, locale)[found.index(topic)]
    return topic


def whatsapp_url(config: Mapping[str, Any], text: str) -> str:
    """Return the address that opens WhatsApp with this text, or '' where there is no number."""
    number = config["whatsapp_number"]
    if not number:
        return ""
    digits = to_e164(number, "NL").removeprefix("+")
    words = f"?text={quote(text, safe='')}" if text else ""
    return f"{config['whatsapp_link_url']}/{digits}{words}"
