"""What was said, for customers who read it with us and not with a vendor."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from balie.api.addresses import Address
from balie.api.parts import Part
from balie.api.statuses import Status

THREADS_TURNED = "turned"
"""With this text Balie wakes :func:`topic_of` an address when one of its threads is over or open
again, or is answered elsewhere or here again. How they stand is for :meth:`Threads.begun_by`."""

AGENT_TYPES = "typing:agent:"
"""With this text, and the thread behind it, Balie wakes :func:`topic_of` an address when an agent
types in that thread's ticket, where the helpdesk tells that by :attr:`Context.typing`."""


def topic_of(address: str) -> str:
    """Return the bus's topic of all that happens for the address with this value."""
    return f"reader:{address}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A message of a thread, as it is now.

    ``id`` is Balie's. ``channel_id`` is the channel's, once it has one. ``place`` orders what
    happened in the thread: it grows whenever a message is added or becomes another. ``is_filed``
    says of a customer's message that it stands in the helpdesk.
    """

    id: str
    channel_id: str | None
    by_customer: bool
    author: str
    parts: tuple[Part, ...]
    at: datetime
    status: Status
    place: int
    is_filed: bool
    quotes: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """One talk of a customer. ``id`` is :attr:`MessageReceived.thread`, ``place`` its last one.

    ``answered_on`` is the slug of the connection to which answers go now: another one's when the
    customer has gone on there. ``is_over`` says that its ticket is solved or closed.
    """

    id: str
    place: int
    began_at: datetime
    answered_on: str
    is_over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A number that a customer left to be answered at, what was agreed to, and when."""

    number: str
    consent: str
    at: datetime


class Threads(Protocol):
    """The threads of the context's connection, each to be seen by the address that began it.

    Every method raises TransientError where the database is away.
    """

    def begun_by(self, address: Address, /) -> tuple[Thread, ...]:
        """Return the threads of this address, the oldest first."""

    def numbers_left(self, address: Address, /) -> "tuple[Left, ...]":
        """Return the numbers that whoever has this address left, the oldest first."""

    def news(self, address: Address, /, *, after: dict[str, int], most: int) -> "News":
        """Return what happened after these places, by thread; all of a thread not named."""

    def page(
        self, address: Address, thread: str, /, *, before: str = "", most: int
    ) -> tuple[Said, ...]:
        """Return the last messages of a thread, or those before a message; the oldest first."""

    def message(self, address: Address, message_id: str, /) -> Said | None:
        """Return one message, or None where this address has none of this id."""

    def show(self, message_id: str, /) -> None:
        """Let a message of ours be seen from now on. Doing it again changes nothing."""

    def changed(self, channel_id: str, /) -> None:
        """Let those who follow the thread read this message again, as it is now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What happened in threads since; ``places`` is where to go on. ``more`` says that there is."""

    said: tuple[tuple[str, Said], ...]
    places: dict[str, int]
    more: bool = False
