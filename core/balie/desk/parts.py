"""Parts of a message as JSON, and as words."""

from collections.abc import Iterable, Mapping
from typing import Any

from balie.api import Part, Text, Unknown


def dump(parts: Iterable[Part]) -> list[dict[str, str]]:
    """Return parts as JSON."""
    return [
        {"is": "text", "text": part.text}
        if isinstance(part, Text)
        else {"is": "unknown", "type": part.type, "text": part.text}
        for part in parts
    ]


def load(stored: Iterable[Mapping[str, Any]]) -> tuple[Part, ...]:
    """Return parts from JSON that :func:`dump` wrote."""
    return tuple(
        Text(text=part["text"])
        if part["is"] == "text"
        else Unknown(type=part["type"], text=part["text"])
        for part in stored
    )


def words(stored: Iterable[Mapping[str, Any]], limit: int) -> str:
    """Return the beginning of what was said, for a note that quotes it."""
    text = " ".join(str(part["text"]) for part in stored)
    return text if len(text) <= limit else text[: limit - 1] + "…"
