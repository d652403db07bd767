"""The service window: how long after a customer's message we may answer freely. Pure decisions."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from balie.api import ServiceWindow


@dataclass(frozen=True, slots=True)
class Standing:
    """How a conversation stands: when the customer wrote last, and since when answers are held.

    ``shut_at`` is set while answers wait because the window is closed, by our count or by the
    vendor's, and taken away when the customer writes.
    """

    last_inbound_at: datetime | None
    shut_at: datetime | None = None


def closes_at(standing: Standing, window: ServiceWindow) -> datetime | None:
    """Return when the window closes or closed, or None where the customer never wrote."""
    if standing.last_inbound_at is None:
        return None
    return standing.last_inbound_at + timedelta(hours=window.hours)


def is_open(standing: Standing, window: ServiceWindow, now: datetime) -> bool:
    """Say whether we may answer freely."""
    end = closes_at(standing, window)
    return standing.shut_at is None and end is not None and now < end


def remind_at(standing: Standing, window: ServiceWindow) -> datetime | None:
    """Return when agents are to be told that the window closes, or None for never."""
    end = closes_at(standing, window)
    if end is None or window.remind_before_hours <= 0:
        return None
    return end - timedelta(hours=window.remind_before_hours)


def held_until(accepted_at: datetime, window: ServiceWindow) -> datetime:
    """Return until when an answer of that time is kept for the customer."""
    return accepted_at + timedelta(days=window.hold_days)


def key(standing: Standing) -> str:
    """Name the window, so that what happens once in it has a key."""
    last = standing.last_inbound_at
    return "never" if last is None else last.isoformat()
