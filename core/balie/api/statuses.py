"""How far an outbound message came, and what it cost."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How far an outbound message came. It only climbs; see :func:`climbs`."""

    QUEUED = "queued"
    ACCEPTED = "accepted"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"


_LADDER = (Status.QUEUED, Status.ACCEPTED, Status.SENT, Status.DELIVERED, Status.READ)


def climbs(old: Status, new: Status) -> bool:
    """Say whether ``new`` may replace ``old``.

    ``failed`` ends what has not reached the customer yet; after ``delivered`` a failure is
    another device's and is not believed. A failure is not climbed out of: only the proof that
    the message did arrive takes it back, whatever came first, and the ticket is told of both.
    """
    if old is Status.FAILED:
        return False
    if new is Status.FAILED:
        return old not in (Status.DELIVERED, Status.READ)
    return _LADDER.index(new) > _LADDER.index(old)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What the channel counts a message as; counted once per message.

    ``category`` and ``type`` are the vendor's words (``utility``, ``free_customer_service``).
    """

    category: str
    type: str
    billable: bool
