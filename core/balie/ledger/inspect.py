"""Looking into the ledger, and sending parked work on its way again."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, select, text, update
from sqlalchemy.orm import Session

from balie.api import BalieError
from balie.ledger.inserts import LaneToWake
from balie.ledger.models import LANE_LENGTH, Item, Lane, State
from balie.ledger.portions import chunks, in_portions, lock
from balie.store import Store, fitted

_BLINDLY = {"synchronize_session": False}
_CHUNK = 500


class ReplayRefused(BalieError):
    """The item cannot be replayed. The message says why, and shows the proof."""


class CancelRefused(BalieError):
    """The item cannot be cancelled. The message says why."""


def items(
    session: Session, tenant_id: int | None, state: State | None, limit: int
) -> Sequence[Item]:
    """Return items, the newest first."""
    query = select(Item).order_by(Item.id.desc()).limit(limit)
    if tenant_id is not None:
        query = query.where(Item.tenant_id == tenant_id)
    if state is not None:
        query = query.where(Item.state == state)
    return session.scalars(query).all()


def counts(session: Session) -> dict[str, int]:
    """Return how many items are waiting and how many are parked.

    Metrics ask often: the states stand in the statements, so that their partial indexes are used.
    """
    return {
        state: session.scalar(select(func.count()).where(Item.state == text(f"'{state}'"))) or 0
        for state in (State.PENDING, State.PARKED)
    }


def due_lanes(session: Session, now: datetime, limit: int) -> list[LaneToWake]:
    """Return lanes that are due and that nobody works in, the most urgent first.

    Each connection's in turn: thousands that wait for a slow vendor keep nobody else's out.
    """
    urgency = (Lane.priority.desc(), Lane.due_at)
    place = func.row_number().over(partition_by=Lane.connection_id, order_by=urgency)
    due = (
        select(Lane.id, Lane.connection_id, Lane.priority, Lane.due_at, place.label("place"))
        .where(Lane.due_at <= now, (Lane.lease_until.is_(None)) | (Lane.lease_until < now))
        .subquery("due")
    )
    rows = session.execute(
        select(due.c.id, due.c.connection_id, due.c.priority)
        .order_by(due.c.place, due.c.priority.desc(), due.c.due_at)
        .limit(limit)
    )
    return [LaneToWake(row.id, row.connection_id, row.priority) for row in rows]


def hurry(store: Store, connection_id: int, now: datetime) -> None:
    """Let what waits for a retry in this connection's lanes be tried now: something was mended.

    What may have taken effect keeps its time, and so do timers. Raises StoreUnavailable.
    """
    waits = (
        Item.state == text(f"'{State.PENDING}'"),
        Item.attempted_at.is_(None),
        Item.attempts > 0,
    )
    is_due = Lane.due_at.is_not(None)
    # From the lanes that wait, of which there are few beside all that an installation ever did.
    busy = select(Lane.id).where(Lane.connection_id == connection_id, is_due)
    with store.reading() as session:
        lanes = session.scalars(
            select(Item.lane_id).where(Item.lane_id.in_(busy), *waits).distinct()
        ).all()

    def change(session: Session, portion: Sequence[int]) -> None:
        these = Lane.id.in_(portion)
        session.execute(update(Lane).where(these, is_due).values(due_at=now))
        session.execute(update(Item).where(Item.lane_id.in_(portion), *waits).values(next_at=None))

    in_portions(store, [lane_id for lane_id in lanes if lane_id is not None], change)


def set_back(store: Store, now: datetime, by: timedelta, lease_seconds: float) -> None:
    """The clock was set back by so much: let what was due within that time be looked at now.

    Timers keep their time. What may have taken effect is looked at and waits on for its proof.
    Raises StoreUnavailable.
    """
    until = now + by
    lease = now + timedelta(seconds=lease_seconds)
    due = (Lane.due_at > now, Lane.due_at <= until)
    waits = (
        Item.state == text(f"'{State.PENDING}'"),
        Item.next_at <= until,
        (Item.attempts > 0) | (Item.reason != ""),
    )
    is_late = Lane.lease_until > lease
    with store.reading() as session:
        lanes = session.scalars(select(Lane.id).where(is_late | and_(*due))).all()

    def change(session: Session, portion: Sequence[int]) -> None:
        these = Lane.id.in_(portion)
        hurried = Item.lane_id.in_(select(Lane.id).where(these, *due))
        session.execute(update(Lane).where(these, is_late).values(lease_until=lease))
        session.execute(
            update(Item).where(hurried, *waits).values(next_at=None), execution_options=_BLINDLY
        )
        session.execute(
            update(Lane).where(these, *due).values(due_at=now), execution_options=_BLINDLY
        )

    in_portions(store, lanes, change)


def hurry_lane(session: Session, connection_id: int, name: str, now: datetime) -> None:
    """Let what waits in one lane be worked now: what it waited for has happened.

    What may have taken effect keeps its time.
    """
    lane = session.execute(
        update(Lane)
        .where(Lane.connection_id == connection_id, Lane.name == fitted(name, LANE_LENGTH))
        .values(due_at=now)
        .returning(Lane.id)
    ).first()
    if lane is not None:
        session.execute(
            update(Item)
            .where(
                Item.lane_id == lane.id,
                Item.state == State.PENDING,
                Item.attempted_at.is_(None),
                Item.next_at.is_not(None),
            )
            .values(next_at=None)
        )


def named(session: Session, ids: Sequence[int]) -> Sequence[Item]:
    """Return the items of these ids. Raises ReplayRefused where one is not there."""
    found = session.scalars(select(Item).where(Item.id.in_(ids)).order_by(Item.id)).all()
    missing = sorted(set(ids) - {item.id for item in found})
    if missing:
        raise ReplayRefused(f"there is no item {missing[0]}; see: balie ledger parked")
    return found


def parked(
    session: Session,
    tenant_id: int | None,
    *,
    kind: str | None = None,
    reason: str | None = None,
    limit: int = 10_000,
) -> Sequence[Item]:
    """Return parked items, the oldest first; ``reason`` is a part of theirs, in any case."""
    query = select(Item).where(Item.state == State.PARKED).order_by(Item.id).limit(limit)
    if tenant_id is not None:
        query = query.where(Item.tenant_id == tenant_id)
    if kind is not None:
        query = query.where(Item.kind == kind)
    if reason is not None:
        query = query.where(Item.reason.icontains(reason, autoescape=True))
    return session.scalars(query).all()


def cancel(session: Session, item_id: int, why: str, now: datetime) -> Item:
    """End an item that waits or is parked, without effect. Returns it. What it held up goes on.

    Raises CancelRefused for one that has ended, and for one that is being worked right now.
    """
    lane_id = session.scalar(select(Item.lane_id).where(Item.id == item_id))
    # The lane first, as who settles does: else the two could wait for each other.
    lane = session.get(Lane, lane_id, with_for_update=True) if lane_id else None
    item = session.get(Item, item_id, with_for_update=True)
    if item is None:
        raise CancelRefused(f"there is no item {item_id}; see: balie ledger show")
    if item.state not in (State.PENDING, State.PARKED):
        raise CancelRefused(f"item {item_id} is {item.state} already; nothing is left to cancel")
    if lane is not None and lane.lease_until is not None and lane.lease_until > now:
        raise CancelRefused(f"item {item_id} is being worked right now; try again in a moment")
    if lane is not None:
        # Who works in it and was only slow commits nothing any more.
        lane.lease_token = lane.lease_until = None
        lane.due_at = now if lane.due_at is not None else None
    item.state, item.reason = State.REFUSED, f"cancelled: {why}"
    item.ended_at, item.next_at = now, None
    return item


def replay(session: Session, item_id: int, now: datetime) -> int:
    """Let a parked item be tried again. Returns its lane, to be woken after the commit.

    What may have taken effect together is tried again together: the sender's key stands for all of
    it. Raises ReplayRefused for one that is not parked.
    """
    lane_id = session.scalar(select(Item.lane_id).where(Item.id == item_id))
    if lane_id is not None:
        # The lane first, as who settles does: else the two could wait for each other.
        lock(session, [lane_id])
    item = session.get(Item, item_id, with_for_update=True)
    if item is None:
        raise ReplayRefused(f"there is no item {item_id}; see: balie ledger parked")
    _refuse_unparked(item)
    assert item.lane_id is not None  # noqa: S101 -- else it had been refused; for mypy
    _replay(session, [item], [item.lane_id], now)
    session.expire(item)
    return item.lane_id


def replay_all(store: Store, found: Sequence[Item], now: datetime) -> None:
    """Let all these parked items be tried again. Raises ReplayRefused, and then none is.

    By few statements, however many they are: on SQLite everybody else who writes is waiting.
    Raises StoreUnavailable; then some may be.
    """
    by_lane: dict[int, list[Item]] = {}
    for item in found:
        _refuse_unparked(item)
        assert item.lane_id is not None  # noqa: S101 -- else it had been refused; for mypy
        by_lane.setdefault(item.lane_id, []).append(item)

    def change(session: Session, portion: Sequence[int]) -> None:
        _replay(session, [item for lane_id in portion for item in by_lane[lane_id]], portion, now)

    in_portions(store, list(by_lane), change)


def _replay(session: Session, found: Sequence[Item], lanes: Sequence[int], now: datetime) -> None:
    batches = {(item.lane_id, item.batch) for item in found if item.batch is not None}
    for chunk in chunks([item.id for item in found], _CHUNK):
        _again(session, Item.id.in_(chunk))
    for lane_id, batch in batches:
        _again(session, Item.lane_id == lane_id, Item.batch == batch)
    session.execute(
        update(Lane).where(Lane.id.in_(lanes)).values(due_at=now), execution_options=_BLINDLY
    )


def _refuse_unparked(item: Item) -> None:
    if item.state != State.PARKED or item.lane_id is None:
        ended = f" since {item.ended_at:%Y-%m-%d %H:%M:%S} UTC" if item.ended_at else ""
        raise ReplayRefused(f"item {item.id} is {item.state}{ended}; only parked ones are replayed")


def _again(session: Session, *these: ColumnElement[bool]) -> None:
    session.execute(
        update(Item)
        .where(*these, Item.state == text(f"'{State.PARKED}'"))  # for the sake of its partial index
        .values(state=State.PENDING, reason="", attempts=0, next_at=None, ended_at=None),
        execution_options=_BLINDLY,
    )
