"""Leases: one worker at a time in a lane, and a way on when that worker has died."""

import threading
import uuid
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from balie.api import Clock
from balie.ledger.models import Item, Lane, State
from balie.store import Store

LEASE_SECONDS = 30
"""How long a lane of a dead worker stays closed. Living workers renew three times in it."""


KNOWN_LANES = 50_000
"""Of so many lanes the unchanging part is kept in memory, a few megabytes."""


class LeaseLost(Exception):
    """Another worker has taken the lane over; what this one did is not committed."""


@dataclass(frozen=True, slots=True)
class KnownLane:
    """What never changes of a lane."""

    connection_id: int
    priority: int


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work in one lane, proven by its token."""

    lane_id: int
    connection_id: int
    tenant_id: int
    lane: str
    token: str


class Leases:
    """Takes, renews and gives back leases. The lane's row decides, not this process's memory."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._held: set[str] = set()
        self._known: dict[int, KnownLane] = {}
        self._lock = threading.Lock()

    def take(self, lane_id: int) -> Lease | None:
        """Lease a lane that is due and free, or return None."""
        now = self._clock.now()
        token = uuid.uuid4().hex
        # Leases guard the living; after a power cut there is none, so the disk need not know.
        with self._store.writing(lasting=False) as session:
            row = session.execute(
                update(Lane)
                .where(
                    Lane.id == lane_id,
                    Lane.due_at <= now,
                    or_(Lane.lease_until.is_(None), Lane.lease_until < now),
                )
                .values(lease_token=token, lease_until=now + timedelta(seconds=LEASE_SECONDS))
                .returning(Lane.connection_id, Lane.tenant_id, Lane.name)
            ).first()
        if row is None:
            return None
        with self._lock:
            self._held.add(token)
        return Lease(lane_id, row.connection_id, row.tenant_id, row.name, token)

    def fence(self, session: Session, lease: Lease) -> None:
        """Make sure, within this transaction, that the lease is still held. Raises LeaseLost."""
        until = self._clock.now() + timedelta(seconds=LEASE_SECONDS)
        held = session.execute(
            update(Lane)
            .where(Lane.id == lease.lane_id, Lane.lease_token == lease.token)
            .values(lease_until=until)
        )
        if held.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
            raise LeaseLost(f"lane {lease.lane_id} was taken over")

    def renew(self) -> None:
        """Prolong all leases that this process holds. Called by the clock."""
        with self._lock:
            held = list(self._held)
        if not held:
            return
        until = self._clock.now() + timedelta(seconds=LEASE_SECONDS)
        with self._store.writing(lasting=False) as session:
            session.execute(
                update(Lane).where(Lane.lease_token.in_(held)).values(lease_until=until)
            )

    def release(self, lease: Lease) -> bool:
        """Give the lane back and set when it is due next. Returns whether that is now."""
        self.forget(lease)
        now = self._clock.now()
        mine = (Lane.id == lease.lane_id, Lane.lease_token == lease.token)
        with self._store.writing(lasting=False) as session:
            # First the row's lock, then the look: who enqueues meanwhile waits, and sets due after.
            given = session.execute(
                update(Lane).where(*mine).values(lease_until=None).returning(Lane.id)
            ).first()
            if given is None:
                return False
            head = session.execute(
                select(Item.next_at)
                .where(Item.lane_id == lease.lane_id, Item.state == State.PENDING)
                .order_by(Item.order_at, Item.id)
                .limit(1)
            ).first()
            due = None if head is None else (head.next_at or now)
            session.execute(update(Lane).where(*mine).values(lease_token=None, due_at=due))
        return due is not None and due <= now

    def known(self, lane_id: int) -> KnownLane | None:
        """Return what never changes of a lane, or None where there is no such lane."""
        known = self._known.get(lane_id)
        if known is not None:
            return known
        with self._store.reading() as session:
            row = session.execute(
                select(Lane.connection_id, Lane.priority).where(Lane.id == lane_id)
            ).first()
        if row is None:
            return None
        if len(self._known) >= KNOWN_LANES:
            self._known.clear()
        self._known[lane_id] = KnownLane(row.connection_id, row.priority)
        return self._known[lane_id]

    def rest(self, lane_id: int, seconds: float) -> None:
        """Let a lane that nobody works in be due later, if something waits in it."""
        now = self._clock.now()
        with self._store.writing(lasting=False) as session:
            session.execute(
                update(Lane)
                .where(Lane.id == lane_id, Lane.due_at <= now, Lane.lease_token.is_(None))
                .values(due_at=now + timedelta(seconds=seconds))
            )

    def forget(self, lease: Lease) -> None:
        """Renew it no more; unless released, it lapses in :data:`LEASE_SECONDS`."""
        with self._lock:
            self._held.discard(lease.token)

    def clear(self) -> None:
        """Free every lane. Only for a process that is alone with its database, at its start."""
        with self._store.writing() as session:
            session.execute(update(Lane).values(lease_token=None, lease_until=None))
