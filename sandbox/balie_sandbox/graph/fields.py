"""``fields=`` of Graph: which fields of an object are shown."""

from typing import Any

from .errors import invalid_parameter
from .parameters import Parameters, text_of


def pick(
    known: dict[str, Any],
    usual: tuple[str, ...],
    found: Parameters,
    node_type: str,
    empty: frozenset[str] = frozenset(),
) -> dict[str, Any]:
    """Return the fields that were asked for, or the usual ones; ``id`` is always among them.

    ``empty`` are fields that exist and may have no value: Graph leaves them out. Raises code
    100 for any other.
    """
    asked = text_of(found, "fields")
    names = [name.strip().partition("{")[0] for name in asked.split(",")] if asked else list(usual)
    for name in names:
        if name not in known and name not in empty:
            raise invalid_parameter(
                f"Tried accessing nonexisting field ({name}) on node type ({node_type})"
            )
    return {name: known[name] for name in names if name in known} | {"id": known["id"]}
