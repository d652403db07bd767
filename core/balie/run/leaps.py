"""Clocks that are set back, noticed by a stopwatch that is not."""

from collections.abc import Callable
from datetime import datetime, timedelta

from balie.run.time import stopwatch

LOOK_SECONDS = 1.0
_LEAST = timedelta(seconds=1)


class SetBack:
    """Watches one clock. One that is set forward is no matter: what waits is only due sooner."""

    def __init__(
        self, now: Callable[[], datetime], steady: Callable[[], float] = stopwatch
    ) -> None:
        self._now = now
        self._steady = steady
        self._begun = self._beginning()

    def by(self) -> timedelta:
        """Return how far the clock was set back since the last look, if it was a second."""
        begun = self._beginning()
        back = self._begun - begun
        if back < _LEAST and begun <= self._begun:
            return timedelta()  # a little now and a little later is noticed in the end
        self._begun = begun
        return max(back, timedelta())

    def _beginning(self) -> datetime:
        """Return what this clock showed when the stopwatch began."""
        return self._now() - timedelta(seconds=self._steady())
