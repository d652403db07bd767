"""Items, lanes and receipts into SQLite: a statement for each row costs it next to nothing."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert
from sqlalchemy.dialects import sqlite

from balie.ledger.inserts import ITEM_KEY, LANE_KEY, LaneToWake, Written, lane_again
from balie.ledger.models import Item, Lane, LedgerReceipt
from balie.store import run, table_of

_lanes = sqlite.insert(table_of(Lane))
_LANE = _lanes.on_conflict_do_update(
    index_elements=LANE_KEY, set_=lane_again(_lanes.excluded, func.max)
).returning(Lane.connection_id, Lane.name, Lane.id, Lane.priority)
_ITEM = (
    sqlite.insert(table_of(Item))
    .on_conflict_do_nothing(index_elements=ITEM_KEY)
    .returning(Item.connection_id, Item.dedupe)
)
_RECEIPT = insert(table_of(LedgerReceipt))


def insert_all(
    connection: Connection,
    lanes: Sequence[Mapping[str, Any]],
    items: Sequence[Mapping[str, Any]],
    now: datetime,
    *,
    repeats: bool,
) -> Written:
    """Insert all within the transaction that is there."""
    due = [row for lane in lanes for row in run(connection, _LANE, lane)]
    ids = {(row[0], row[1]): row[2] for row in due}
    new: set[tuple[int, str]] = set()
    for item in items:
        row = dict(item)
        row["lane_id"] = ids.get((row["connection_id"], row.pop("lane")))
        new.update((one[0], one[1]) for one in run(connection, _ITEM, row))
    for receipt in _receipts(items, new, now):
        if receipt["accepted"] or repeats:
            run(connection, _RECEIPT, receipt)
    woken = tuple(LaneToWake(row[2], row[0], row[3]) for row in due)
    return Written(new=frozenset(new), lanes=woken)


def _receipts(
    items: Iterable[Mapping[str, Any]], new: Iterable[tuple[int, str]], now: datetime
) -> Iterable[Mapping[str, Any]]:
    """Return one for each connection that something came to from outside."""
    uncounted = set(new)
    receipts: dict[int, dict[str, Any]] = {}
    for item in items:
        if item["root_id"] is not None:
            continue
        place = {"tenant_id": item["tenant_id"], "connection_id": item["connection_id"]}
        receipt = receipts.setdefault(
            item["connection_id"], {**place, "at": now, "accepted": 0, "duplicates": 0}
        )
        key = (item["connection_id"], item["dedupe"])
        receipt["accepted" if key in uncounted else "duplicates"] += 1
        uncounted.discard(key)
    return receipts.values()
