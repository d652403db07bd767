"""What an earlier attempt left in Zendesk: the proof that a batch was filed, or was not.

Every comment of ours carries its batch's key in the audit's metadata, which Zendesk keeps beside
the comment and shows to nobody. An agent's client cannot write it, so it also tells our comments
from theirs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from balie.api import Batch
from balie_crm_zendesk import records
from balie_crm_zendesk.client import Client
from balie_crm_zendesk.errors import NotFound

BATCH = "balie_batch"
MESSAGES = "balie_messages"
_EXTERNAL = "balie-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """Where a key was found. ``requester_id``: whose ticket that is, unless it was just made."""

    ticket_id: int
    comment_id: int
    requester_id: int | None = None


def metadata(batch: Batch, key: str) -> dict[str, Any]:
    """Return what to send along with a comment."""
    return {BATCH: key, MESSAGES: [line.id for line in batch.lines]}


def external_id(conversation_id: str) -> str:
    """Return the external id of the conversation's tickets; a follow-up shares it."""
    return f"{_EXTERNAL}{conversation_id}"


def is_external_id(given: str) -> bool:
    """Say whether a ticket's external id is one of Balie's."""
    return given.startswith(_EXTERNAL)


def tickets_of(client: Client, conversation_id: str) -> Iterator[records.Ticket]:
    """Yield all tickets of the conversation.

    Asks for them by external_id, which Zendesk looks up in its database, without lag.
    """
    for page in client.pages("/tickets", external_id=external_id(conversation_id)):
        yield from map(records.ticket, records.listed(page, "tickets"))


def in_ticket(client: Client, ticket_id: int, key: str) -> Trace | None:
    """Return the comment with this key, looking from the newest back."""
    try:
        for page in client.pages(f"/tickets/{ticket_id}/audits", sort="-created_at"):
            for audit in map(records.audit, records.listed(page, "audits")):
                if audit.custom.get(BATCH) == key and audit.comment_id is not None:
                    return Trace(ticket_id=ticket_id, comment_id=audit.comment_id)
    except NotFound:  # deleted
        return None
    return None


def in_conversation(client: Client, conversation_id: str, key: str) -> Trace | None:
    """Return the comment with this key in any ticket of the conversation, newest ticket first."""
    tickets = tickets_of(client, conversation_id)
    for ticket in sorted(tickets, key=lambda one: one.id, reverse=True):
        if (trace := in_ticket(client, ticket.id, key)) is not None:
            return trace
    return None
