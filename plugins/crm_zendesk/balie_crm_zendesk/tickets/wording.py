"""The words in a ticket: who it is, and what was said.

Everything here is plain text and goes out as ``body``, never as ``html_body``: what a hostile
customer writes stays what it is, text.
"""

import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from balie.api import (
    AddressKind,
    Batch,
    Line,
    Media,
    Part,
    PhoneInvalid,
    Tenant,
    Unknown,
    for_people,
    to_e164,
)
from balie_crm_zendesk import texts

LONGEST_NAME = 100
LONGEST_ABOUT = 200
LONGEST_WANT = 60
TOPIC = "topic"
"""The type of the part that says which of a chat's topics was chosen, behind a label."""

#: Countries with one time zone. Elsewhere, and for those not here yet, times are in UTC.
_ZONES = {
    "AT": "Europe/Vienna",
    "BE": "Europe/Brussels",
    "CH": "Europe/Zurich",
    "DE": "Europe/Berlin",
    "DK": "Europe/Copenhagen",
    "FR": "Europe/Paris",
    "GB": "Europe/London",
    "IE": "Europe/Dublin",
    "IT": "Europe/Rome",
    "LU": "Europe/Luxembourg",
    "NL": "Europe/Amsterdam",
    "NO": "Europe/Oslo",
    "PL": "Europe/Warsaw",
    "SE": "Europe/Stockholm",
}
#: A name of nothing else shows nothing. Within a name they may join emoji.
_INVISIBLE = frozenset({"Cf", "Zs"})
_BIDI = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def person(batch: Batch, tenant: Tenant) -> str:
    """Return what the customer is called in Zendesk, never empty."""
    called = name(batch) or number(batch, tenant.region)
    return called or texts.say(tenant.locale, "customer_of", channel=batch.channel)


def is_placeholder(name: str, channel: str) -> bool:
    """Say whether :func:`person` made this name up because there was none."""
    made_up = texts.in_all("customer_of", channel=channel)
    return name in made_up or not any(c.isalpha() for c in name)


def lines(batch: Batch, tenant: Tenant) -> list[str]:
    """Return how each of the batch's lines reads.

    Several get their local times, and their dates where those differ.
    """
    heads = stamps([one.at for one in batch.lines], tenant.region)
    told = [said(one, tenant.locale) for one in batch.lines]
    return [head + text for head, text in zip(heads, told, strict=True)]


def name(batch: Batch) -> str:
    """Return what the customer calls itself, as a line; perhaps empty."""
    return line(batch.person_name)


def about(batch: Batch) -> str:
    """Return what a customer wants, in a few words: topic and first words; perhaps empty."""
    for one in () if batch.internal else batch.lines:
        topics = [_behind_label(part.text) for part in one.parts if _is(part, TOPIC)]
        words = [part.text for part in one.parts if not isinstance(part, Unknown)]
        found = ": ".join(filter(None, map(line, [*topics, *words[:1]])))
        if found:
            return found if len(found) <= LONGEST_WANT else found[: LONGEST_WANT - 1].rstrip() + "…"
    return ""


def _is(part: Part, kind: str) -> bool:
    return isinstance(part, Unknown) and part.type == kind


def _behind_label(text: str) -> str:
    label, colon, words = text.partition(": ")
    return words if colon else label


def line(text: str) -> str:
    """Return a short text as one line, empty where nothing of it would show."""
    # Without marks that turn the writing direction: they would reorder what follows.
    plain = " ".join("".join(c for c in clean(text) if c not in _BIDI).split())
    if all(unicodedata.category(c) in _INVISIBLE for c in plain):
        return ""
    return plain[:LONGEST_NAME].strip()


def number(batch: Batch, region: str) -> str:
    """Return the customer's number as people in ``region`` write it; perhaps empty."""
    for address in batch.addresses:
        if address.kind is AddressKind.PHONE:
            try:
                return for_people(to_e164(address.value, region), region)
            except PhoneInvalid:  # a number newer than our numbering plans
                return address.value
    return ""


def clean(text: str) -> str:
    """Drop what JSON or Zendesk cannot hold: lone surrogates and control characters."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))


def said(one: Line, locale: str) -> str:
    """Return how a line reads, with what it is about."""
    words = clean("\n".join(map(_words, one.parts))).strip() or texts.say(locale, "no_text")
    about = " ".join(clean(one.about).split())[:LONGEST_ABOUT].strip()
    return f"> {texts.say(locale, 'about', words=about)}\n{words}" if about else words


def _words(part: Part) -> str:
    if isinstance(part, Media) and part.failed:
        return f"{part.text} ({part.failed})"
    return part.text


def stamps(times: Sequence[datetime], region: str) -> list[str]:
    """Return what stands before each of several lines; before one alone nothing does."""
    if len(times) == 1:
        return [""]
    zone = _zone(region)
    local = [time.astimezone(zone or UTC) for time in times]
    one_day = len({time.date() for time in local}) <= 1
    pattern = "%H:%M" if one_day else "%Y-%m-%d %H:%M"
    return [f"[{time.strftime(pattern)}{'' if zone else ' UTC'}] " for time in local]


def _zone(region: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(_ZONES[region])
    except (KeyError, ZoneInfoNotFoundError):
        return None
