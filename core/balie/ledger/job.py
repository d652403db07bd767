"""What a handler gets: the items at the head of a leased lane, and the way to settle them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, update
from sqlalchemy.orm import Session

from balie.api import Clock
from balie.ledger import pending
from balie.ledger.door import Wake
from balie.ledger.inserts import LaneToWake
from balie.ledger.leases import HEAD_ITEMS, Lease, Leases
from balie.ledger.models import Item, State
from balie.ledger.retry import Postponed
from balie.ledger.rows import NewItem, write_items
from balie.store import Store, exclusively, session_on


class Settlement:
    """One fenced transaction: what the handler did, and what became of its items."""

    def __init__(self, connection: Connection, now: datetime, stack: ExitStack) -> None:
        """``stack`` ends with the transaction."""
        self.connection = connection
        self.now = now
        self.new: list[NewItem] = []
        self.follows: list[Callable[[], None]] = []
        self._stack = stack
        self._session: Session | None = None
        self._ended: list[dict[str, Any]] = []
        self._parked: list[dict[str, Any]] = []
        self._waits = False

    @classmethod
    def within(cls, session: Session, now: datetime) -> "Settlement":
        """Settle within a session's transaction; :meth:`write` is then to be called."""
        made = cls(session.connection(), now, ExitStack())
        made._session = session
        return made

    @property
    def session(self) -> Session:
        """A session in this transaction, made when it is first asked for: it has its price."""
        if self._session is None:
            self._session = self._stack.enter_context(session_on(self.connection))
        return self._session

    @property
    def has_changed_any(self) -> bool:
        """Say whether any item ends by this, or is told to wait."""
        return bool(self._ended or self._parked) or self._waits

    def has_ended(self, item: Item) -> bool:
        """Say whether this item ends by this."""
        return any(one["item"] == item.id for one in (*self._ended, *self._parked))

    def deliver(self, item: Item) -> None:
        """The item did its work."""
        self._ended.append(pending.ending(item, State.DELIVERED, "", self.now))

    def refuse(self, item: Item, reason: str) -> None:
        """The item ends without effect, for this reason."""
        self._ended.append(pending.ending(item, State.REFUSED, reason, self.now))

    def park(self, item: Item, reason: str) -> None:
        """The item stops until a person has seen it. The mark of an attempt stays."""
        self._parked.append(pending.ending(item, State.PARKED, reason, self.now))

    def wait(self, item: Item, until: datetime, reason: str, *, unmark: bool = False) -> None:
        """The item stays, and with it its lane, until then or until it is hurried.

        With ``unmark`` it is known that no attempt so far had an effect.
        """
        values: dict[str, Any] = {"next_at": until, "reason": reason}
        if unmark:
            values |= {"attempted_at": None, "batch": None}
        self.connection.execute(update(Item).where(Item.id == item.id).values(values))
        self._waits = True

    def enqueue(self, item: NewItem) -> None:
        """Let work follow from this, in the same transaction. What exists already stays one."""
        self.new.append(item)

    def afterwards(self, act: Callable[[], None]) -> None:
        """Do this once all is committed. It may get lost with the process, and raises nothing."""
        self.follows.append(act)

    def write(self) -> tuple[LaneToWake, ...]:
        """Write what ended and what follows; return the lanes to be woken after the commit."""
        if self._session is not None:
            self._session.flush()
        pending.end(self.connection, self._ended, keep_mark=False)
        pending.end(self.connection, self._parked, keep_mark=True)
        if not self.new:
            return ()
        return write_items(self.connection, self.new, self.now).lanes


@dataclass(slots=True)
class Job:
    """The pending items at the head of a lane, in order, and the lease under which to work.

    ``following`` is what stands at the head once this is settled, if it can be worked at once.
    ``patience`` is for how many seconds after a call of unknown outcome nothing is tried again:
    what that call does may take so long to be done and to show. ``vendor_answered``: the lane's
    connection works, as this job has seen.
    """

    items: Sequence[Item]
    lease: Lease
    store: Store
    leases: Leases
    clock: Clock
    wake: Wake
    has_changed_any: bool = False
    patience: float = 0.0
    vendor_answered: bool = False
    following: Sequence[Item] = field(default=())

    @property
    def head(self) -> Item:
        """The item whose turn it is."""
        return self.items[0]

    def beside_head(self) -> list[Item]:
        """Return the items that were attempted together with the head."""
        batch = self.head.batch
        return [item for item in self.items[1:] if batch is not None and item.batch == batch]

    @contextmanager
    def settle(
        self, *, postpones: bool = False, alone_with: Sequence[str] = ()
    ) -> Iterator[Settlement]:
        """Give a transaction for the outcome. Raises LeaseLost; then nothing was written.

        ``alone_with`` are names that are locked (:func:`balie.store.exclusively`) before the lane:
        who works in another lane and has them may come to want this one.
        Once it has changed an item, or ``postpones`` one, and nothing else can be worked now, the
        lane is given back with it: this is the last of a job's transactions.
        """
        with self.store.connection() as connection, ExitStack() as stack:
            exclusively(connection, *alone_with)
            self.leases.fence(connection, self.lease)
            settlement = Settlement(connection, self.clock.now(), stack)
            yield settlement
            lanes = settlement.write()
            following = pending.waiting(connection, self.lease.lane_id, HEAD_ITEMS)
            is_last = postpones or settlement.has_changed_any
            gives_back = is_last and not pending.is_due(following, settlement.now)
            if gives_back:
                self.leases.give_back(connection, self.lease, following)
        if gives_back:
            self.leases.forget(self.lease)
        self.following = () if gives_back else following
        self.has_changed_any = self.has_changed_any or settlement.has_changed_any
        for act in settlement.follows:
            act()
        for lane in lanes:
            if lane.id != self.lease.lane_id:
                self.leases.remember(lane)
                self.wake(lane.id, lane.priority)

    def must_have_ended(self) -> None:
        """Raise RuntimeError if the handler left everything as it was: it would run forever."""
        if not self.has_changed_any:
            raise RuntimeError(f"the handler of {self.head.kind!r} left its item as it was")

    def give_time(self, seconds: float) -> None:
        """Raise Postponed while an attempt may be under way: to look too early sees nothing."""
        attempted_at = self.head.attempted_at
        if attempted_at is None:
            return
        left = (attempted_at + timedelta(seconds=seconds) - self.clock.now()).total_seconds()
        if left > 0:
            raise Postponed("an earlier attempt may still show in the ticket", left)

    def attempt(self, items: Sequence[Item], batch: str) -> None:
        """Write down, durably, that these are about to be sent out together."""
        with self.store.connection() as connection:
            self.leases.fence(connection, self.lease)
            now = self.clock.now()
            pending.mark(connection, items, now, batch)
        for item in items:
            item.attempted_at, item.batch = now, batch
