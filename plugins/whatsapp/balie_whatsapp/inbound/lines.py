"""A visible line for every type of message that no part of its own fits.

Each type has a function of its own in ``_LINES``; what is in none of them is told key by key,
so that a type of tomorrow is read by the agent today.
"""

from collections.abc import Callable, Mapping
from typing import Any

from balie_whatsapp.untrusted import joined, mapping, mappings, one_line, short_texts, written
from balie_whatsapp.words import labelled

_LONGEST_LINE = 4000

Content = Mapping[str, Any]


def line_of(message: Content, locale: str) -> str:
    """Return the line for a message of any type; never empty."""
    kind = kind_of(message)
    tell = _LINES.get(kind)
    line = tell(mapping(message.get(kind)), message, locale) if tell else ""
    return line or anything(message, locale)


def kind_of(message: Content) -> str:
    """Return the vendor's word for the message's type; ``?`` where it gave none."""
    return one_line(message.get("type"), 60) or "?"


def anything(message: Content, locale: str) -> str:
    """Return every short text in a message of a type that is not known."""
    kind = kind_of(message)
    told = "; ".join(short_texts(message.get(kind)))
    return one_line(labelled(locale, "type", told, kind), _LONGEST_LINE)


def error_line(error: Content, locale: str) -> str:
    """Return what Meta says went wrong with a message, its number first."""
    details = mapping(error.get("error_data")).get("details") or error.get("title")
    told = one_line(f"{written(error.get('code'))} {written(details)}", 300)
    return labelled(locale, "error", told)


def _media(content: Content, message: Content, locale: str) -> str:
    kind = "voice" if content.get("voice") is True else kind_of(message)
    name = one_line(content.get("filename"), 255)
    return labelled(locale, kind, written(content.get("caption")), name)


def _location(content: Content, _: Content, locale: str) -> str:
    keys = ("name", "address", "latitude", "longitude", "url")
    return labelled(locale, "location", joined(*(content.get(key) for key in keys)))


def _order(content: Content, _: Content, locale: str) -> str:
    items = [
        joined(item.get("quantity"), "×", item.get("product_retailer_id"), by=" ")
        + (f" ({price})" if (price := _price(item)) else "")
        for item in mappings(content.get("product_items"))
    ]
    return labelled(locale, "order", joined(content.get("text"), *items, by="; "))


def _price(item: Content) -> str:
    return joined(item.get("item_price"), item.get("currency"), by=" ")


def _system(content: Content, _: Content, locale: str) -> str:
    return labelled(locale, "system", written(content.get("body") or content.get("type")))


def _unsupported(content: Content, _: Content, locale: str) -> str:
    return labelled(locale, "unsupported", about=one_line(content.get("type"), 60))


def _edit(content: Content, _: Content, locale: str) -> str:
    edited = mapping(content.get("message"))
    if edited.get("type") == "edit":
        return labelled(locale, "edit")
    text = written(mapping(edited.get("text")).get("body"))
    return labelled(locale, "edit", text or line_of(edited, locale))


def _label_only(_: Content, message: Content, locale: str) -> str:
    return labelled(locale, kind_of(message))


_LINES: dict[str, Callable[[Content, Content, str], str]] = {
    "image": _media,
    "video": _media,
    "audio": _media,
    "document": _media,
    "sticker": _media,
    "location": _location,
    "order": _order,
    "system": _system,
    "unsupported": _unsupported,
    "unknown": _unsupported,
    "edit": _edit,
    "revoke": _label_only,
    "request_welcome": _label_only,
    "media_placeholder": _label_only,
}
