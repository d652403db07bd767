"""What agents command in an internal note: read, and checked against what can be. Pure.

``/template order_shipped 1=4711 naam="Noor de Vries"`` · ``/buttons Question | Yes | No`` ·
``/list Question | Open | Title: description | …`` · ``/link Text | Label | https://…`` ·
``/ask location Text`` · ``/ask phone Text`` · ``/place Name | Address | 52.37, 4.89`` ·
``/contact Name | +31 …`` · ``/react 👍`` · ``/close`` · ``/whatsapp`` · ``/help``
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from balie.api import Asked, Contact, Link, Location, Option, Options, Reaction, Request

MOST_OPTIONS = 10
MOST_BUTTONS = 3

_WORD = re.compile(r"/([a-z]+)\b[ \t]*", re.IGNORECASE)
_NAMES = {
    "template": "template",
    "sjabloon": "template",
    "buttons": "buttons",
    "knoppen": "buttons",
    "list": "list",
    "lijst": "list",
    "link": "link",
    "ask": "ask",
    "vraag": "ask",
    "place": "place",
    "plaats": "place",
    "contact": "contact",
    "react": "react",
    "reageer": "react",
    "close": "close",
    "sluiten": "close",
    "whatsapp": "whatsapp",
    "help": "help",
}
# A value may stand in quotes, also in those that a word processor makes of them.
_VALUE = re.compile(r"""\s*([\w.-]+)\s*=\s*(?:"([^"]*)"|“([^”]*)”|„([^”“]*)[”“]|'([^']*)'|(\S*))""")
_ASKED = {
    "location": Asked.LOCATION,
    "locatie": Asked.LOCATION,
    "phone": Asked.PHONE,
    "nummer": Asked.PHONE,
}
_DEGREES = re.compile(r"(-?\d{1,2}(?:\.\d+)?)\s*[,;]\s*(-?\d{1,3}(?:\.\d+)?)")
_ADDRESS = re.compile(r"https?://[^\s|]+")
_LONGEST_EMOJI = 16  # code points: families and flags are made of several
_NAME = re.compile(r"\s*([^\s/=]+)(?:/([A-Za-z_-]{2,20}))?(?=\s|$)")


@dataclass(frozen=True, slots=True)
class SendTemplate:
    """Send a template. ``language`` is empty where any will do."""

    name: str
    language: str = ""
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask something that is answered with a tap."""

    options: Options


@dataclass(frozen=True, slots=True)
class Send:
    """Send something that is no words. ``answers`` the customer's last message."""

    part: Link | Request | Location | Contact | Reaction
    answers: bool = False


@dataclass(frozen=True, slots=True)
class Close:
    """End the conversation."""


@dataclass(frozen=True, slots=True)
class MoveToWhatsApp:
    """Go on with this customer on WhatsApp."""


@dataclass(frozen=True, slots=True)
class Help:
    """Say what can be commanded."""


@dataclass(frozen=True, slots=True)
class Misread:
    """It is no command as it stands. ``problem`` names a text that says how to write it."""

    problem: str
    word: str = ""


Command = SendTemplate | Ask | Send | Close | MoveToWhatsApp | Help | Misread


def read(text: str) -> Command:
    """Return what a note commands. Every note has a reading."""
    text = text.strip()
    found = _WORD.match(text)
    if found is None:
        return Misread("unknown", text[:20])
    word, rest = found[1].lower(), text[found.end() :].strip()
    readers: dict[str, Callable[[str], Command]] = {
        "template": _template,
        "buttons": _buttons,
        "list": _list,
        "link": _link,
        "ask": _request,
        "place": _place,
        "contact": _contact,
        "react": _reaction,
        "close": lambda _: Close(),
        "whatsapp": lambda _: MoveToWhatsApp(),
        "help": lambda _: Help(),
    }
    name = _NAMES.get(word)
    return readers[name](rest) if name else Misread("unknown", word)


def _template(rest: str) -> Command:
    named = _NAME.match(rest)
    if named is None:
        return Misread("how_template")
    values, at = {}, named.end()
    while rest[at:].strip():
        value = _VALUE.match(rest, at)
        if value is None:
            return Misread("how_value", rest[at:].strip()[:40])
        values[value[1]] = next(group for group in value.groups()[1:] if group is not None)
        at = value.end()
    return SendTemplate(named[1], named[2] or "", values)


def _buttons(rest: str) -> Command:
    pieces = _pieces(rest)
    if not 2 <= len(pieces) <= 1 + MOST_BUTTONS or len(set(pieces[1:])) < len(pieces) - 1:
        return Misread("how_buttons")
    options = tuple(Option(id=str(at), title=title) for at, title in enumerate(pieces[1:], 1))
    return Ask(Options(text=pieces[0], options=options))


def _list(rest: str) -> Command:
    pieces = _pieces(rest)
    options = tuple(_option(str(at), piece) for at, piece in enumerate(pieces[2:], 1))
    titles = {option.title for option in options}
    if not 1 <= len(options) <= MOST_OPTIONS or len(titles) < len(options) or "" in titles:
        return Misread("how_list")
    return Ask(Options(text=pieces[0], options=options, button=pieces[1]))


def _link(rest: str) -> Command:
    pieces = _pieces(rest)
    if len(pieces) != 3 or not _ADDRESS.fullmatch(pieces[2]):
        return Misread("how_link")
    return Send(Link(text=pieces[0], label=pieces[1], url=pieces[2]))


def _request(rest: str) -> Command:
    word, _, text = rest.partition(" ")
    what = _ASKED.get(word.lower())
    if what is None or not text.strip():
        return Misread("how_ask")
    return Send(Request(text=text.strip(), what=what))


def _place(rest: str) -> Command:
    pieces = _pieces(rest)
    found = _DEGREES.fullmatch(pieces[2]) if len(pieces) == 3 else None
    if found is None or abs(float(found[1])) > 90 or abs(float(found[2])) > 180:
        return Misread("how_place")
    name, address, _ = pieces
    text = f"{name}, {address}"
    latitude, longitude = float(found[1]), float(found[2])
    return Send(
        Location(text=text, latitude=latitude, longitude=longitude, name=name, address=address)
    )


def _contact(rest: str) -> Command:
    pieces = _pieces(rest)
    if len(pieces) != 2 or not any(sign.isdigit() for sign in pieces[1]):
        return Misread("how_contact")
    name, phone = pieces
    return Send(Contact(text=f"{name}, {phone}", name=name, phones=(phone,)))


def _reaction(rest: str) -> Command:
    if not rest or len(rest) > _LONGEST_EMOJI or rest.isalnum() or rest.isascii():
        return Misread("how_react")
    return Send(Reaction(text=rest, emoji=rest), answers=True)


def _option(key: str, piece: str) -> Option:
    title, _, description = piece.partition(":")
    return Option(id=key, title=title.strip(), description=description.strip())


def _pieces(rest: str) -> Sequence[str]:
    """Return what stands between the bars; none at all where one is empty."""
    pieces = [piece.strip() for piece in rest.split("|")]
    return pieces if all(pieces) else []
