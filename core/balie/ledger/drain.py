"""Draining a lane: item after item, until one must wait or none is left."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import structlog
from sqlalchemy import update

from balie.api import (
    AuthFailed,
    Clock,
    OutcomeUnknown,
    PluginCrashed,
    PluginError,
    RateLimited,
    TransientError,
)
from balie.ledger import pending
from balie.ledger.breaker import Breakers
from balie.ledger.bulkhead import Bulkhead
from balie.ledger.door import Wake
from balie.ledger.inserts import LaneToWake
from balie.ledger.job import Job, Settlement
from balie.ledger.leases import Lease, LeaseLost, Leases
from balie.ledger.models import Item
from balie.ledger.retry import Park, Postponed, decide, said
from balie.store import Store, StoreUnavailable

_log = structlog.get_logger("ledger")

LATE_AFTER = timedelta(minutes=10)
"""How long an item may fail before those who count on it should know."""

STEPS_PER_TURN = 100
"""After so many a lane goes to the back of the queue, so that none holds a worker for long."""


LANES_PER_CONNECTION = 16
"""How many lanes of one connection a process works at a time; there are more workers than that."""


Tell = Callable[[Settlement, Item, str], None]
"""Says in the ticket what became of an item, and why, in the transaction that makes it so."""


class Health(Protocol):
    """Hears how connections fare, by their ids."""

    def signed_out(self, connection_id: int, reason: str) -> None:
        """The vendor refuses our credentials."""

    def degraded(self, connection_id: int, reason: str) -> None:
        """The vendor fails so often that it is left alone for a while."""

    def well(self, connection_id: int) -> None:
        """It works again after it had failed."""


@dataclass(frozen=True, slots=True)
class Handler:
    """How one kind of item is worked.

    ``work`` ends at least the head, or raises. ``parked`` adds what else must happen, in the
    same transaction, when the head is parked; ``late`` what must when it fails on and on.
    ``asks``: it asks the lane's connection's vendor, and waits while that one is left alone.
    """

    work: Callable[[Job], None]
    parked: Tell | None = None
    late: Tell | None = None
    asks: bool = True


class Drainer:
    """Works lanes. Safe to call for any lane at any time from anywhere: the lease decides."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        leases: Leases,
        wake: Wake,
        health: Health,
    ) -> None:
        """``health`` hears how connections fare."""
        self._store = store
        self._clock = clock
        self._leases = leases
        self._wake = wake
        self._health = health
        self._breakers = Breakers()
        self._bulkhead = Bulkhead(LANES_PER_CONNECTION)
        self._handlers: Mapping[str, Handler] = {}
        self._finishing = False

    def use(self, handlers: Mapping[str, Handler]) -> None:
        """Take the handlers by kind of item."""
        self._handlers = handlers

    def drain(self, lane_id: int) -> None:
        """Work the lane until it is empty or must wait."""
        try:
            known = self._leases.known(lane_id)
            if known is None:
                return
            rest = self._rest(known)
            if rest:
                self._leases.rest(lane_id, rest)
            elif self._bulkhead.enter(known.connection_id, lane_id, known.priority):
                try:
                    self._drain(lane_id, known.priority)
                finally:
                    # It may have found nothing to do, or what was no vendor's fault.
                    self._breakers.told_nothing(known.connection_id, lane_id)
                    following = self._bulkhead.leave(known.connection_id)
                    if following is not None:
                        self._wake(*following)
        except StoreUnavailable as error:  # the sweep comes back in its own time
            _log.warning("lane_waits_for_database", lane=lane_id, error=str(error))

    def _rest(self, lane: LaneToWake) -> float:
        """Return for how many seconds the lane waits for its vendor to come back."""
        if not self._breakers.is_open(lane.connection_id):
            return 0.0
        with self._store.looking() as connection:
            items = pending.waiting(connection, lane.id, 1)
        if items and not self._handlers.get(items[0].kind, _UNKNOWN).asks:
            return 0.0
        now = self._clock.now().timestamp()
        return self._breakers.wait(lane.connection_id, lane.id, now)

    def _drain(self, lane_id: int, priority: int) -> None:
        taken = self._leases.take_head(lane_id)
        if taken is None:
            return
        lease, items = taken
        try:
            for _ in range(STEPS_PER_TURN):
                items = self._step(lease, items)
                if not items or self._finishing:
                    break
            if self._leases.holds(lease) and self._leases.release(lease):
                self._wake(lane_id, priority)
        except LeaseLost as lost:
            _log.warning("lease_lost", lane=lane_id, detail=str(lost))
        except StoreUnavailable:
            with suppress(StoreUnavailable):
                self._leases.release(lease)  # whatever became of it: the token decides
            raise
        finally:
            # Whatever happened: a lease that is renewed but not worked in would last for ever.
            self._leases.forget(lease)

    def finish(self) -> None:
        """Let every drain end after the item in hand."""
        self._finishing = True

    def _step(self, lease: Lease, items: Sequence[Item]) -> Sequence[Item]:
        """Work the head of the lane. Returns what to go on with; nothing to stop."""
        if not pending.is_due(items, self._clock.now()):
            return ()
        was_uncertain = items[0].attempted_at is not None
        job = Job(items, lease, self._store, self._leases, self._clock, self._wake)
        handler = self._handlers.get(items[0].kind, _UNKNOWN)
        try:
            with structlog.contextvars.bound_contextvars(
                tenant=lease.tenant_id, connection=lease.connection_id, message=items[0].dedupe
            ):
                handler.work(job)
            job.must_have_ended()
        except (LeaseLost, StoreUnavailable):
            raise
        except Postponed as wait:
            self._set_next(job, wait.seconds, {"reason": str(wait)})
            return ()
        except Exception as error:  # noqa: BLE001 -- every failure of an item is written at the item
            return self._failed(job, handler, error, was_uncertain=was_uncertain)
        if job.vendor_answered and (
            self._breakers.succeeded(lease.connection_id) or items[0].attempts
        ):
            self._health.well(lease.connection_id)
        return job.following

    def _failed(
        self, job: Job, handler: Handler, error: Exception, *, was_uncertain: bool
    ) -> Sequence[Item]:
        head = job.head
        attempts = head.attempts + 1
        decision = decide(error, attempts, self._clock.now() - head.accepted_at)
        facts = {
            "tenant": head.tenant_id,
            "connection": head.connection_id,
            "message": head.dedupe,
            "item": head.id,
            "attempts": attempts,
            "error": said(error),
        }
        self._tell_health(job.lease, error)
        settled = _had_no_effect(error) and not was_uncertain
        if isinstance(decision, Park):
            _log.warning("item_parked", reason=decision.reason, **facts)
            self._park(job, handler, decision.reason, settled=settled)
            return job.following
        if isinstance(error, TransientError | AuthFailed) and not isinstance(error, PluginCrashed):
            _log.info("item_waits", seconds=round(decision.seconds, 1), **facts)
        else:
            _log.warning("item_failed", exc_info=error, **facts)
        seconds = decision.seconds if settled else max(decision.seconds, job.patience)
        self._postpone(job, handler, error, seconds, settled=settled)
        return ()

    def _tell_health(self, lease: Lease, error: Exception) -> None:
        if isinstance(error, AuthFailed):
            self._health.signed_out(lease.connection_id, said(error))
            return
        if not isinstance(error, TransientError) or isinstance(error, RateLimited):
            return
        now = self._clock.now().timestamp()
        if self._breakers.failed(lease.connection_id, lease.lane_id, now):
            self._health.degraded(lease.connection_id, said(error))

    def _park(self, job: Job, handler: Handler, reason: str, *, settled: bool) -> None:
        """Park the head; with it, unless ``settled``, all that may have taken effect with it.

        Those stay together and keep their mark: a replay looks before it writes.
        """

        def settle(told: Tell | None) -> None:
            with job.settle() as settlement:
                if settled:
                    _unmark(settlement, job)
                for item in [job.head] if settled else [job.head, *job.beside_head()]:
                    settlement.park(item, reason)
                    if told is not None:
                        told(settlement, item, reason)

        _told_if_possible(settle, handler.parked)

    def _postpone(
        self, job: Job, handler: Handler, error: Exception, seconds: float, *, settled: bool
    ) -> None:
        """Set the next try. ``settled``: it is known that no attempt so far had an effect."""
        values = {"attempts": job.head.attempts + 1, "reason": said(error)}
        is_late = self._clock.now() - job.head.accepted_at > LATE_AFTER
        late = handler.late if is_late else None
        self._set_next(job, seconds, values, unmark=settled, late=late)

    def _set_next(
        self,
        job: Job,
        seconds: float,
        values: dict[str, object],
        *,
        unmark: bool = False,
        late: Tell | None = None,
    ) -> None:
        next_at = self._clock.now() + timedelta(seconds=seconds)

        def settle(told: Tell | None) -> None:
            with job.settle(postpones=True) as settlement:
                settlement.connection.execute(
                    update(Item).where(Item.id == job.head.id).values(values | {"next_at": next_at})
                )
                if unmark:
                    _unmark(settlement, job)
                if told is not None:
                    told(settlement, job.head, str(values["reason"]))

        _told_if_possible(settle, late)


def _told_if_possible(
    settle: Callable[[Tell | None], None],
    tell: Tell | None,
) -> None:
    """Settle and tell of it; where the telling fails, settle all the same.

    Else an item that nobody can tell of would come back for ever, and its lane with it.
    """
    try:
        settle(tell)
    except (LeaseLost, StoreUnavailable):
        raise
    except Exception:
        if tell is None:
            raise
        _log.exception("not_told")
        settle(None)


def _unmark(settlement: Settlement, job: Job) -> None:
    pending.mark(settlement.connection, [job.head, *job.beside_head()], None, None)


def _had_no_effect(error: Exception) -> bool:
    """Only then may the mark of the attempt go; otherwise the next one looks before it writes."""
    return isinstance(error, PluginError) and not isinstance(error, OutcomeUnknown | PluginCrashed)


def _not_known(job: Job) -> None:
    raise TransientError(f"this version of Balie has no work called {job.head.kind!r}")


_UNKNOWN = Handler(_not_known)
