"""Writing items and lanes: the statements that accept and enqueue share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, func
from sqlalchemy.dialects import postgresql, sqlite

from balie.ledger.models import DEDUPE_LENGTH, LANE_LENGTH, Item, Lane, State
from balie.ledger.priority import Priority
from balie.store import fitted, run_all, table_of

_AHEAD = timedelta(minutes=5)
"""How far a sender's clock may be ahead before we believe our own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewItem:
    """An item to be written. ``lane`` is empty for one that has ended before it began.

    ``not_before`` is when it may be worked at the earliest. Such an item has a lane of its own:
    it would hold up whatever stands behind it.
    """

    tenant_id: int
    connection_id: int
    kind: str
    dedupe: str
    lane: str
    order_at: datetime
    body: Any = None
    root_id: int | None = None
    state: State = State.PENDING
    reason: str = ""
    priority: Priority = Priority.MESSAGE
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class LaneToWake:
    """A lane that has work now, and what never changes of it."""

    id: int
    connection_id: int
    priority: int


@dataclass(frozen=True, slots=True)
class Written:
    """Which items were new, by (connection, dedupe), and the lanes that now have work."""

    new: frozenset[tuple[int, str]] = frozenset()
    lanes: tuple[LaneToWake, ...] = ()


def believed(at: datetime, now: datetime) -> datetime:
    """Return a sender's time, or ours where the sender's clock is ahead (landscape A30).

    An event of the year 2099 would wait behind all that comes until then.
    """
    return at if at < now + _AHEAD else now


def stored_dedupe(item: NewItem) -> str:
    """Return the deduplication key as it fits its column."""
    return fitted(item.dedupe, DEDUPE_LENGTH)


def write_items(connection: Connection, items: Sequence[NewItem], now: datetime) -> Written:
    """Insert items that are not there yet, and mark their lanes as due."""
    lanes = _due_lanes(connection, items, now)
    rows = [
        {
            "tenant_id": item.tenant_id,
            "connection_id": item.connection_id,
            "lane_id": lane.id if (lane := lanes.get((item.connection_id, item.lane))) else None,
            "root_id": item.root_id,
            "kind": item.kind,
            "dedupe": stored_dedupe(item),
            "state": item.state,
            "reason": item.reason,
            "order_at": believed(item.order_at, now),
            "body": item.body,
            "attempts": 0,
            "next_at": item.not_before,
            "accepted_at": now,
            "ended_at": None if item.state is State.PENDING else now,
        }
        for item in items
    ]
    inserted = run_all(connection, _statements(connection.dialect.name).items, rows)
    new = frozenset((row[0], row[1]) for row in inserted)
    return Written(new=new, lanes=tuple(lanes.values()))


def _due_lanes(
    connection: Connection, items: Sequence[NewItem], now: datetime
) -> dict[tuple[int, str], LaneToWake]:
    wanted: dict[tuple[int, str], NewItem] = {}
    for item in items:
        # A parked one gets its lane all the same: a replay will want it.
        if item.lane and item.state in (State.PENDING, State.PARKED):
            key = (item.connection_id, item.lane)
            if key not in wanted or item.state is State.PENDING:
                wanted[key] = item
    if not wanted:
        return {}
    # Sorted, so that two transactions take the same lanes in the same order and cannot deadlock.
    rows = [
        {
            "tenant_id": wanted[key].tenant_id,
            "connection_id": key[0],
            "name": fitted(key[1], LANE_LENGTH),
            "priority": wanted[key].priority,
            "due_at": (wanted[key].not_before or now) if _is_pending(wanted[key]) else None,
        }
        for key in sorted(wanted)
    ]
    due = run_all(connection, _statements(connection.dialect.name).lanes, rows)
    found = {(row[0], row[1]): LaneToWake(row[2], row[0], row[3]) for row in due}
    return {key: found[key[0], fitted(key[1], LANE_LENGTH)] for key in wanted}


def _is_pending(item: NewItem) -> bool:
    return item.state is State.PENDING


@dataclass(frozen=True, slots=True)
class _Statements:
    items: Insert
    lanes: Insert


@cache
def _statements(dialect: str) -> _Statements:
    """Build both statements once: building them costs more than running them."""
    insert: Any = sqlite.insert if dialect == "sqlite" else postgresql.insert
    higher: Any = func.max if dialect == "sqlite" else func.greatest
    items = (
        insert(table_of(Item))
        .on_conflict_do_nothing(index_elements=["connection_id", "dedupe"])
        .returning(Item.connection_id, Item.dedupe)
    )
    lanes = insert(table_of(Lane))
    lanes = lanes.on_conflict_do_update(
        index_elements=["connection_id", "name"],
        # A due time that is set stands: a lane that waits for its retry is not hurried by news.
        set_={
            "due_at": func.coalesce(Lane.due_at, lanes.excluded.due_at),
            # One in which only the past waited is more urgent once somebody speaks.
            "priority": higher(Lane.priority, lanes.excluded.priority),
        },
    ).returning(Lane.connection_id, Lane.name, Lane.id, Lane.priority)
    return _Statements(items, lanes)
