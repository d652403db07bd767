"""What a message is made of: parts, of which each reads as a line."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from balie.api import Part, Text, Unknown
from balie_whatsapp.inbound.cards import read_contacts, read_location
from balie_whatsapp.inbound.circumstances import circumstances
from balie_whatsapp.inbound.files import KINDS, read_file
from balie_whatsapp.inbound.lines import anything, error_line, kind_of, line_of
from balie_whatsapp.inbound.replies import read_button, read_interactive, read_reaction
from balie_whatsapp.untrusted import mapping, mappings, written
from balie_whatsapp.words import labelled

Message = Mapping[str, Any]


def parts_of(message: Message, locale: str, speaker: str = "") -> tuple[Part, ...]:
    """Return the parts of a message of any type; at least one, none without text.

    ``speaker`` is who says it, where several people can.
    """
    said = _said(message, locale)
    if speaker:
        said[0] = replace(said[0], text=f"{speaker}: {said[0].text}")
    errors = [
        Unknown(type="error", text=error_line(error, locale))
        for error in mappings(message.get("errors"))
    ]
    return (*circumstances(message, locale), *said, *errors)


def _said(message: Message, locale: str) -> list[Part]:
    kind = kind_of(message)
    reader = _READERS.get(kind)
    parts = reader(message, locale) if reader else []
    return parts or [Unknown(type=kind, text=line_of(message, locale))]


def _text(message: Message, locale: str) -> list[Part]:
    body = mapping(message.get("text")).get("body")
    if not isinstance(body, str):
        return [Unknown(type="text", text=anything(message, locale))]
    if not (text := written(body)).strip():
        return [Unknown(type="text", text=labelled(locale, "empty"))]
    return [Text(text=text)]


_READERS: dict[str, Callable[[Message, str], list[Part]]] = {
    "text": _text,
    **dict.fromkeys(KINDS, read_file),
    "location": read_location,
    "contacts": read_contacts,
    "button": read_button,
    "interactive": read_interactive,
    "reaction": read_reaction,
}
