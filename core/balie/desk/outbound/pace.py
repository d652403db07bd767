"""How fast a channel lets us send: pure decisions, and the turns of one process."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from balie.api import Pace

_HORIZONS = 4
"""So many times what fills an empty bucket is looked back."""
_FORGET = timedelta(minutes=1)
_SET_BACK = timedelta(seconds=1)


def looks_back(pace: Pace) -> timedelta:
    """Return how far back what was sent matters."""
    return timedelta(seconds=_HORIZONS * pace.burst * pace.seconds)


def wait_seconds(pace: Pace, sent: Sequence[datetime], now: datetime) -> float:
    """Return how long to wait before the next message; 0 means at once.

    ``sent`` are the times of earlier messages. A bucket of ``burst`` fills by one each ``seconds``.
    It is taken to be empty as far back as we look, so that too little is sent rather than too
    much; by now it is full again unless much was sent.
    """
    start = now - looks_back(pace)
    level, at = 0.0, start
    for time in sorted(time for time in sent if time > start):
        level = min(level + _filled(pace, at, time), pace.burst)
        level, at = level - 1, time
    level = min(level + _filled(pace, at, now), pace.burst)
    return max(0.0, (1 - level) * pace.seconds)


def _filled(pace: Pace, since: datetime, until: datetime) -> float:
    return max((until - since).total_seconds(), 0.0) / pace.seconds


@dataclass(slots=True)
class Turns:
    """The turns of one connection in this process. Who has to wait keeps the turn it was given."""

    pace: Pace
    _asked_at: datetime | None = None
    _full_at: datetime | None = None
    _given: dict[int, datetime] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait_seconds(self, item_id: int, now: datetime) -> float:
        """Return how long this item has to wait for its turn; 0 takes the turn."""
        with self._lock:
            if self._asked_at is not None and now < self._asked_at - _SET_BACK:
                self._full_at, self._given = None, {}  # turns of a clock that was wrong
            self._asked_at = now
            turn = self._given.pop(item_id, None) or self._next(now)
            left = (turn - now).total_seconds()
            if left <= 0:
                return 0.0
            self._given[item_id] = turn
            return left

    def _next(self, now: datetime) -> datetime:
        self._given = {item: turn for item, turn in self._given.items() if turn > now - _FORGET}
        step = timedelta(seconds=self.pace.seconds)
        full_at = max(self._full_at or now, now)
        self._full_at = full_at + step
        return max(now, full_at - (self.pace.burst - 1) * step)


class Pacers:
    """The turns of all connections in this process."""

    def __init__(self) -> None:
        self._turns: dict[tuple[int, Pace], Turns] = {}
        self._lock = threading.Lock()

    def of(self, connection_id: int, pace: Pace) -> Turns:
        """Return the turns of a connection at this pace."""
        with self._lock:
            return self._turns.setdefault((connection_id, pace), Turns(pace))
