"""The clock's work: what a lost wake-up left behind, leases kept alive, signs of life, the lead."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler

from balie.api import Clock
from balie.ledger.door import Wake
from balie.ledger.inspect import due_lanes, set_back
from balie.ledger.leases import Leases
from balie.run.beats import BEAT_SECONDS as SIGN_SECONDS
from balie.run.beats import Beats
from balie.run.leader import BEAT_SECONDS as LEAD_SECONDS
from balie.run.leader import Leadership
from balie.run.leaps import LOOK_SECONDS as LEAP_SECONDS
from balie.run.leaps import SetBack
from balie.run.queue import LaneQueue
from balie.run.roles import Role
from balie.run.rounds import LOOK_SECONDS, Rounds
from balie.run.time import LOOK_SECONDS as CLOCK_SECONDS
from balie.run.time import SharedClock, SystemClock
from balie.store import Store, StoreUnavailable

SWEEP_SECONDS = 1.0
CLOCK = "clock"
"""The task that schedulers elect a leader for."""

_LANES_PER_SWEEP = 500
_STALE_SECONDS = 30.0

_log = structlog.get_logger("schedule")


class Schedule:
    """Runs what recurs. A database that is away is waited for, not given up."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        leases: Leases,
        wake: Wake,
        queue: LaneQueue | None = None,
        rounds: Rounds | None = None,
    ) -> None:
        """``queue`` is asked whether it is away; ``rounds`` are made while leading."""
        self._store = store
        self._clock = clock
        self._leases = leases
        self._wake = wake
        self._queue = queue
        self._rounds = rounds
        self._swept = 0.0
        self._role = Role.SERVE
        self._leads = False
        self._stopping = False
        self._others: list[tuple[Callable[[], None], float]] = []
        self._beats = Beats(store, clock)
        self._leadership = Leadership(store, CLOCK, self._beats.identity.name)
        self._scheduler: BaseScheduler = BackgroundScheduler(timezone="UTC")
        self._end = threading.Event()

    def also(self, job: Callable[[], None], seconds: float) -> None:
        """Let a job be done every so often while this process leads, first when that has passed.

        It may take its time: the others do not wait for it. Before the start only.
        """

        def while_leading() -> None:
            if not self._stopping and (self._role is Role.SERVE or self._leads):
                job()

        self._others.append((while_leading, seconds))

    def start(self, role: Role = Role.SERVE) -> None:
        """Do each of the role's jobs once, then go on by the clock."""
        self._role = role
        for job, seconds in self._jobs(role):
            job()
            self._every(seconds, job)
        if role in (Role.SERVE, Role.SCHEDULER):
            for job, seconds in self._others:
                self._every(seconds, job)
        self._scheduler.start()
        threading.Thread(target=self._mind_clocks, name="clocks", daemon=True).start()

    def stop(self) -> None:
        """Stop the clock; hand the lead over, and say that this process is gone."""
        self._stopping = True
        self._end.set()
        if self._rounds is not None:
            self._rounds.stop()
        self._scheduler.shutdown(wait=False)
        try:
            self._beats.end()
            if self._role is Role.SCHEDULER:
                self._leadership.resign()
        except StoreUnavailable as error:
            _log.warning("leave_unsaid", error=str(error))

    def sweep(self) -> None:
        """Wake every lane that is due and that nobody works in."""
        if self._wake_due(self._wake):
            self._swept = time.monotonic()

    def follow(self) -> None:
        """Have the time that the other processes have."""
        if isinstance(self._clock, SharedClock):
            try:
                self._clock.look()
            except StoreUnavailable as error:
                _log.warning("clock_goes_on_by_itself", error=str(error))

    def stand_in(self) -> None:
        """While the queue is away, find by ourselves what this process can work."""
        if self._queue is not None and self._queue.is_away:
            self._wake_due(self._queue.wake_here)

    def renew(self) -> None:
        """Prolong the leases of this process."""
        try:
            self._leases.renew()
        except StoreUnavailable as error:
            _log.warning("renewal_waits", error=str(error))

    def beat(self) -> None:
        """Say that this process lives."""
        if self._stopping:
            return
        try:
            self._beats.beat(self._role)
        except StoreUnavailable as error:
            _log.warning("beat_waits", error=str(error))

    def lead(self) -> None:
        """Take part in the election; sweep while leading."""
        if self._stopping:
            return
        try:
            leads = self._leadership.campaign()
        except StoreUnavailable as error:
            _log.warning("campaign_waits", error=str(error))
            leads = self._leadership.leads()
        if leads != self._leads:
            self._leads = leads
            if self._rounds is not None:
                self._rounds.begin()
            _log.warning("leads" if leads else "follows", process=self._beats.identity.name)
        if leads:
            self.sweep()

    def reconcile(self) -> None:
        """Go round the vendors, where this process leads."""
        if self._rounds is None or (self._role is Role.SCHEDULER and not self._leads):
            return
        try:
            self._rounds.look()
        except StoreUnavailable as error:
            _log.warning("rounds_wait", error=str(error))

    def is_alive(self) -> bool:
        """Say whether the last sweep was recent. In a process that sweeps."""
        return time.monotonic() - self._swept < _STALE_SECONDS

    def _mind_clocks(self) -> None:
        """Where a clock is set back, let nothing wait until it has come as far again."""
        machine, present = SetBack(SystemClock().now), SetBack(self._clock.now)
        while not self._end.wait(LEAP_SECONDS):
            if back := machine.by():
                _log.warning("clock_set_back", seconds=round(back.total_seconds()))
                for job in self._scheduler.get_jobs():
                    job.modify(next_run_time=datetime.now(UTC))
            if back := present.by():
                self.come_back(back)

    def come_back(self, by: timedelta) -> None:
        """The present was set back: let what was due within that time be looked at now."""
        try:
            set_back(self._store, self._clock.now(), by, self._leases.seconds)
        except StoreUnavailable as error:
            _log.warning("lanes_wait_for_the_clock", error=str(error))

    def _every(self, seconds: float, job: Callable[[], None]) -> None:
        self._scheduler.add_job(
            job,
            "interval",
            seconds=seconds,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,  # late is better than never
        )

    def _wake_due(self, wake: Wake) -> bool:
        try:
            with self._store.reading() as session:
                lanes = due_lanes(session, self._clock.now(), _LANES_PER_SWEEP)
        except StoreUnavailable as error:
            _log.warning("sweep_waits", error=str(error))
            return False
        for lane in lanes:
            wake(lane.id, lane.priority)
        return True

    def _jobs(self, role: Role) -> list[tuple[Callable[[], None], float]]:
        jobs = [(self.follow, CLOCK_SECONDS), (self.beat, SIGN_SECONDS)]
        if role.works:
            jobs.append((self.renew, self._leases.seconds / 3))
            jobs.append((self.stand_in, SWEEP_SECONDS))
        if role is Role.SERVE:
            jobs.append((self.sweep, SWEEP_SECONDS))
        if role is Role.SCHEDULER:
            jobs.append((self.lead, LEAD_SECONDS))
        if role in (Role.SERVE, Role.SCHEDULER):
            jobs.append((self.reconcile, LOOK_SECONDS))
        return jobs
