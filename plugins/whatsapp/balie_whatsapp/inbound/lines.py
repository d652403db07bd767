"""A visible line for every type of message that is not text.

Each type has a function of its own in ``_LINES``; what is in none of them is told key by key,
so that a type of tomorrow is read by the agent today.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from balie_whatsapp.untrusted import mapping, mappings, one_line, written
from balie_whatsapp.words import labelled

_LONGEST = 300  # of one value where no vendor's limit is known
_LONGEST_LINE = 4000
_DEEPEST = 6

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
    told = "; ".join(_short_texts(message.get(kind), "", 0))
    return one_line(labelled(locale, "type", told, kind), _LONGEST_LINE)


def _short_texts(value: Any, key: str, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _short_texts(inner, one_line(name, 60), depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _short_texts(inner, key, depth + 1)
    elif (text := one_line(value, _LONGEST + 1)) and len(text) <= _LONGEST:
        yield f"{key}: {text}" if key else text


def _joined(*values: Any, by: str = ", ") -> str:
    return by.join(text for value in values if (text := one_line(value, _LONGEST)))


def _media(content: Content, message: Content, locale: str) -> str:
    kind = "voice" if content.get("voice") is True else kind_of(message)
    name = one_line(content.get("filename"), _LONGEST)
    return labelled(locale, kind, written(content.get("caption")), name)


def _location(content: Content, _: Content, locale: str) -> str:
    keys = ("name", "address", "latitude", "longitude", "url")
    return labelled(locale, "location", _joined(*(content.get(key) for key in keys)))


def _contacts(_: Content, message: Content, locale: str) -> str:
    cards = mappings(message.get("contacts"))
    return "\n".join(labelled(locale, "contact", _card(card)) for card in cards)


def _card(card: Content) -> str:
    names = mapping(card.get("name"))
    name = names.get("formatted_name") or _joined(
        names.get("first_name"), names.get("last_name"), by=" "
    )
    org = mapping(card.get("org"))
    return _joined(
        name,
        *(phone.get("phone") or phone.get("wa_id") for phone in mappings(card.get("phones"))),
        *(email.get("email") for email in mappings(card.get("emails"))),
        *(org.get(key) for key in ("company", "department", "title")),
        *(_joined(*address.values()) for address in mappings(card.get("addresses"))),
        *(url.get("url") for url in mappings(card.get("urls"))),
        card.get("birthday"),
    )


def _interactive(content: Content, _: Content, locale: str) -> str:
    kind = one_line(content.get("type"), 60)
    reply = mapping(content.get(kind))
    if kind == "button_reply":
        return labelled(locale, "button", written(reply.get("title")))
    if kind == "list_reply":
        return labelled(locale, "list", _joined(reply.get("title"), reply.get("description")))
    if kind == "nfm_reply":
        answers = one_line(reply.get("response_json"), _LONGEST_LINE)
        return labelled(locale, "form", _joined(reply.get("body"), by=" ") + " " + answers)
    if kind == "call_permission_reply":
        return labelled(locale, "call_permission", _joined(reply.get("response")))
    return ""


def _button(content: Content, _: Content, locale: str) -> str:
    return labelled(locale, "button", written(content.get("text") or content.get("payload")))


def _reaction(content: Content, _: Content, locale: str) -> str:
    emoji = written(content.get("emoji"))
    return labelled(locale, "reaction", emoji) if emoji else labelled(locale, "reaction_removed")


def _order(content: Content, _: Content, locale: str) -> str:
    items = [
        _joined(item.get("quantity"), "×", item.get("product_retailer_id"), by=" ")
        + (f" ({price})" if (price := _price(item)) else "")
        for item in mappings(content.get("product_items"))
    ]
    return labelled(locale, "order", _joined(content.get("text"), *items, by="; "))


def _price(item: Content) -> str:
    return _joined(item.get("item_price"), item.get("currency"), by=" ")


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
    "contacts": _contacts,
    "interactive": _interactive,
    "button": _button,
    "reaction": _reaction,
    "order": _order,
    "system": _system,
    "unsupported": _unsupported,
    "unknown": _unsupported,
    "edit": _edit,
    "revoke": _label_only,
    "request_welcome": _label_only,
}
