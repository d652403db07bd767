"""What happened, as ``event_parse`` reads it: frozen facts, each with all it needs.

Times are aware UTC datetimes. Ids are the vendor's own strings unless said otherwise.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from balie.api.addresses import Address
from balie.api.parts import Part
from balie.api.statuses import Cost, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReceived:
    """A customer said something.

    ``sender`` holds every address the vendor gave, the most certain first. ``name`` is what the
    customer calls itself: shown, never believed. ``quotes`` is the id of the message that this
    one is about. ``opens_window`` is False for what gives no right to answer freely.
    ``connection`` is the slug of the connection it came in by; the core fills it in. ``thread``
    tells talks of one customer apart where the channel has several, and ``evidence`` says what
    shows who the sender is. ``hop`` is a code of :class:`balie.api.Hops` that came along; one in
    the words of a message is found by itself.

    ``language`` is the one that the customer reads there (``nl``), where the channel knows it.

    Where several people talk in one conversation, ``sender`` is the group, ``speaker`` every
    address of who said this, and ``speaker_name`` what they call themselves: so they are found
    again when they want to know what is held of them, or to be forgotten.
    """

    id: str
    sender: tuple[Address, ...]
    at: datetime
    parts: tuple[Part, ...]
    name: str = ""
    quotes: str | None = None
    opens_window: bool = True
    connection: str = ""
    thread: str = ""
    evidence: str = ""
    hop: str = ""
    language: str = ""
    speaker: tuple[Address, ...] = ()
    speaker_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSent:
    """The organisation said something to a customer, past Balie: on its own phone, say."""

    id: str
    to: tuple[Address, ...]
    at: datetime
    parts: tuple[Part, ...]
    quotes: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerNotice:
    """The channel tells something of a customer, who did not say it. Told in the ticket.

    Where ``sender`` has no conversation there is nobody to tell, and it is refused. Addresses in
    ``moves_to`` belong to the same person from now on.
    """

    id: str
    sender: tuple[Address, ...]
    at: datetime
    text: str
    moves_to: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressProven:
    """Who has ``sender`` has shown to be whom ``same_as`` belongs to: a visitor signed in, say.

    Talks that ``sender`` began are those of ``same_as`` from now on. ``evidence`` says what shows
    it.
    """

    id: str
    sender: Address
    same_as: Address
    at: datetime
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberLeft:
    """A customer left a telephone number, to be answered there when away.

    It is not known to be theirs: nobody is recognised by it. ``consent`` is what they agreed to.
    ``begins_on`` is the slug of a connection on which they want to be written to now.
    """

    id: str
    sender: Address
    at: datetime
    number: str
    consent: str
    begins_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureAsked:
    """A customer wants forgotten what ``sender`` began and said. The ticket is told."""

    id: str
    sender: Address
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusReported:
    """The channel says how far an outbound message came.

    ``reference`` is :attr:`Reply.id` where the vendor echoes it. ``code`` and ``text`` say why a
    message failed; ``text`` is for the agent. ``to`` is whom the vendor says it went to.
    """

    message_id: str
    status: Status
    at: datetime
    reference: str = ""
    code: str = ""
    text: str = ""
    cost: Cost | None = None
    to: tuple[Address, ...] = ()


class Severity(StrEnum):
    """How much a notice matters."""

    INFO = "info"
    WARNING = "warning"
    ALARM = "alarm"  # the channel does not work, or soon will not: the connection degrades
    CLEARED = "cleared"  # an earlier alarm of the same topic is over


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountNotice:
    """The vendor tells something of the account. Kept, shown to the admin.

    ``topic`` groups notices of one matter, so that a later one clears an earlier one's alarm.
    """

    id: str
    at: datetime
    topic: str
    severity: Severity
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateChanged:
    """The vendor changed something of a template. Empty fields did not change."""

    name: str
    language: str
    at: datetime
    status: str = ""
    category: str = ""
    quality: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentReplied:
    """An agent answered the customer, publicly, in a ticket.

    ``other_requester`` is whose ticket it is by now, where agents made it somebody else's than the
    customer's who writes in it. They are told that answers go on to that customer.
    ``looks_ours``: agents take the ticket for one of Balie's, though nothing that Balie wrote is in
    it. Where Balie does not file in it, they are told, once, that answers there reach nobody.
    """

    ticket_id: str
    comment_id: str
    at: datetime
    parts: tuple[Part, ...]
    author: str = ""
    other_requester: str = ""
    looks_ours: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentCommanded:
    """An agent wrote a command in an internal note: ``/template order_shipped 1=4711``.

    ``looks_ours`` as in :class:`AgentReplied`.
    """

    ticket_id: str
    comment_id: str
    at: datetime
    text: str
    author: str = ""
    looks_ours: bool = False


class TicketState(StrEnum):
    """Where a ticket stands."""

    OPEN = "open"
    SOLVED = "solved"  # a new message reopens it
    CLOSED = "closed"  # final: a new message needs a new ticket
    GONE = "gone"  # deleted
    MERGED = "merged"  # into another


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketChanged:
    """A ticket's state changed.

    ``into`` is the ticket that a merged one went into, or in which an agent follows a closed one.
    """

    ticket_id: str
    at: datetime
    state: TicketState
    into: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The event was read and Balie does nothing with it, for this reason."""

    reason: str


Event = (
    MessageReceived
    | MessageSent
    | CustomerNotice
    | AddressProven
    | NumberLeft
    | ErasureAsked
    | StatusReported
    | AccountNotice
    | TemplateChanged
    | AgentReplied
    | AgentCommanded
    | TicketChanged
    | Refused
)
