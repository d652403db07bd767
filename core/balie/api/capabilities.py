"""Limits and abilities of a connection, as data; and what trying and setting it up found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from balie.api.parts import MediaKind


class BudgetScope(StrEnum):
    """What a write budget counts by."""

    TICKET = "ticket"
    CONNECTION = "connection"


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteBudget:
    """How often a helpdesk lets us add to tickets: so many ``writes`` in so many ``seconds``.

    Counted per ticket or per connection. Making a new ticket does not count. With no writes at all,
    nothing is added for so long.
    """

    scope: BudgetScope
    writes: int
    seconds: float


class PaceScope(StrEnum):
    """What a channel's pace counts by."""

    CONVERSATION = "conversation"
    CONNECTION = "connection"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast a channel lets us send: one message in ``seconds``, after ``burst`` at once."""

    scope: PaceScope
    seconds: float
    burst: int = 1

    def __post_init__(self) -> None:
        """Raise ValueError for a pace at which nothing could ever be sent, or anything."""
        if self.seconds <= 0 or self.burst < 1:
            raise ValueError("a pace needs seconds above 0 and a burst of at least 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaRule:
    """Files of one kind that a channel takes: MIME types, and bytes at most."""

    kind: MediaKind
    types: tuple[str, ...]
    most_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceWindow:
    """How long after a customer's message we may answer freely, and what is done about its end.

    ``remind_before_hours``: agents are told in the ticket so long before it closes (0: never),
    with ``remind_text``. ``waiting_template`` (name, language) is sent when an answer comes too
    late; the customer's tap on it brings the answer. ``hold_days``: how long it is kept for that.
    In ``remind_text``, ``{time}`` stands for when it closes. ``closed_codes`` are the codes of the
    vendor for a message that came too late by its own count: it is kept in the same way.
    """

    hours: float
    remind_before_hours: float = 0.0
    remind_text: str = ""
    waiting_template: tuple[str, str] | None = None
    hold_days: float = 7.0
    closed_codes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """How many ``messages`` a calendar month a channel gives for nothing.

    Counted are those whose :attr:`Cost.type` is ``type``.
    """

    type: str
    messages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """What is done when an answer was not delivered after so many ``seconds``: nobody was there.

    It goes on by the connection ``by`` (its slug) where the customer left a number for that, else
    by ``mail`` to an e-mail address that was shown to be theirs; so it does where the first way
    failed. Where that way can only ask the customer to respond, by a template, the answer is kept
    there for ``tap_seconds`` before it goes on (0: as long as that way keeps answers). The ticket
    is told which way it went, or that there is none.
    """

    seconds: float
    by: str = ""
    mail: str = ""
    tap_seconds: float = 14_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """Customers are asked how it was when a ticket is solved.

    With ``question`` instead of our own, which is in the ``tone`` of "u" or "je".
    """

    tone: str = "u"
    question: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """Limits and abilities of a connection, as data.

    ``text_limit`` and ``caption_limit`` in characters, None where there is none; a caption limit
    of 0 means that files have no captions. ``sends`` are the parts' classes by name that
    ``reply_dispatch`` takes beside Text. ``media`` are the files it takes; others are refused
    with a sentence before they are sent.
    ``reconcile_seconds``: how long what was sent with unknown outcome may take to show (a
    channel's status, a helpdesk's comment), before it is looked for and perhaps sent again.
    ``proves_sends``: something tells in that time. Where nothing ever does, as with mail, it is
    sent once more, no further, and the ticket is told.
    ``lines_per_comment``: how many waiting messages a helpdesk takes as one comment.
    ``write_budgets``: all of them hold; where one runs short, messages are filed together.
    ``paces``: all of them hold; where one runs short, sending waits.
    ``marks_read``: a message is marked as read for the customer once it is filed.
    ``allowance``: what is free each month, to be counted down.
    ``absence``: what becomes of answers that nobody was there for.
    ``stands_alone``: a message is a letter. It is one, whatever it is made of, and brings what it
    answers (``Earlier``) and the way back (``Link``).
    ``solves``: a helpdesk solves a ticket when :attr:`Batch.solves` says so.
    ``rating``: whether and how a helpdesk's customers are asked how it was.
    ``link_days``: for how long what a helpdesk's agents sent can be fetched by a link, where a
    channel does not take the file itself.
    ``erases_on_request``: a helpdesk in which customers who erase a talk themselves are erased too,
    without an admin in between.
    ``shows_typing``: a helpdesk shows its agents that a customer types.
    ``tone``: how Dutch customers are addressed in a channel, "u" or "je"; "" where it does not say.
    """

    text_limit: int | None = None
    caption_limit: int | None = 0
    sends: frozenset[str] = frozenset()
    media: tuple[MediaRule, ...] = ()
    window: ServiceWindow | None = None
    paces: tuple[Pace, ...] = ()
    marks_read: bool = False
    allowance: Allowance | None = None
    absence: Absence | None = None
    stands_alone: bool = False
    erases_on_request: bool = False
    solves: bool = False
    shows_typing: bool = False
    tone: str = ""
    rating: Rating | None = None
    link_days: float = 30.0
    reconcile_seconds: float = 60.0
    proves_sends: bool = True
    lines_per_comment: int = 50
    write_budgets: tuple[WriteBudget, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What "test connection" found. ``text`` says what to do when not ``ok``."""

    ok: bool
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of setting a connection up at the vendor. ``text`` says what to do when not ok."""

    name: str
    ok: bool
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUp:
    """What setting up did, and settings that it learned and that are to be kept."""

    steps: tuple[Step, ...]
    learned: Mapping[str, Any] = field(default_factory=dict)
