"""Parts of a message as JSON, and as words."""

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from typing import Any, cast, get_args

from balie.api import Asked, Markup, MediaKind, Option, Part, Unknown

_KINDS: dict[str, type[Any]] = {kind.__name__.lower(): kind for kind in get_args(Part)}
#: What JSON cannot tell by itself.
_READ: dict[tuple[str, str], Any] = {
    ("text", "markup"): Markup,
    ("media", "kind"): MediaKind,
    ("request", "what"): Asked,
    ("contact", "phones"): tuple,
    ("contact", "emails"): tuple,
    ("options", "options"): lambda stored: tuple(Option(**option) for option in stored),
}


def dump(parts: Iterable[Part]) -> list[dict[str, Any]]:
    """Return parts as JSON, without what is as usual."""
    return [{"is": type(part).__name__.lower()} | _values(part) for part in parts]


def load(stored: Iterable[Mapping[str, Any]]) -> tuple[Part, ...]:
    """Return parts from JSON that :func:`dump` wrote.

    What a newer Balie wrote and this one does not know is read by its line.
    """
    return tuple(_part(dict(one)) for one in stored)


def words(stored: Iterable[Mapping[str, Any]], limit: int) -> str:
    """Return the beginning of what was said, for a note that quotes it."""
    text = " ".join(str(part["text"]) for part in stored)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _values(part: Any) -> dict[str, Any]:
    found = {}
    for field in fields(part):
        value = getattr(part, field.name)
        if field.default is MISSING or value != field.default:
            if isinstance(value, tuple) and value and isinstance(value[0], Option):
                value = [_values(option) for option in value]
            found[field.name] = dict(value) if isinstance(value, Mapping) else value
    return found


def _part(stored: dict[str, Any]) -> Part:
    name = stored.pop("is")
    kind = _KINDS.get(name)
    if kind is None:
        return Unknown(type=str(name), text=str(stored.get("text", "")))
    known = {field.name for field in fields(kind)}
    values = {
        key: _READ.get((name, key), lambda same: same)(value)
        for key, value in stored.items()
        if key in known
    }
    return cast(Part, kind(**values))


def text_of(parts: Iterable[Part]) -> str:
    """Return how parts read, a line each."""
    return "\n".join(part.text for part in parts)
