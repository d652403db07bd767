"""What can be filled in of a template, named by where it stands.

``body.1`` or ``body.first_name``, ``header.1``, ``header.media``, ``header.location``,
``button.0``, ``offer.expires``; in a carousel each after ``card.0.``.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from balie_whatsapp.untrusted import mapping, mappings, one_line, written

Component = Mapping[str, Any]
MEDIA_FORMATS = ("IMAGE", "VIDEO", "DOCUMENT", "GIF")
_PLACE = re.compile(r"\{\{\s*([A-Za-z0-9_]+)\s*\}\}")
_LONGEST_EXAMPLE = 300


def places(text: Any) -> list[str]:
    """Return the names between double braces, each once, in their order."""
    return list(dict.fromkeys(_PLACE.findall(written(text))))


def kind_of(component: Component) -> str:
    """Return what a component is, in capitals: HEADER, BODY, FOOTER, BUTTONS, CAROUSEL …"""
    return one_line(component.get("type"), 60).upper()


def variables_of(components: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield each variable's name and Meta's example of it."""
    for component in mappings(components):
        yield from _of_component(component, prefix)


def with_names(text: Any, where: str) -> str:
    """Return a text with ``{body.1}`` where ``{{1}}`` stands."""
    return _PLACE.sub(lambda match: f"{{{where}.{match[1]}}}", written(text))


def _of_component(component: Component, prefix: str) -> Iterator[tuple[str, str]]:
    kind = kind_of(component)
    if kind in ("HEADER", "BODY"):
        yield from _of_text(component, f"{prefix}{kind.lower()}")
    elif kind == "BUTTONS":
        for number, button in enumerate(mappings(component.get("buttons"))):
            if needs_value(button):
                yield f"{prefix}button.{number}", _button_example(button)
    elif kind == "LIMITED_TIME_OFFER":
        if mapping(component.get("limited_time_offer")).get("has_expiration") is True:
            yield f"{prefix}offer.expires", ""
    elif kind == "CAROUSEL":
        for number, card in enumerate(mappings(component.get("cards"))):
            yield from variables_of(card.get("components"), f"{prefix}card.{number}.")


def _of_text(component: Component, where: str) -> Iterator[tuple[str, str]]:
    layout = one_line(component.get("format"), 20).upper()
    if layout in MEDIA_FORMATS:
        yield f"{where}.media", ""
    elif layout == "LOCATION":
        yield f"{where}.location", ""
    else:
        examples = _examples(component)
        for number, name in enumerate(places(component.get("text")), start=1):
            yield f"{where}.{name}", examples.get(name) or examples.get(str(number), "")


def needs_value(button: Component) -> bool:
    """Say whether a button cannot be sent without a value: a changing address, or a code."""
    kind = kind_of(button)
    return kind in ("COPY_CODE", "OTP") or (kind == "URL" and bool(places(button.get("url"))))


def _button_example(button: Component) -> str:
    given = button.get("example")
    first = given[0] if isinstance(given, list) and given else given
    return one_line(first, _LONGEST_EXAMPLE)


def _examples(component: Component) -> dict[str, str]:
    """Return the examples by name, or by position from 1."""
    example = mapping(component.get("example"))
    found: dict[str, str] = {}
    for key in ("body_text_named_params", "header_text_named_params"):
        for named in mappings(example.get(key)):
            name = written(named.get("param_name"))
            found[name] = one_line(named.get("example"), _LONGEST_EXAMPLE)
    for key in ("body_text", "header_text"):
        rows = example.get(key)
        row = rows[0] if key == "body_text" and isinstance(rows, list) and rows else rows
        for number, value in enumerate(row if isinstance(row, list) else [row], start=1):
            if text := one_line(value, _LONGEST_EXAMPLE):
                found.setdefault(str(number), text)
    return found
