"""Where a conversation's ticket stands: can more go into it, and if not, where then?"""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from balie.api import Context
from balie_crm_zendesk import memory, records
from balie_crm_zendesk.client import Client
from balie_crm_zendesk.errors import NotFound

_NUMBER = re.compile(r"#([1-9][0-9]{0,18})\b")
#: The comment that a merge leaves is among the last.
LAST_COMMENTS = 20


@dataclass(frozen=True, slots=True)
class Goes:
    """On in this ticket. ``status`` is what to send along so that the desk sees that it does."""

    ticket_id: int
    status: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ends:
    """Not in this ticket: in a new one. ``follows`` is what that one continues."""

    follows: records.Ticket | None = None


Standing = Goes | Ends


def known(ctx: Context, ticket_id: int) -> Goes | None:
    """Return where the ticket stands as far as that can be said without asking.

    Once begun it is never "new" again, so that "open" is right whatever else it is now.
    """
    if ctx.config.get("reopen_days") is None and ticket_id in memory.of(ctx).begun:
        return Goes(ticket_id, {"status": "open"})
    return None


def asked(client: Client, ticket_id: int, seen: frozenset[int] = frozenset()) -> Standing:
    """Ask Zendesk where the ticket stands, and follow it where it goes on in another.

    ``seen`` are tickets that led here.
    """
    ticket = find(client, ticket_id)
    if ticket is None or ticket.is_deleted:
        return Ends()
    if ticket.is_closed:
        into = goes_on_in(client, ticket)
        if into is None or into.id in seen:
            return Ends(ticket)
        return asked(client, into.id, seen | {ticket_id})
    return _open_one(client.ctx, ticket)


def guard(client: Client, ticket_id: int) -> dict[str, Any]:
    """Return what to send along so that Zendesk refuses it if the ticket changes from now on.

    https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#protecting-against-ticket-update-collisions
    """
    ticket = find(client, ticket_id)
    return {} if ticket is None else _unless_changed(ticket)


def note(ctx: Context, ticket_id: int, status: str) -> None:
    """Remember what an answer of Zendesk's says of the ticket."""
    if status not in ("", "new"):
        memory.of(ctx).begun.add(ticket_id)


def find(client: Client, ticket_id: int) -> records.Ticket | None:
    """Return the ticket, or None where it is gone."""
    try:
        return records.ticket(client.get(f"/tickets/{ticket_id}").get("ticket"))
    except NotFound:
        return None


def goes_on_in(client: Client, ticket: records.Ticket) -> records.Ticket | None:
    """Return the ticket in which a closed one goes on: merged, or followed up by an agent."""
    return merged_into(client, ticket) or _followed_by(client, ticket)


def merged_into(client: Client, ticket: records.Ticket) -> records.Ticket | None:
    """Return the ticket that took over, if this one was merged and the customer is the same.

    Where another customer's ticket took over, nothing follows: an answer written there is not for
    this conversation.
    """
    if not ticket.is_merged:
        return None
    last: dict[str, str | int] = {"sort": "-created_at", "page[size]": LAST_COMMENTS}
    page = client.get(f"/tickets/{ticket.id}/comments", **last)
    for comment in records.comments(page)[0]:
        if not comment.is_of_a_merge:
            continue
        for number in named(comment):
            into = find(client, number) if number != ticket.id else None
            if into is not None and into.requester_id == ticket.requester_id:
                return into
    return None


def _followed_by(client: Client, ticket: records.Ticket) -> records.Ticket | None:
    """Return the newest follow-up of the same customer that is there."""
    for number in sorted(ticket.followed_by, reverse=True):
        found = find(client, number)
        if found and not found.is_deleted and found.requester_id == ticket.requester_id:
            return found
    return None


def named(comment: records.Comment) -> list[int]:
    """Return the numbers of the tickets that a merge's comment names, in its origin or in words."""
    return [*comment.elsewhere, *map(int, _NUMBER.findall(comment.text))]


def _open_one(ctx: Context, ticket: records.Ticket) -> Standing:
    if ticket.status == "new":
        # Left new, for the desk's views of what nobody has touched. Should somebody solve it this
        # very moment, Zendesk refuses what was written from an old copy, and it is asked again.
        return Goes(ticket.id, _unless_changed(ticket))
    days = ctx.config.get("reopen_days")
    if days is not None and ticket.status == "solved":
        if ctx.clock.now() - ticket.updated_at > timedelta(days=days):
            return Ends()
        return Goes(ticket.id, {"status": "open"})
    note(ctx, ticket.id, ticket.status)
    return Goes(ticket.id, {"status": "open"})


def _unless_changed(ticket: records.Ticket) -> dict[str, Any]:
    stamp = ticket.updated_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"safe_update": True, "updated_stamp": stamp}
