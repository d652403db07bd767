"""Reading JSON of Zendesk's: what is wanted from it, and the error where that is not there."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError

from balie.api import TransientError

_NUMBER = re.compile(r"[0-9]{1,19}")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Shape(Schema):
    """A record of which more may be there than is read."""

    class Meta:
        """What is not read is left alone."""

        unknown = EXCLUDE


def load(schema: Schema, data: object, name: str) -> dict[str, Any]:
    """Return what the schema reads. Raises TransientError naming the fields that are odd."""
    try:
        found: dict[str, Any] = schema.load(data)  # type: ignore[arg-type]  # checked by load
    except ValidationError as problem:
        odd = ", ".join(sorted(map(str, problem.messages_dict)))
        raise TransientError(f"Zendesk's {name} cannot be read ({odd}).") from problem
    return found


def mapping(data: object) -> Mapping[str, Any]:
    """Return the object, or an empty one for anything else: of what any client may write."""
    return data if isinstance(data, Mapping) else {}


def custom(metadata: object) -> Mapping[str, Any]:
    """Return what a client sent along with an update; an agent's screen cannot.

    What is no object is not ours.
    """
    return mapping(mapping(metadata).get("custom"))


def number(data: object) -> int | None:
    """Return the whole number, also one that is written as a text; None for anything else."""
    if isinstance(data, str) and _NUMBER.fullmatch(data):
        return int(data)
    return data if isinstance(data, int) and not isinstance(data, bool) else None


def text(data: object) -> str:
    """Return the text, or an empty one for anything else."""
    return data if isinstance(data, str) else ""


def listed(page: Mapping[str, Any], name: str) -> list[Any]:
    """Return the list ``name`` of a page. Raises TransientError where there is none."""
    found = page.get(name)
    if not isinstance(found, list):
        raise TransientError(f"Zendesk's answer holds no {name}.")
    return found
