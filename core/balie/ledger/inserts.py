"""What inserting items tells, and what both databases do where a lane is there already."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func

from balie.ledger.models import Lane

ITEM_KEY = ("connection_id", "dedupe")
LANE_KEY = ("connection_id", "name")


@dataclass(frozen=True, slots=True)
class LaneToWake:
    """A lane that has work now, and what never changes of it."""

    id: int
    connection_id: int
    priority: int


@dataclass(frozen=True, slots=True)
class Written:
    """Which items were new, by (connection, dedupe), and the lanes that now have work."""

    new: frozenset[tuple[int, str]]
    lanes: tuple[LaneToWake, ...]


def lane_again(excluded: Any, higher: Any) -> dict[str, ColumnElement[Any]]:
    """Return what changes of a lane that is there; ``higher`` is the greater of two values."""
    return {
        # A due time that is set stands: a lane that waits for its retry is not hurried by news.
        "due_at": func.coalesce(Lane.due_at, excluded.due_at),
        # One in which only the past waited is more urgent once somebody speaks.
        "priority": higher(Lane.priority, excluded.priority),
    }
