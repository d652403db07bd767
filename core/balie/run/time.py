"""The real clock."""

from datetime import UTC, datetime


class SystemClock:
    """The machine's time (:class:`balie.api.Clock`)."""

    def now(self) -> datetime:
        """Return the present as an aware UTC datetime."""
        return datetime.now(UTC)
