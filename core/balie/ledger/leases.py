"""Leases: one worker at a time in a lane, and a way on when that worker has died."""

import threading
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, or_, select, update

from balie.api import Clock
from balie.ledger import pending
from balie.ledger.inserts import LaneToWake
from balie.ledger.models import Item, Lane
from balie.store import Store, StoreBusy, run, table_of

LEASE_SECONDS = 30
"""How long a lane of a dead worker stays closed, unless told otherwise.

Living workers renew three times in it.
"""

HEAD_ITEMS = 50
"""So many items of a lane are read at a time."""

KNOWN_LANES = 50_000
"""Of so many lanes the unchanging part is kept in memory, a few megabytes."""

_LANE = table_of(Lane)
_THIS = _LANE.c.id == bindparam("lane")
_MINE = (_THIS, _LANE.c.lease_token == bindparam("mine"))
_TAKE = (
    update(_LANE)
    .where(
        _THIS,
        _LANE.c.due_at <= bindparam("now"),
        or_(_LANE.c.lease_until.is_(None), _LANE.c.lease_until < bindparam("now")),
    )
    .values(lease_token=bindparam("token"), lease_until=bindparam("until"))
    .returning(_LANE.c.connection_id, _LANE.c.tenant_id, _LANE.c.name)
)
_FENCE = select(_LANE.c.id).where(*_MINE).with_for_update()
_GIVE_BACK = (
    update(_LANE)
    .where(*_MINE)
    .values(lease_token=None, lease_until=None, due_at=bindparam("to_due_at"))
)
_RENEW = update(_LANE).where(*_MINE).values(lease_until=bindparam("to_until"))
_KNOWN = select(_LANE.c.id, _LANE.c.connection_id, _LANE.c.priority).where(_THIS)


class LeaseLost(Exception):
    """Another worker has taken the lane over; what this one did is not committed."""


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

    def __init__(self, store: Store, clock: Clock, seconds: float = LEASE_SECONDS) -> None:
        """``seconds`` is how long a lease lasts that nobody renews."""
        self.seconds = seconds
        self._store = store
        self._clock = clock
        self._held: dict[str, int] = {}
        self._known: dict[int, LaneToWake] = {}
        self._lock = threading.Lock()

    def take(self, lane_id: int) -> Lease | None:
        """Lease a lane that is due and free, or return None."""
        taken = self.take_head(lane_id)
        return None if taken is None else taken[0]

    def take_head(self, lane_id: int) -> tuple[Lease, Sequence[Item]] | None:
        """Lease a lane that is due and free, and read what waits first in it; or return None.

        A lane that this process works in is not free, even where its lease has lapsed: a clock
        that leaps, or a machine that slept, is no dead worker. Raises StoreBusy for one that
        somebody keeps locked: the sweep comes back to it, and a worker is not kept by it.
        """
        with self._lock:
            if lane_id in self._held.values():
                return None
        now = self._clock.now()
        token = uuid.uuid4().hex
        until = now + timedelta(seconds=self.seconds)
        asked = {"lane": lane_id, "token": token, "now": now, "until": until}
        # Leases guard the living; after a power cut there is none, so the disk need not know.
        with self._store.connection(lasting=False, brief=True) as connection:
            rows = run(connection, _TAKE, asked)
            if not rows:
                return None
            items = pending.waiting(connection, lane_id, HEAD_ITEMS)
        connection_id, tenant_id, name = rows[0]
        lease = Lease(lane_id, connection_id, tenant_id, name, token)
        with self._lock:
            self._held[token] = lane_id
        return lease, items

    def fence(self, connection: Connection, lease: Lease) -> None:
        """Make sure that the lease is held until this transaction's end. Raises LeaseLost.

        The lane's row is locked by it: who enqueues meanwhile waits, and sets due afterwards.
        """
        held = {"lane": lease.lane_id, "mine": lease.token}
        if not run(connection, _FENCE, held):
            raise LeaseLost(f"lane {lease.lane_id} was taken over")

    def renew(self) -> None:
        """Prolong all leases that this process holds. Called by the clock.

        A lane that somebody keeps locked is left for the next time: three fit in a lease.
        """
        with self._lock:
            held = list(self._held.items())
        until = self._clock.now() + timedelta(seconds=self.seconds)
        for token, lane_id in held:
            # One by one: who settles has its own lane and may wait for another. To have several
            # at once would be to wait for each other.
            with (
                suppress(StoreBusy),
                self._store.connection(lasting=False, brief=True) as connection,
            ):
                connection.execute(_RENEW, {"lane": lane_id, "mine": token, "to_until": until})

    def release(self, lease: Lease) -> bool:
        """Give the lane back and set when it is due next. Returns whether that is now."""
        self.forget(lease)
        with self._store.connection(lasting=False) as connection:
            try:
                self.fence(connection, lease)
            except LeaseLost:
                return False
            head = pending.waiting(connection, lease.lane_id, 1)
            self.give_back(connection, lease, head)
        return pending.is_due(head, self._clock.now())

    def give_back(self, connection: Connection, lease: Lease, items: Sequence[Item]) -> None:
        """Free a lane whose fence was passed, due when the first of what waits in it is."""
        due_at: datetime | None = None
        if items:
            due_at = items[0].next_at or self._clock.now()
        given = {"lane": lease.lane_id, "mine": lease.token, "to_due_at": due_at}
        run(connection, _GIVE_BACK, given)

    def known(self, lane_id: int) -> LaneToWake | None:
        """Return what never changes of a lane, or None where there is no such lane."""
        known = self._known.get(lane_id)
        if known is not None:
            return known
        with self._store.looking() as connection:
            rows = run(connection, _KNOWN, {"lane": lane_id})
        if not rows:
            return None
        known = LaneToWake(*rows[0])
        self.remember(known)
        return known

    def remember(self, lane: LaneToWake) -> None:
        """Keep what never changes of a lane that is about to be worked."""
        if len(self._known) >= KNOWN_LANES:
            self._known.clear()
        self._known[lane.id] = lane

    def rest(self, lane_id: int, seconds: float) -> None:
        """Let a lane that nobody works in be due later, if something waits in it."""
        now = self._clock.now()
        with self._store.connection(lasting=False, brief=True) as connection:
            connection.execute(
                update(Lane)
                .where(Lane.id == lane_id, Lane.due_at <= now, Lane.lease_token.is_(None))
                .values(due_at=now + timedelta(seconds=seconds))
            )

    def holds(self, lease: Lease) -> bool:
        """Say whether this process still has the lease, as far as it knows."""
        with self._lock:
            return lease.token in self._held

    def forget(self, lease: Lease) -> None:
        """Renew it no more; unless released, it lapses in its time."""
        with self._lock:
            self._held.pop(lease.token, None)

    def clear(self) -> None:
        """Free every lane. Only for a process that is alone with its database, at its start."""
        leased = _LANE.c.lease_token.is_not(None)
        with self._store.writing() as session:
            session.execute(update(Lane).where(leased).values(lease_token=None, lease_until=None))
