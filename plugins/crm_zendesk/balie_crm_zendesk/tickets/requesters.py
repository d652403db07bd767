"""Whose a ticket is by now: agents make somebody else the requester, and Balie goes on."""

from collections.abc import Iterable

from balie_crm_zendesk import memory, records
from balie_crm_zendesk.client import Client
from balie_crm_zendesk.customers import requester

from . import traces


def writers(comments: Iterable[records.Comment]) -> dict[int, None]:
    """Return in whose names Balie wrote these comments, in their order."""
    return {one.author_id: None for one in comments if one.public and traces.BATCH in one.custom}


def other(client: Client, ticket_id: int, requester_id: int | None) -> str:
    """Return the requester, where that is nobody in whose name Balie wrote there; '' otherwise.

    Nor is it somebody else where the customer's user was merged into another, or is gone. Asks for
    the ticket's comments once for each requester it gets.
    """
    known = memory.of(client.ctx).requesters
    found = known.get(ticket_id)
    if requester_id is None:
        return ""
    if not isinstance(found, tuple) or found[0] != requester_id:
        found = (requester_id, _is_other(client, ticket_id, requester_id))
        known.add(ticket_id, found)
    return str(requester_id) if found[1] else ""


def _is_other(client: Client, ticket_id: int, requester_id: int) -> bool:
    ours: dict[int, None] = {}
    for page in client.pages(f"/tickets/{ticket_id}/comments", sort="-created_at"):
        ours |= writers(map(records.comment, records.listed(page, "comments")))
        if requester_id in ours:
            return False
    users = (requester.find(client, one) for one in ours)
    return any(user is not None and user.is_customer for user in users)
