"""What inserting items tells, and what both databases do alike where a row is there already."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func

from balie.ledger.models import Lane

ITEM_KEY = ("connection_id", "dedupe")
LANE_KEY = ("connection_id", "name")


@dataclass(frozen=True, slots=True)
class Inserted:
    """Lanes, each as (connection, name, id, priority), and new items as (connection, dedupe)."""

    lanes: Sequence[tuple[int, str, int, int]]
    new: Sequence[tuple[int, str]]


def lane_again(excluded: Any, higher: Any) -> dict[str, ColumnElement[Any]]:
    """Return what changes of a lane that is there; ``higher`` is the greater of two values."""
    return {
        # A due time that is set stands: a lane that waits for its retry is not hurried by news.
        "due_at": func.coalesce(Lane.due_at, excluded.due_at),
        # One in which only the past waited is more urgent once somebody speaks.
        "priority": higher(Lane.priority, excluded.priority),
    }
