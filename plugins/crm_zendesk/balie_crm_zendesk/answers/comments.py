"""What happened in a ticket: agents' answers, their commands, and what became of the ticket."""

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
    TicketChanged,
    TicketState,
)
from balie_crm_zendesk import records
from balie_crm_zendesk.client import Client
from balie_crm_zendesk.errors import NotFound
from balie_crm_zendesk.tickets import requesters

from . import parts, states, webhook
from .sieve import Sieve

#: How far before a webhook its ticket is read, beyond the newest hundred comments: for webhooks
#: that Zendesk never sent (it stops for minutes when a receiver fails) in a busy ticket.
LOOK_BACK = timedelta(hours=24)


def replies(ctx: Context, raw: RawEvent) -> list[Event]:
    """Return agents' answers and commands in the event's ticket, oldest first, then its state.

    Those told before are told again: a comment's id is its identity, and forgetting nothing
    matters more than brevity.
    """
    client = Client(ctx)
    ticket_id = webhook.ticket_id(raw.body)
    try:
        ticket = records.ticket(client.get(f"/tickets/{ticket_id}").get("ticket"))
        comments, users, odd = _read(client, ticket_id, raw)
    except NotFound:
        return [states.gone(ticket_id, raw.at)]
    sieve = Sieve(client, ticket, users)
    ordered = sorted(comments, key=lambda one: (one.created_at, one.id))
    told = [event for one in ordered if (event := _told(ctx, ticket_id, one, sieve)) is not None]
    ours = requesters.writers(comments)
    if ours and ticket.requester_id not in ours:
        told = _with_other(told, client, ticket)
    state = states.of_ticket(client, ticket, raw.at)
    if _is_news(state, raw):
        return [*told, state]
    if told:
        return [*told]
    unread = f" Comments that cannot be read: {odd}." if odd else ""
    return [Refused(reason=f"Ticket {ticket_id} has no public answer of an agent.{unread}")]


def _with_other(
    told: list[AgentReplied | AgentCommanded], client: Client, ticket: records.Ticket
) -> list[AgentReplied | AgentCommanded]:
    """Return the events, the answers with whose ticket it is by now, if they are in another's."""
    if not any(isinstance(event, AgentReplied) for event in told):
        return told
    other = requesters.other(client, ticket.id, ticket.requester_id)
    return [
        replace(event, other_requester=other) if isinstance(event, AgentReplied) else event
        for event in told
    ]


def _told(
    ctx: Context, ticket_id: str, comment: records.Comment, sieve: Sieve
) -> AgentReplied | AgentCommanded | None:
    if sieve.is_command(comment):
        return AgentCommanded(
            ticket_id=ticket_id,
            comment_id=str(comment.id),
            at=comment.created_at,
            text=parts.plain(comment.text),
            author=sieve.name(comment),
        )
    if not sieve.is_answer(comment) or not (said := parts.of_comment(ctx, comment)):
        return None
    return AgentReplied(
        ticket_id=ticket_id,
        comment_id=str(comment.id),
        at=comment.created_at,
        parts=said,
        author=sieve.name(comment),
    )


def _is_news(state: TicketChanged, raw: RawEvent) -> bool:
    """Say whether to tell the state: an open ticket is what everybody expects."""
    return state.state is not TicketState.OPEN or webhook.is_of_the_ticket(raw.body)


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
