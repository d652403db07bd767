"""Draining a lane: item after item, until one must wait or none is left."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import update

from balie.api import (
    AuthFailed,
    Clock,
    OutcomeUnknown,
    PluginCrashed,
    PluginError,
    TransientError,
)
from balie.ledger.door import Wake
from balie.ledger.job import Job, Settlement, waiting
from balie.ledger.leases import Lease, LeaseLost, Leases
from balie.ledger.models import Item
from balie.ledger.retry import Park, decide, said
from balie.store import Store, StoreUnavailable

_log = structlog.get_logger("ledger")

HEAD_ITEMS = 50
STEPS_PER_TURN = 100
"""After so many a lane goes to the back of the queue, so that none holds a worker for long."""


@dataclass(frozen=True, slots=True)
class Handler:
    """How one kind of item is worked.

    ``work`` ends at least the head, or raises. ``parked`` adds what else must happen, in the
    same transaction, when the head is parked.
    """

    work: Callable[[Job], None]
    parked: Callable[[Settlement, Item, str], None] | None = None


class Drainer:
    """Works lanes. Safe to call for any lane at any time from anywhere: the lease decides."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        leases: Leases,
        wake: Wake,
        signed_out: Callable[[int, str | None], None],
    ) -> None:
        """``signed_out`` hears why a connection's credentials fail, or None: they work again."""
        self._store = store
        self._clock = clock
        self._leases = leases
        self._wake = wake
        self._signed_out = signed_out
        self._handlers: Mapping[str, Handler] = {}
        self._finishing = False

    def use(self, handlers: Mapping[str, Handler]) -> None:
        """Take the handlers by kind of item."""
        self._handlers = handlers

    def drain(self, lane_id: int) -> None:
        """Work the lane until it is empty or must wait."""
        lease = self._leases.take(lane_id)
        if lease is None:
            return
        try:
            for _ in range(STEPS_PER_TURN):
                if not self._step(lease) or self._finishing:
                    break
            if self._leases.release(lease):
                self._wake(lane_id)
        except LeaseLost as lost:
            _log.warning("lease_lost", lane=lane_id, detail=str(lost))
        except StoreUnavailable as error:
            _log.warning("lane_waits_for_database", lane=lane_id, error=str(error))
            with suppress(StoreUnavailable):
                self._leases.release(lease)  # no wake-up: the sweep comes back in its own time
        finally:
            # Whatever happened: a lease that is renewed but not worked in would last for ever.
            self._leases.forget(lease)

    def finish(self) -> None:
        """Let every drain end after the item in hand."""
        self._finishing = True

    def _step(self, lease: Lease) -> bool:
        """Work the head of the lane. Returns whether to go on."""
        with self._store.reading() as session:
            items = waiting(session, lease.lane_id, HEAD_ITEMS)
        now = self._clock.now()
        if not items or (items[0].next_at is not None and items[0].next_at > now):
            return False
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
        except Exception as error:  # noqa: BLE001 -- every failure of an item is written at the item
            return self._failed(job, handler, error, was_uncertain=was_uncertain)
        if items[0].attempts:
            self._signed_out(lease.connection_id, None)
        return True

    def _failed(self, job: Job, handler: Handler, error: Exception, *, was_uncertain: bool) -> bool:
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
        if isinstance(error, AuthFailed):
            self._signed_out(job.lease.connection_id, said(error))
        settled = _had_no_effect(error) and not was_uncertain
        if isinstance(decision, Park):
            _log.warning("item_parked", reason=decision.reason, **facts)
            self._park(job, handler, decision.reason, settled=settled)
            return True
        if isinstance(error, TransientError | AuthFailed) and not isinstance(error, PluginCrashed):
            _log.info("item_waits", seconds=round(decision.seconds, 1), **facts)
        else:
            _log.warning("item_failed", exc_info=error, **facts)
        self._postpone(job, error, decision.seconds, settled=settled)
        return False

    def _park(self, job: Job, handler: Handler, reason: str, *, settled: bool) -> None:
        """Park the head; with it, unless ``settled``, all that may have taken effect with it.

        Those stay together and keep their mark: a replay looks before it writes.
        """
        with job.settle() as settlement:
            if settled:
                _unmark(settlement, job)
            for item in [job.head] if settled else [job.head, *job.beside_head()]:
                settlement.park(item, reason)
                if handler.parked is not None:
                    handler.parked(settlement, item, reason)

    def _postpone(self, job: Job, error: Exception, seconds: float, *, settled: bool) -> None:
        """Set the next try. ``settled``: it is known that no attempt so far had an effect."""
        head = job.head
        values = {
            "attempts": head.attempts + 1,
            "next_at": self._clock.now() + timedelta(seconds=seconds),
            "reason": said(error),
        }
        with job.settle() as settlement:
            settlement.session.execute(update(Item).where(Item.id == head.id).values(values))
            if settled:
                _unmark(settlement, job)


def _unmark(settlement: Settlement, job: Job) -> None:
    ids = [item.id for item in (job.head, *job.beside_head())]
    settlement.session.execute(
        update(Item).where(Item.id.in_(ids)).values(attempted_at=None, batch=None)
    )


def _had_no_effect(error: Exception) -> bool:
    """Only then may the mark of the attempt go; otherwise the next one looks before it writes."""
    return isinstance(error, PluginError) and not isinstance(error, OutcomeUnknown | PluginCrashed)


def _not_known(job: Job) -> None:
    raise TransientError(f"this version of Balie has no work called {job.head.kind!r}")


_UNKNOWN = Handler(_not_known)
