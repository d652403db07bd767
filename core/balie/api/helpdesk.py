"""What a helpdesk plugin gets and gives: customers, and lines on their way into a ticket."""

from dataclasses import dataclass
from datetime import datetime

from balie.api.addresses import Address
from balie.api.parts import Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A customer as the helpdesk or CRM knows them. ``evidence`` says how they were recognised.

    ``remark`` is something that agents should know of it, such as other customers who match.
    """

    id: str
    name: str = ""
    evidence: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One message to be filed. ``id`` is Balie's message id.

    ``about`` is the beginning of the message that this one quotes, where that is known.
    """

    id: str
    at: datetime
    parts: tuple[Part, ...]
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Lines of one conversation that go into its ticket as one comment.

    ``key`` is the same at every attempt to file these very lines, so it serves as idempotency
    key. ``conversation_id`` is the conversation's for good, and no other database's names another
    one. ``uncertain`` says that an earlier attempt may have taken effect: look before writing.
    ``ticket_id`` is the ticket the conversation is filed in, None where there is none yet.
    ``internal`` lines are for agents only and come from Balie, not from the customer. ``tags``
    say what they are about (``delivery_failed``, ``window_closing``), for views and rules.
    ``solves``: the ticket is to be solved with this note, and the note to say so if it cannot be.
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
    tags: tuple[str, ...] = ()
    solves: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """Where a batch ended. ``customer_id`` is the requester, found or made.

    ``remark`` is something that agents should know of them, that came up just now.
    ``other_requester`` is whose ticket it is by now, where agents made it somebody else's.
    """

    ticket_id: str
    comment_id: str
    customer_id: str
    remark: str = ""
    other_requester: str = ""
