"""Items, lanes and receipts into PostgreSQL by one statement, whatever their number.

To ask and to wait is what a small transaction costs there: five exchanges of which this leaves one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    Boolean,
    CompoundSelect,
    Connection,
    Dialect,
    Integer,
    and_,
    bindparam,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects import postgresql

from balie.ledger.inserts import ITEM_KEY, LANE_KEY, LaneToWake, Written, lane_again
from balie.ledger.models import Item, Lane, LedgerReceipt
from balie.store import Given, UtcDateTime, run, table_of

_LANES, _ITEMS, _AT, _REPEATS = "lanes", "items", "receipts_at", "repeats"
_PLACE = "place"
_OF_A_LANE = ("tenant_id", "connection_id", "name", "priority", "due_at")
_OF_AN_ITEM = (
    *("tenant_id", "connection_id", "root_id", "kind", "dedupe", "state", "reason"),
    *("order_at", "body", "attempts", "next_at", "accepted_at", "ended_at"),
)


def insert_all(
    connection: Connection,
    lanes: Sequence[Mapping[str, Any]],
    items: Sequence[Mapping[str, Any]],
    now: datetime,
    *,
    repeats: bool,
) -> Written:
    """Insert all or nothing."""
    statement = _statement(connection.dialect)
    placed = [{**item, _PLACE: place} for place, item in enumerate(items)]
    values = {
        _LANES: statement.lanes.text(lanes),
        _ITEMS: statement.items.text(placed),
        _AT: now,
        _REPEATS: repeats,
    }
    rows = run(connection, statement.whole, values)
    return Written(
        new=frozenset((row[0], row[1]) for row in rows if row[2] is None),
        lanes=tuple(LaneToWake(row[2], row[0], row[3]) for row in rows if row[2] is not None),
    )


@dataclass(frozen=True, slots=True)
class _Statement:
    whole: CompoundSelect[Any]
    lanes: Given
    items: Given


@cache
def _statement(dialect: Dialect) -> _Statement:
    lane_columns, item_columns = table_of(Lane).c, table_of(Item).c
    lanes = Given(dialect, _LANES, {name: lane_columns[name].type for name in _OF_A_LANE})
    items = Given(
        dialect,
        _ITEMS,
        {name: item_columns[name].type for name in _OF_AN_ITEM}
        | {"lane": lane_columns.name.type, _PLACE: Integer()},
    )
    lane = _lane(lanes)
    given = select(*items.rows.c).cte("given")
    item = _item(given, lane)
    found = select(lane.c.connection_id, lane.c.name, lane.c.id, lane.c.priority)
    new = select(item.c.connection_id, item.c.dedupe, null(), null())
    return _Statement(union_all(found, new).add_cte(_receipt(given, item)), lanes, items)


def _lane(lanes: Given) -> CTE:
    made = postgresql.insert(table_of(Lane)).from_select(_OF_A_LANE, select(*lanes.rows.c))
    again = made.on_conflict_do_update(
        index_elements=LANE_KEY, set_=lane_again(made.excluded, func.greatest)
    )
    return again.returning(Lane.connection_id, Lane.name, Lane.id, Lane.priority).cte("lane")


def _item(given: CTE, lane: CTE) -> CTE:
    mine = and_(lane.c.connection_id == given.c.connection_id, lane.c.name == given.c.lane)
    rows = (
        select(lane.c.id, *(given.c[name] for name in _OF_AN_ITEM))
        .select_from(given.outerjoin(lane, mine))
        # What came at the same moment is worked in the order of the rows' ids.
        .order_by(given.c[_PLACE])
    )
    made = postgresql.insert(table_of(Item)).from_select(
        ("lane_id", *_OF_AN_ITEM), rows, include_defaults=False
    )
    unless_there = made.on_conflict_do_nothing(index_elements=ITEM_KEY)
    columns = (Item.tenant_id, Item.connection_id, Item.dedupe, Item.root_id)
    return unless_there.returning(*columns).cte("item")


def _receipt(given: CTE, item: CTE) -> CTE:
    """One for each connection that something came to from outside."""
    counted = union_all(_counted(given, came=1, new=0), _counted(item, came=0, new=1)).subquery()
    new = func.sum(counted.c.new)
    place = (counted.c.tenant_id, counted.c.connection_id)
    sums = (
        select(*place, bindparam(_AT, type_=UtcDateTime()), new, func.sum(counted.c.came) - new)
        .group_by(*place)
        .having(or_(new > 0, bindparam(_REPEATS, type_=Boolean())))
    )
    columns = ("tenant_id", "connection_id", "at", "accepted", "duplicates")
    return insert(table_of(LedgerReceipt)).from_select(columns, sums).cte("receipt")


def _counted(rows: CTE, *, came: int, new: int) -> Any:
    return select(
        rows.c.tenant_id,
        rows.c.connection_id,
        literal(came).label("came"),
        literal(new).label("new"),
    ).where(rows.c.root_id.is_(None))
