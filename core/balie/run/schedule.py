"""The clock's work: finding what a lost wake-up left behind, and keeping leases alive."""

import time
from collections.abc import Callable

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler

from balie.api import Clock
from balie.ledger.inspect import due_lanes
from balie.ledger.leases import LEASE_SECONDS, Leases
from balie.store import Store, StoreUnavailable

SWEEP_SECONDS = 1.0
_LANES_PER_SWEEP = 500
_STALE_SECONDS = 30.0

_log = structlog.get_logger("schedule")


class Schedule:
    """Runs what recurs. A database that is away is waited for, not given up."""

    def __init__(
        self, store: Store, clock: Clock, leases: Leases, wake: Callable[[int], None]
    ) -> None:
        self._store = store
        self._clock = clock
        self._leases = leases
        self._wake = wake
        self._swept = 0.0
        self._scheduler: BaseScheduler = BackgroundScheduler(timezone="UTC")
        for job, seconds in ((self.sweep, SWEEP_SECONDS), (self.renew, LEASE_SECONDS / 3)):
            self._scheduler.add_job(
                job, "interval", seconds=seconds, max_instances=1, coalesce=True
            )

    def start(self) -> None:
        """Sweep once, then go on by the clock."""
        self.sweep()
        self._scheduler.start()

    def stop(self) -> None:
        """Stop the clock."""
        self._scheduler.shutdown(wait=False)

    def sweep(self) -> None:
        """Wake every lane that is due and that nobody works in."""
        try:
            with self._store.reading() as session:
                lanes = due_lanes(session, self._clock.now(), _LANES_PER_SWEEP)
        except StoreUnavailable as error:
            _log.warning("sweep_waits", error=str(error))
            return
        for lane_id in lanes:
            self._wake(lane_id)
        self._swept = time.monotonic()

    def renew(self) -> None:
        """Prolong the leases of this process."""
        try:
            self._leases.renew()
        except StoreUnavailable as error:
            _log.warning("renewal_waits", error=str(error))

    def is_alive(self) -> bool:
        """Say whether the last sweep was recent."""
        return time.monotonic() - self._swept < _STALE_SECONDS
