"""The words in a ticket: its subject, and lines as comments.

Everything here is plain text and goes out as ``body``, never as ``html_body``: what a hostile
customer writes stays what it is, text.
"""

import unicodedata
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from balie.api import AddressKind, Batch, Line, PhoneInvalid, for_people, to_e164

#: Zendesk takes about 64 KB a comment and gives no exact figure.
MOST_BYTES = 64_000
LONGEST_NAME = 100

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
_EMPTY = "(no text)"


def subject(batch: Batch, region: str) -> str:
    """Return a ticket's subject, such as ``WhatsApp: Noor 06 55501234``."""
    words = (_name(batch.person_name), _number(batch, region))
    return f"{batch.channel}: {' '.join(filter(None, words)) or 'customer'}"


def person(batch: Batch, region: str) -> str:
    """Return what the customer is called in Zendesk, never empty."""
    return _name(batch.person_name) or _number(batch, region) or f"{batch.channel} customer"


def comments(batch: Batch, region: str) -> list[str]:
    """Return the batch as comments: one, unless it is longer than Zendesk takes.

    Several lines get their local times, and their dates where those differ.
    """
    if len(batch.lines) == 1:
        texts = [_text(batch.lines[0])]
    else:
        stamps = _stamps([line.at for line in batch.lines], region)
        texts = [
            f"[{stamp}] {_text(line)}" for stamp, line in zip(stamps, batch.lines, strict=True)
        ]
    return _packed(texts) or [_EMPTY]


def _text(line: Line) -> str:
    return _clean("\n".join(part.text for part in line.parts)).strip() or _EMPTY


def _clean(text: str) -> str:
    """Drop what JSON or Zendesk cannot hold: lone surrogates and control characters."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))


def _name(name: str) -> str:
    # Without marks that turn the writing direction: they would reorder what follows the name.
    plain = "".join(c for c in _clean(name) if c not in _BIDI)
    if all(unicodedata.category(c) in _INVISIBLE for c in plain):
        return ""
    return " ".join(plain.split())[:LONGEST_NAME].strip()


def _number(batch: Batch, region: str) -> str:
    for address in batch.addresses:
        if address.kind is AddressKind.PHONE:
            try:
                return for_people(to_e164(address.value, region), region)
            except PhoneInvalid:  # a number newer than our numbering plans
                return address.value
    return ""


def _stamps(times: list[datetime], region: str) -> list[str]:
    zone = _zone(region)
    local = [time.astimezone(zone or UTC) for time in times]
    one_day = len({time.date() for time in local}) <= 1
    pattern = "%H:%M" if one_day else "%Y-%m-%d %H:%M"
    return [time.strftime(pattern) + ("" if zone else " UTC") for time in local]


def _zone(region: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(_ZONES[region])
    except (KeyError, ZoneInfoNotFoundError):
        return None


def _packed(texts: list[str]) -> list[str]:
    packed: list[str] = []
    for text in texts:
        for part in _parts(text):
            joined = f"{packed[-1]}\n{part}" if packed else part
            if packed and len(joined.encode()) <= MOST_BYTES:
                packed[-1] = joined
            else:
                packed.append(part)
    return packed


def _parts(text: str) -> list[str]:
    if len(text.encode()) <= MOST_BYTES:
        return [text]
    step = MOST_BYTES // 4  # no character has more than four bytes
    return [text[start : start + step] for start in range(0, len(text), step)]
