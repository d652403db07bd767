"""The sandbox's time, which a test can move forward without waiting."""

from datetime import UTC, datetime, timedelta


class Clock:
    """Real time plus an offset. Only ever moves forward, as the vendors' clocks do."""

    def __init__(self) -> None:
        self._offset = timedelta()

    def now(self) -> datetime:
        """Return the sandbox's present moment, aware and in UTC."""
        return datetime.now(UTC) + self._offset

    def advance(self, seconds: float) -> datetime:
        """Move the clock ``seconds`` forward and return the new present.

        Raises ValueError for a negative number: windows and idempotency keys that had
        ended would open again, which no vendor's server ever shows.
        """
        if seconds < 0:
            raise ValueError("The clock only moves forward: advance takes seconds of 0 or more.")
        self._offset += timedelta(seconds=seconds)
        return self.now()

    def reset(self) -> None:
        """Return to real time."""
        self._offset = timedelta()
