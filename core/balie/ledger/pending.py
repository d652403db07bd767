"""The items that wait in a lane, read and ended by statements that are built once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, text, update
from sqlalchemy.orm import Session

from balie.ledger.models import Item, State
from balie.store import as_read, run, table_of

_ITEM = table_of(Item)
_COLUMNS = _ITEM.c.keys()
_WAITING = (
    select(_ITEM)
    # Not as a parameter: only what stands in the statement lets a partial index be used.
    .where(_ITEM.c.lane_id == bindparam("lane"), _ITEM.c.state == text(f"'{State.PENDING}'"))
    .order_by(_ITEM.c.order_at, _ITEM.c.id)
)
_FIRST = _WAITING.limit(bindparam("most"))
_BATCH = _WAITING.where(
    _ITEM.c.batch == bindparam("batch"), _ITEM.c.id.not_in(bindparam("here", expanding=True))
)
_ENDED: dict[str, Any] = {name: bindparam(f"to_{name}") for name in ("state", "reason", "ended_at")}
_THIS = _ITEM.c.id == bindparam("item")
_END = update(_ITEM).where(_THIS).values(**_ENDED, next_at=None, attempted_at=None)
_END_MARKED = update(_ITEM).where(_THIS).values(**_ENDED, next_at=None)
_MARK = update(_ITEM).where(_THIS).values(attempted_at=bindparam("at"), batch=bindparam("to_batch"))


def waiting(connection: Connection | Session, lane_id: int, most: int) -> list[Item]:
    """Return the first pending items of a lane in their order, and the head's batch whole.

    They belong to no session: what is set on them is not written.
    """
    items = [_item(row) for row in run(connection, _FIRST, {"lane": lane_id, "most": most})]
    if len(items) < most or items[0].batch is None:
        return items
    # Late-comers with an earlier time may have pushed some of it beyond the limit.
    here = [item.id for item in items]
    rest = connection.execute(_BATCH, {"lane": lane_id, "batch": items[0].batch, "here": here})
    return [*items, *map(_item, rest)]


def _item(row: Sequence[Any]) -> Item:
    return as_read(Item, zip(_COLUMNS, row, strict=True))


def is_due(items: Sequence[Item], now: datetime) -> bool:
    """Say whether the first of these can be worked now."""
    return bool(items) and (items[0].next_at is None or items[0].next_at <= now)


def end(connection: Connection, ended: Sequence[dict[str, Any]], *, keep_mark: bool) -> None:
    """End items as :func:`ending` says; with ``keep_mark``, still marked as attempted."""
    for one in ended:
        run(connection, _END_MARKED if keep_mark else _END, one)


def ending(item: Item, state: State, reason: str, now: datetime) -> dict[str, Any]:
    """Return how an item ends."""
    return {"item": item.id, "to_state": state, "to_reason": reason, "to_ended_at": now}


def mark(
    connection: Connection, items: Sequence[Item], at: datetime | None, batch: str | None
) -> None:
    """Mark items as attempted together, or as not attempted."""
    for item in items:
        run(connection, _MARK, {"item": item.id, "at": at, "to_batch": batch})
