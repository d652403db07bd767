"""What happened in a ticket: agents' answers, their commands, and what became of the ticket."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from balie.api import (
    AgentCommanded,
    AgentReplied,
    Context,
    Event,
    RawEvent,
    Refused,
    TicketState,
)
from balie_crm_zendesk import records
from balie_crm_zendesk.client import Client
from balie_crm_zendesk.errors import NotFound
from balie_crm_zendesk.tickets import requesters, standing

from . import origins, parts, states, webhook
from .sieve import Sieve

#: How far before a webhook its ticket is read, beyond the newest hundred comments: for webhooks
#: that Zendesk never sent (it stops for minutes when a receiver fails) in a busy ticket.
LOOK_BACK = timedelta(hours=24)


def replies(ctx: Context, raw: RawEvent) -> list[Event]:
    """Return agents' answers and commands in the event's ticket, oldest first, then its state.

    Those told before are told again: a comment's id is its identity, and forgetting nothing
    matters more than brevity. Of a merged ticket the one that took over is read as well: what was
    answered there before we knew of the merge, nothing else tells.
    """
    client = Client(ctx)
    ticket_id = webhook.ticket_id(raw.body)
    ticket = standing.find(client, int(ticket_id))
    if ticket is None:
        return [states.gone(ticket_id, raw.at)]
    is_asked = webhook.is_of_the_ticket(raw.body)
    told = _of_ticket(client, ticket, raw, is_asked=is_asked)
    return told or [_nothing(ticket_id)]


def _of_ticket(
    client: Client,
    ticket: records.Ticket,
    raw: RawEvent,
    *,
    is_asked: bool,
    seen: frozenset[int] = frozenset(),
) -> list[Event]:
    """Return what there is to tell of the ticket. ``is_asked``: how it stands, too, if open.

    ``seen`` are tickets that were merged, one into another, and at last into this one.
    """
    try:
        found, users, odd = _read(client, str(ticket.id), raw)
    except NotFound:
        return [states.gone(str(ticket.id), raw.at)]
    ordered = sorted(found, key=lambda one: (one.created_at, one.id))
    told: list[Event] = []
    closed = origins.followed(client, ticket, ordered)
    if closed is not None:
        told.append(states.followed(closed, ticket))
    looks_ours = origins.looks_ours(client.ctx, ticket, ordered, closed)
    sieve = Sieve(client, ticket, users)
    said = [
        replace(event, looks_ours=looks_ours)
        for one in origins.of_ours(ticket, ordered, is_merged=bool(seen))
        if (event := _told(client.ctx, ticket, one, sieve)) is not None
    ]
    told += _with_requester(said, client, ticket, requesters.writers(found))
    into = standing.merged_into(client, ticket)
    state = states.of_ticket(ticket, into, raw.at)
    # An open ticket is what everybody expects.
    if is_asked or state.state is not TicketState.OPEN:
        told.append(state)
    if into is not None and into.id not in seen:
        told += _of_ticket(client, into, raw, is_asked=False, seen=seen | {ticket.id})
    return told or ([_nothing(str(ticket.id), odd)] if odd else [])


def _nothing(ticket_id: str, odd: int = 0) -> Refused:
    unread = f" Comments that cannot be read: {odd}." if odd else ""
    return Refused(reason=f"Ticket {ticket_id} has no public answer of an agent.{unread}")


def _with_requester(
    said: list[AgentReplied | AgentCommanded],
    client: Client,
    ticket: records.Ticket,
    ours: Mapping[int, None],
) -> list[AgentReplied | AgentCommanded]:
    """Return the events, the answers with whose ticket it is by now, if they are in another's.

    ``ours`` are those in whose names Balie wrote in it.
    """
    answers = [event for event in said if isinstance(event, AgentReplied)]
    if not answers or not ours or ticket.requester_id in ours:
        return said
    other = requesters.other(client, ticket.id, ticket.requester_id)
    return [
        replace(event, other_requester=other) if isinstance(event, AgentReplied) else event
        for event in said
    ]


def _told(
    ctx: Context, ticket: records.Ticket, comment: records.Comment, sieve: Sieve
) -> AgentReplied | AgentCommanded | None:
    if sieve.is_command(comment):
        return AgentCommanded(
            ticket_id=str(ticket.id),
            comment_id=str(comment.id),
            at=comment.created_at,
            text=parts.plain(comment.text),
            author=sieve.name(comment),
        )
    if not sieve.is_answer(comment) or not (said := parts.of_comment(ctx, comment)):
        return None
    return AgentReplied(
        ticket_id=str(ticket.id),
        comment_id=str(comment.id),
        at=comment.created_at,
        parts=said,
        author=sieve.name(comment),
    )


def _read(
    client: Client, ticket_id: str, raw: RawEvent
) -> tuple[list[records.Comment], dict[int, records.User], int]:
    """Return comments, newest first, and their authors as far as Zendesk sends them along.

    Also how many comments cannot be read: they must not hold up the others.
    """
    odd = 0
    comments: list[records.Comment] = []
    users: dict[int, records.User] = {}
    for page in client.pages(
        f"/tickets/{ticket_id}/comments",
        sort="-created_at",
        include="users",
        # Images that an agent pastes are among the attachments only if asked for.
        include_inline_images="true",
    ):
        found, unread = records.comments(page)
        comments, odd = comments + found, odd + unread
        users |= {user.id: user for user in map(records.user, _sideloaded(page))}
        if comments and comments[-1].created_at < raw.at - LOOK_BACK:
            break
    if odd:
        client.ctx.log.warning("comments_not_understood", ticket=ticket_id, count=odd)
    return comments, users, odd


def _sideloaded(page: dict[str, Any]) -> list[Any]:
    return records.listed(page, "users") if "users" in page else []
