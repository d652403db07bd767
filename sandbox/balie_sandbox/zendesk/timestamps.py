"""Zendesk's notation of moments: UTC, ISO 8601, to the second, with a Z."""

from datetime import UTC, datetime

MONTHS = "January February March April May June July August September October November December"


def stamp(moment: datetime) -> str:
    """The notation of nearly every API, for instance 2026-01-31T12:00:00Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def nano_stamp(moment: datetime) -> str:
    """The notation of webhook events and of a webhook just made: nine decimals."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f000Z")


def written_out(moment: datetime) -> str:
    """A date as placeholders show it, for instance January 31, 2026 at 12:00."""
    month = MONTHS.split()[moment.month - 1]
    return f"{month} {moment.day}, {moment.year} at {moment:%H:%M}"
