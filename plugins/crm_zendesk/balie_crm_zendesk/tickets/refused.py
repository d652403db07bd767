"""Why a comment was refused, where there is a way on all the same."""

import re
from dataclasses import dataclass, replace

from balie.api import Context, Rejected
from balie_crm_zendesk import memory, records, texts
from balie_crm_zendesk.client import Client
from balie_crm_zendesk.customers import requester
from balie_crm_zendesk.errors import Refusal

from . import standing
from .pieces import Piece

#: The Idempotency-Key made another ticket.
KEY_USED = "IdempotentRequestError"
#: A ticket takes 5,000 comments.
#: https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_comments/
_FULL = re.compile(r"too many comments|\b5[,. ]?000\b|number of comments", re.IGNORECASE)
_PERSON = frozenset({"author", "author_id", "requester", "requester_id", "submitter", "base"})


@dataclass(frozen=True, slots=True)
class Over:
    """The ticket is closed or gone."""

    follows: records.Ticket | None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The ticket goes on in another of the same customer."""

    into: int


@dataclass(frozen=True, slots=True)
class Full:
    """The ticket takes no more comments."""

    ticket: records.Ticket


@dataclass(frozen=True, slots=True)
class CustomerGone:
    """The customer was deleted, or merged into another."""


Reason = Over | Elsewhere | Full | CustomerGone


def reason(client: Client, refusal: Refusal, ticket_id: int, requester_id: int) -> Reason | None:
    """Return what is the matter; None where it is the comment itself."""
    if refusal.status != 422:
        return None
    # The ticket's own status tells in every language what the refusal says in one.
    ticket = standing.find(client, ticket_id)
    if ticket is None or ticket.is_deleted:
        return Over(None)
    if ticket.is_closed:
        into = standing.goes_on_in(client, ticket)
        return Over(ticket) if into is None else Elsewhere(into.id)
    if _FULL.search(refusal.text):
        return Full(ticket)
    return CustomerGone() if is_of_the_customer(client, refusal, requester_id) else None


def is_of_the_customer(client: Client, refusal: Refusal, requester_id: int) -> bool:
    """Say whether the refusal comes of a customer who is there no more.

    Raises Rejected for one whom the desk has suspended: it is parked until somebody lets them in.
    """
    if refusal.status != 422 or not refusal.fields & _PERSON:
        return False
    memory.of(client.ctx).current.forget(requester_id)
    user = requester.find(client, requester_id)
    if user is not None and user.suspended:
        raise Rejected("CustomerSuspended", texts.say(client.ctx.tenant.locale, "blocked"))
    return user is None or not user.is_customer


def not_solved(ctx: Context, piece: Piece, refusal: Refusal) -> Piece:
    """Return the comment saying instead that Zendesk does not solve the ticket, and why."""
    told = texts.say(ctx.tenant.locale, "not_solved", reason=refusal.text)
    return replace(piece, text=told)


def continued(ctx: Context, piece: Piece, ticket: records.Ticket) -> Piece:
    """Return the comment with a line that says which ticket it continues."""
    told = texts.say(ctx.tenant.locale, "continues_full", ticket=ticket.id)
    return replace(piece, text=f"{told}\n{piece.text}")
