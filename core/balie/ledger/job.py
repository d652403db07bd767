"""What a handler gets: the items at the head of a leased lane, and the way to settle them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from balie.api import Clock
from balie.ledger.door import Wake
from balie.ledger.leases import Lease, Leases
from balie.ledger.models import Item, LedgerReceipt, State
from balie.ledger.rows import LaneToWake, NewItem, stored_dedupe, write_items
from balie.store import Store


@dataclass(slots=True)
class Settlement:
    """One fenced transaction: what the handler did, and what became of its items."""

    session: Session
    now: datetime
    new: list[NewItem] = field(default_factory=list)
    ended: int = 0

    def deliver(self, item: Item) -> None:
        """The item did its work."""
        self._end(item, State.DELIVERED, "")

    def refuse(self, item: Item, reason: str) -> None:
        """The item ends without effect, for this reason."""
        self._end(item, State.REFUSED, reason)

    def park(self, item: Item, reason: str) -> None:
        """The item stops until a person has seen it. The mark of an attempt stays."""
        self._end(item, State.PARKED, reason, attempted_at=Item.attempted_at)

    def enqueue(self, item: NewItem) -> None:
        """Let work follow from this, in the same transaction. What exists already stays one."""
        self.new.append(item)

    def write_new(self) -> tuple[LaneToWake, ...]:
        """Write the work that follows; return its lanes, to be woken after the commit."""
        if not self.new:
            return ()
        self.session.flush()
        written = write_items(self.session.connection(), self.new, self.now)
        for item in self.new:
            # What is a root of its own is accepted here, so it is counted here.
            if item.root_id is None and (item.connection_id, stored_dedupe(item)) in written.new:
                self.session.add(_receipt(item, self.now))
        return written.lanes

    def _end(self, item: Item, state: State, reason: str, *, attempted_at: Any = None) -> None:
        self.session.execute(
            update(Item)
            .where(Item.id == item.id)
            .values(
                state=state,
                reason=reason,
                ended_at=self.now,
                attempted_at=attempted_at,
                next_at=None,
            )
        )
        self.ended += 1


def _receipt(item: NewItem, now: datetime) -> LedgerReceipt:
    return LedgerReceipt(
        tenant_id=item.tenant_id, connection_id=item.connection_id, at=now, accepted=1, duplicates=0
    )


@dataclass(slots=True)
class Job:
    """The pending items at the head of a lane, in order, and the lease under which to work."""

    items: Sequence[Item]
    lease: Lease
    store: Store
    leases: Leases
    clock: Clock
    wake: Wake
    ended: int = 0

    @property
    def head(self) -> Item:
        """The item whose turn it is."""
        return self.items[0]

    def beside_head(self) -> list[Item]:
        """Return the items that were attempted together with the head."""
        batch = self.head.batch
        return [item for item in self.items[1:] if batch is not None and item.batch == batch]

    @contextmanager
    def settle(self) -> Iterator[Settlement]:
        """Give a transaction for the outcome. Raises LeaseLost; then nothing was written."""
        with self.store.writing() as session:
            self.leases.fence(session, self.lease)
            settlement = Settlement(session, self.clock.now())
            yield settlement
            lanes = settlement.write_new()
        self.ended += settlement.ended
        for lane in lanes:
            if lane.id != self.lease.lane_id:
                self.wake(lane.id, lane.priority)

    def must_have_ended(self) -> None:
        """Raise RuntimeError if the handler left everything as it was: it would run forever."""
        if not self.ended:
            raise RuntimeError(f"the handler of {self.head.kind!r} left its item as it was")

    def attempt(self, items: Sequence[Item], batch: str) -> None:
        """Write down, durably, that these are about to be sent out together."""
        with self.store.writing() as session:
            self.leases.fence(session, self.lease)
            now = self.clock.now()
            session.execute(
                update(Item)
                .where(Item.id.in_([item.id for item in items]))
                .values(attempted_at=now, batch=batch)
            )
        for item in items:
            item.attempted_at, item.batch = now, batch


def waiting(session: Session, lane_id: int, limit: int) -> Sequence[Item]:
    """Return the first pending items of a lane in their order, and the head's batch whole."""
    pending = (
        select(Item)
        .where(Item.lane_id == lane_id, Item.state == State.PENDING)
        .order_by(Item.order_at, Item.id)
    )
    items = session.scalars(pending.limit(limit)).all()
    if len(items) < limit or items[0].batch is None:
        return items
    # Late-comers with an earlier time may have pushed some of it beyond the limit.
    here = [item.id for item in items]
    rest = pending.where(Item.batch == items[0].batch, Item.id.not_in(here))
    return [*items, *session.scalars(rest)]
