"""The real clocks."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import text

from balie.api import Clock
from balie.store import Store

LOOK_SECONDS = 5.0
_LEAP_SECONDS = 1.0
_SLACK = timedelta(milliseconds=2)
_ASK = text("SELECT clock_timestamp()")

_log = structlog.get_logger("clock")


class SystemClock:
    """The machine's time (:class:`balie.api.Clock`)."""

    def now(self) -> datetime:
        """Return the present as an aware UTC datetime."""
        return datetime.now(UTC)


def stopwatch() -> float:
    """Return seconds that nobody sets back or forward, and that go on while the machine sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


@dataclass(frozen=True, slots=True)
class _Seen:
    at: datetime
    stood: float


class SharedClock:
    """The database server's time, so that all processes on it have one (:class:`balie.api.Clock`).

    What one process writes down, such as when a lane is due, when a lease ends and when something
    was attempted, another compares with its own present. Machines whose clocks are minutes apart
    would leave work lying, or take each other for dead.
    """

    def __init__(
        self, store: Store, machine: Clock, steady: Callable[[], float] = stopwatch
    ) -> None:
        """``machine`` is believed until the database was asked. Opens no connection."""
        self._store = store
        self._machine = machine
        self._steady = steady
        self._seen: _Seen | None = None
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """Return the present as an aware UTC datetime."""
        seen = self._seen
        return self._machine.now() if seen is None else self._since(seen)

    def look(self) -> None:
        """Ask the database, and follow it. Raises StoreUnavailable; then the present goes on."""
        begun = self._steady()
        with self._store.looking() as connection:
            answer: datetime = connection.execute(_ASK).scalar_one()
        took = self._steady() - begun
        found = _Seen(answer.astimezone(UTC), begun + took / 2)
        with self._lock:
            before = self.now()
            off = self._since(found) - before
            # What lies within the time that the answer took is no news.
            if self._seen is not None and abs(off) <= timedelta(seconds=took / 2) + _SLACK:
                return
            self._seen = found
        if abs(off.total_seconds()) > _LEAP_SECONDS:
            _log.warning("clock_follows_the_database", seconds=round(off.total_seconds(), 3))

    def _since(self, seen: _Seen) -> datetime:
        return seen.at + timedelta(seconds=self._steady() - seen.stood)
