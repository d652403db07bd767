"""Times as they are written in JSON."""

from datetime import UTC, datetime


def iso(at: datetime) -> str:
    """Return a time in UTC: ``2026-03-02T12:00:00Z``."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def iso_or_none(at: datetime | None) -> str | None:
    """Return a time in UTC, or None where there is none."""
    return None if at is None else iso(at)
