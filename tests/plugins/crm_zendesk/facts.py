"""Facts for the tests to start from: a batch, an event, and Zendesk's records."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from balie.api import (
    Address,
    AddressKind,
    Batch,
    Context,
    Customer,
    EventKind,
    Line,
    RawEvent,
    Text,
)
from balie_crm_zendesk import memory
from balie_crm_zendesk.customers.profile import facts

from .conftest import NOW

PHONE = Address(kind=AddressKind.PHONE, value="+31655501234")
BSUID = Address(kind=AddressKind.BSUID, value="NL.1001")
CUSTOMER_ID = 501
ME_ID = 900
TICKET_ID = 77


def a_line(text: str, number: int = 1, at: datetime = NOW) -> Line:
    return Line(id=f"m{number}", at=at + timedelta(minutes=number - 1), parts=(Text(text=text),))


def a_batch(**changes: Any) -> Batch:
    batch = Batch(
        key="batch-1",
        conversation_id="31",
        channel="WhatsApp",
        person_name="Noor",
        addresses=(PHONE,),
        lines=(a_line("Is de winkel open?"),),
        customer=Customer(id=str(CUSTOMER_ID)),
    )
    return replace(batch, **changes)


def acquainted(ctx: Context, batch: Batch | None = None) -> None:
    """Have the connection know the customer's profile, and that the ticket was begun."""
    memory.of(ctx).current.add(CUSTOMER_ID, facts(batch or a_batch()))
    memory.of(ctx).begun.add(TICKET_ID)


def an_event(ticket_id: int = TICKET_ID) -> RawEvent:
    body = {"ticket_id": str(ticket_id)}
    return RawEvent(id="01", kind=EventKind.TICKET, lane=str(ticket_id), at=NOW, body=body)


def a_user(user_id: int = CUSTOMER_ID, **more: Any) -> dict[str, Any]:
    user = {
        "id": user_id,
        "name": "Noor",
        "alias": None,
        "role": "end-user",
        "phone": None,
        "shared_phone_number": None,
        "active": True,
        "suspended": False,
        "external_id": "wa:31655501234",
        "updated_at": "2026-09-01T10:00:00Z",
    }
    return user | more


def a_ticket(**more: Any) -> dict[str, Any]:
    """A ticket that Balie opened."""
    ticket = {
        "id": TICKET_ID,
        "status": "open",
        "requester_id": CUSTOMER_ID,
        "tags": ["balie"],
        "external_id": "balie-31",
        "updated_at": "2026-10-01T11:00:00Z",
    }
    return ticket | more


def an_audit(key: str = "", comment_id: int = 8001) -> dict[str, Any]:
    return {
        "id": comment_id + 1,
        "metadata": {"system": {}, "custom": {"balie_batch": key} if key else {}},
        "events": [
            {"id": comment_id + 2, "type": "Change", "field_name": "status"},
            {"id": comment_id, "type": "Comment", "public": True},
        ],
    }


def written(ticket_id: int = TICKET_ID, comment_id: int = 8001) -> dict[str, Any]:
    """Zendesk's answer to a ticket written."""
    return {"ticket": a_ticket(id=ticket_id), "audit": an_audit("batch-1", comment_id)}


def a_comment(comment_id: int, author_id: int, text: str, **more: Any) -> dict[str, Any]:
    comment = {
        "id": comment_id,
        "type": "Comment",
        "author_id": author_id,
        "body": text,
        "plain_body": text,
        "public": True,
        "attachments": [],
        "via": {"channel": "web", "source": {"from": {}, "to": {}, "rel": None}},
        "created_at": "2026-10-01T11:59:00Z",
        "metadata": {"system": {}, "custom": {}},
    }
    return comment | more
