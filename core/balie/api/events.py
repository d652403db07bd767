"""What passes between the core and plugins: frozen facts, each with all it needs.

Times are aware UTC datetimes. Ids are the vendor's own strings unless said otherwise.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class AddressKind(StrEnum):
    """The ways in which a person is known."""

    PHONE = "phone"  # E.164
    BSUID = "bsuid"  # WhatsApp's business-scoped user id
    VISITOR = "visitor"  # a live chat visitor
    HELPDESK_USER = "helpdesk_user"  # the user's id in one helpdesk connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One way to reach or recognise a person."""

    kind: AddressKind
    value: str


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
class Text:
    """Words, as plain text."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """Something not known yet. ``type`` is the vendor's word, ``text`` a visible line."""

    type: str
    text: str


Part = Text | Unknown


# --- Ingress ----------------------------------------------------------------------------------


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingress:
    """What a webhook came to: its events, and an answer where the vendor wants one."""

    events: tuple[RawEvent, ...] = ()
    answer: WebAnswer = WebAnswer()


# --- Events, read -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReceived:
    """A customer said something.

    ``sender`` holds every address the vendor gave, the most certain first. ``name`` is what the
    customer calls itself: shown, never believed.
    """

    id: str
    sender: tuple[Address, ...]
    at: datetime
    parts: tuple[Part, ...]
    name: str = ""
    quotes: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusReported:
    """The channel says how far an outbound message came.

    ``reference`` is :attr:`Reply.id` where the vendor echoes it. ``code`` and ``text`` say why a
    message failed; ``text`` is for the agent.
    """

    message_id: str
    status: Status
    at: datetime
    reference: str = ""
    code: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentReplied:
    """An agent answered the customer, publicly, in a ticket."""

    ticket_id: str
    comment_id: str
    at: datetime
    parts: tuple[Part, ...]
    author: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The event was read and Balie does nothing with it, for this reason."""

    reason: str


Event = MessageReceived | StatusReported | AgentReplied | Refused


# --- Helpdesk -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A customer as the helpdesk or CRM knows them. ``evidence`` says how they were recognised."""

    id: str
    name: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One message to be filed. ``id`` is Balie's message id."""

    id: str
    at: datetime
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Lines of one conversation that go into its ticket as one comment.

    ``key`` is the same at every attempt to file these very lines, so it serves as idempotency
    key. ``uncertain`` says that an earlier attempt may have taken effect: look before writing.
    ``ticket_id`` is the ticket the conversation is filed in, None where there is none yet.
    ``internal`` lines are for agents only and come from Balie, not from the customer.
    """

    key: str
    conversation_id: str
    channel: str
    person_name: str
    addresses: tuple[Address, ...]
    lines: tuple[Line, ...]
    ticket_id: str | None = None
    customer: Customer | None = None
    internal: bool = False
    uncertain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """Where a batch ended. ``customer_id`` is the requester, found or made."""

    ticket_id: str
    comment_id: str
    customer_id: str


# --- Channel ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One outbound message. ``id`` is Balie's; the channel sends it along where it can."""

    id: str
    to: tuple[Address, ...]
    parts: tuple[Part, ...]
    author: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The channel took the message under this id. Taken is not delivered: statuses follow."""

    message_id: str


class BudgetScope(StrEnum):
    """What a write budget counts by."""

    TICKET = "ticket"
    CONNECTION = "connection"


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteBudget:
    """How often a helpdesk lets us add to tickets: so many ``writes`` in so many ``seconds``.

    Counted per ticket or per connection. Making a new ticket does not count.
    """

    scope: BudgetScope
    writes: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """Limits and abilities of a connection, as data.

    ``text_limit`` in characters, None where there is none. ``reconcile_seconds``: how long what
    was sent with unknown outcome may take to show (a channel's status, a helpdesk's comment),
    before it is looked for and perhaps sent again.
    ``lines_per_comment``: how many waiting messages a helpdesk takes as one comment.
    ``write_budgets``: all of them hold; where one runs short, messages are filed together.
    """

    text_limit: int | None = None
    reconcile_seconds: float = 60.0
    lines_per_comment: int = 50
    write_budgets: tuple[WriteBudget, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What "test connection" found. ``text`` says what to do when not ``ok``."""

    ok: bool
    text: str


# --- Policies -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Action: tell the agents something in the ticket, once per ``key`` and conversation."""

    key: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyOnce:
    """Action: answer the customer, once per ``key`` and conversation."""

    key: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """Action: do something at a time, durably, unless it is called off under this ``key``.

    A second ``Later`` of the same key and conversation changes nothing while the first waits.
    """

    key: str
    at: datetime
    action: Note | ReplyOnce


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOff:
    """Action: forget the ``Later`` of this key, if it still waits."""

    key: str


Action = Note | ReplyOnce | Later | CallOff


# --- Development ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixture:
    """A stored payload to be sent to a connection of ours as if the vendor did.

    With ``as_is`` its ids stay; otherwise the connection's own are put in.
    """

    payload: bytes
    as_is: bool = False
