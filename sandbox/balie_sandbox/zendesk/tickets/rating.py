"""The customer's rating of a solved ticket (reference 3.8)."""

from balie_sandbox.zendesk.account import ZendeskAccount
from balie_sandbox.zendesk.errors import invalid
from balie_sandbox.zendesk.records.model import Record

from .model import Actor, Ticket

SCORES = ("good", "bad")


def rate(account: ZendeskAccount, ticket: Ticket, score: str, comment: str) -> Record:
    """Write the rating and run the triggers for it. Raises ApiError (422)."""
    if score not in SCORES:
        raise invalid("score", "Score: is invalid", "InvalidValue")
    if ticket.status not in ("solved", "closed"):
        raise invalid("base", "Only solved tickets can be rated")
    data = {
        "ticket_id": ticket.id,
        "requester_id": ticket.requester_id,
        "assignee_id": ticket.assignee_id,
        "group_id": ticket.group_id,
        "score": f"{score}_with_comment" if comment else score,
        "comment": comment,
    }
    known = account.catalog.ratings.where("ticket_id", ticket.id)
    store = account.catalog.ratings
    rating = store.update(known[0], data) if known else store.create(data)
    shown = {"id": rating.id, "score": score, "comment": comment}
    requester = account.users.get(ticket.requester_id)
    change = account.ticket_writing.open(Actor(requester, "web"), ticket, {})
    change.set("satisfaction_rating", shown)
    account.ticket_writing.finish(change)
    return rating
