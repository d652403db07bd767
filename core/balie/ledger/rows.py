"""Writing items, their lanes and receipts: what accept and enqueue share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from balie.ledger import inserts_postgresql, inserts_sqlite
from balie.ledger.inserts import Written
from balie.ledger.models import DEDUPE_LENGTH, LANE_LENGTH, State
from balie.ledger.priority import Priority
from balie.store import fitted

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


def believed(at: datetime, now: datetime) -> datetime:
    """Return a sender's time, or ours where the sender's clock is ahead (landscape A30).

    An event of the year 2099 would wait behind all that comes until then.
    """
    return at if at < now + _AHEAD else now


def stored_dedupe(item: NewItem) -> str:
    """Return the deduplication key as it fits its column."""
    return fitted(item.dedupe, DEDUPE_LENGTH)


def write_items(
    connection: Connection, items: Sequence[NewItem], now: datetime, *, repeats: bool = False
) -> Written:
    """Insert items that are not there yet, and mark the lanes of all as due.

    Those that follow from no other are counted in receipts; with ``repeats`` also where all of them
    were there already. On PostgreSQL this is one statement, so all or nothing also where no
    transaction is around it.
    """
    is_sqlite = connection.dialect.name == "sqlite"
    insert_all = inserts_sqlite.insert_all if is_sqlite else inserts_postgresql.insert_all
    return insert_all(connection, _lanes(items, now), _rows(items, now), now, repeats=repeats)


def _rows(items: Sequence[NewItem], now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "tenant_id": item.tenant_id,
            "connection_id": item.connection_id,
            "lane": fitted(item.lane, LANE_LENGTH) if _has_lane(item) else None,
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
            "ended_at": None if _is_pending(item) else now,
        }
        for item in items
    ]


def _lanes(items: Sequence[NewItem], now: datetime) -> list[dict[str, Any]]:
    wanted: dict[tuple[int, str], NewItem] = {}
    for item in items:
        if _has_lane(item):
            key = (item.connection_id, fitted(item.lane, LANE_LENGTH))
            if key not in wanted or _is_pending(item):
                wanted[key] = item
    # Sorted, so that two transactions take the same lanes in the same order and cannot deadlock.
    return [
        {
            "tenant_id": wanted[key].tenant_id,
            "connection_id": key[0],
            "name": key[1],
            "priority": wanted[key].priority,
            "due_at": (wanted[key].not_before or now) if _is_pending(wanted[key]) else None,
        }
        for key in sorted(wanted)
    ]


def _has_lane(item: NewItem) -> bool:
    # A parked one gets its lane all the same: a replay will want it.
    return bool(item.lane) and item.state in (State.PENDING, State.PARKED)


def _is_pending(item: NewItem) -> bool:
    return item.state is State.PENDING
