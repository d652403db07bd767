"""Reading JSON of Zendesk's: what is wanted from it, and the error where that is not there."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields

from balie.api import TransientError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Shape(Schema):
    """A record of which more may be there than is read."""

    class Meta:
        """What is not read is left alone."""

        unknown = EXCLUDE


class Metadata(Shape):
    """What a client sent along with an update; an agent's screen cannot."""

    custom = fields.Dict(load_default=dict, allow_none=True)


def load(schema: Schema, data: object, name: str) -> dict[str, Any]:
    """Return what the schema reads. Raises TransientError naming the fields that are odd."""
    try:
        found: dict[str, Any] = schema.load(data)  # type: ignore[arg-type]  # checked by load
    except ValidationError as problem:
        odd = ", ".join(sorted(map(str, problem.messages_dict)))
        raise TransientError(f"Zendesk's {name} cannot be read ({odd}).") from problem
    return found


def listed(page: Mapping[str, Any], name: str) -> list[Any]:
    """Return the list ``name`` of a page. Raises TransientError where there is none."""
    found = page.get(name)
    if not isinstance(found, list):
        raise TransientError(f"Zendesk's answer holds no {name}.")
    return found
