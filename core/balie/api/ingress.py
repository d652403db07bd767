"""What comes in at the door: a vendor's request, and the events it is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class WebRequest:
    """A vendor's HTTP request as it came. Header names are in lower case; ``body`` is untouched.

    ``received_at`` is when it came, where that is not now: a signature that is good for minutes
    is judged by it when a stored request is read again.
    """

    method: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebAnswer:
    """An answer that a vendor wants where a plain 200 will not do, such as a handshake."""

    status: int = 200
    body: str = ""
    content_type: str = "text/plain; charset=utf-8"


class EventKind(StrEnum):
    """What an event is about. Decides its lane's direction and its priority."""

    MESSAGE = "message"  # from a customer
    STATUS = "status"  # of something we sent
    TICKET = "ticket"  # something happened in a ticket, perhaps an agent's answer
    NOTICE = "notice"  # about the account or the channel itself
    HISTORY = "history"  # what was said before Balie was there; waits for all else


@dataclass(frozen=True, slots=True, kw_only=True)
class RawEvent:
    """One event as ingress leaves it: authenticated, named and placed, not yet read.

    ``id`` is the sender's id for it, the key that makes a second delivery fall away within the
    connection. ``lane`` names whom or what it is about (a customer, a ticket); events of one lane
    are worked one after another, ordered by ``at``. ``body`` is the vendor's JSON that
    ``event_parse`` will read. A ``refused`` reason ends it at once, and its body is not kept.
    """

    id: str
    kind: EventKind
    lane: str
    at: datetime
    body: Mapping[str, Any] = field(default_factory=dict)
    refused: str = ""

    def __post_init__(self) -> None:
        """Raises ValueError for a time without a time zone: it has no place among the others."""
        if self.at.tzinfo is None:
            raise ValueError("RawEvent.at has no time zone; give an aware datetime")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingress:
    """What a webhook came to: its events, and an answer where the vendor wants one."""

    events: tuple[RawEvent, ...] = ()
    answer: WebAnswer = WebAnswer()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixture:
    """A stored payload to be sent to a connection of ours as if the vendor did.

    With ``as_is`` its ids stay; otherwise the connection's own are put in.
    """

    payload: bytes
    as_is: bool = False
