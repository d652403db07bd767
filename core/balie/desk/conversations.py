"""Conversations, what is said in them, and the ticket each is filed in."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from balie.api import Part, Status
from balie.desk import parts as part_json
from balie.desk.models import (
    CHANNEL_ID_LENGTH,
    CommentRow,
    ConversationRow,
    Direction,
    MessageRow,
    PersonRow,
    TicketRow,
)
from balie.store import fitted


def between(
    session: Session, person: PersonRow, *, connection_id: int, helpdesk_id: int, now: datetime
) -> ConversationRow:
    """Return the person's conversation on this channel connection, made if it is not there."""
    found = session.scalar(
        select(ConversationRow).where(
            ConversationRow.connection_id == connection_id,
            ConversationRow.person_id == person.id,
        )
    )
    if found is not None:
        found.helpdesk_id = helpdesk_id
        return found
    made = ConversationRow(
        tenant_id=person.tenant_id,
        connection_id=connection_id,
        helpdesk_id=helpdesk_id,
        person_id=person.id,
        opened_at=now,
    )
    session.add(made)
    session.flush()
    return made


def found(session: Session, person: PersonRow, connection_id: int) -> ConversationRow | None:
    """Return the person's conversation on this channel connection, if there is one."""
    return session.scalar(
        select(ConversationRow).where(
            ConversationRow.connection_id == connection_id,
            ConversationRow.person_id == person.id,
        )
    )


def add_message(  # noqa: PLR0913 -- a message is all of these, given by name
    session: Session,
    conversation: ConversationRow,
    *,
    direction: Direction,
    parts: Sequence[Part],
    at: datetime,
    channel_id: str | None = None,
    note_key: str | None = None,
    quotes: str | None = None,
    author: str = "",
) -> MessageRow | None:
    """Store something said. Returns None where it is there already, by channel id or note key."""
    same = []
    if channel_id is not None:
        same.append(
            (MessageRow.connection_id == conversation.connection_id)
            & (MessageRow.channel_id == channel_id)
        )
    if note_key is not None:
        same.append(
            (MessageRow.conversation_id == conversation.id) & (MessageRow.note_key == note_key)
        )
    for condition in same:
        if session.scalar(select(MessageRow.id).where(condition)) is not None:
            return None
    message = MessageRow(
        tenant_id=conversation.tenant_id,
        connection_id=conversation.connection_id,
        conversation_id=conversation.id,
        direction=direction,
        channel_id=channel_id,
        note_key=note_key,
        quotes=None if quotes is None else fitted(quotes, CHANNEL_ID_LENGTH),
        author=author,
        parts=part_json.dump(parts),
        at=at,
        status=Status.QUEUED,
        error="",
    )
    session.add(message)
    session.flush()
    return message


def of_ticket(session: Session, helpdesk_id: int, remote_id: str) -> TicketRow | None:
    """Return the ticket that a helpdesk connection calls so, if Balie filed something in it."""
    return session.scalar(
        select(TicketRow).where(
            TicketRow.helpdesk_id == helpdesk_id, TicketRow.remote_id == remote_id
        )
    )


def current_ticket(session: Session, conversation: ConversationRow) -> TicketRow | None:
    """Return the ticket that the conversation is filed in now, in today's helpdesk."""
    return session.scalar(
        select(TicketRow).where(
            TicketRow.conversation_id == conversation.id,
            TicketRow.helpdesk_id == conversation.helpdesk_id,
            TicketRow.is_current.is_(True),
        )
    )


def filed_in(
    session: Session, conversation: ConversationRow, remote_id: str, now: datetime
) -> TicketRow:
    """Make this the conversation's current ticket; answers in it go to this conversation.

    Another conversation's ticket stays its own: answers in it go there.
    """
    ticket = of_ticket(session, conversation.helpdesk_id, remote_id)
    if ticket is not None and (ticket.is_current or ticket.conversation_id != conversation.id):
        return ticket
    session.execute(
        update(TicketRow)
        .where(TicketRow.conversation_id == conversation.id, TicketRow.is_current.is_(True))
        .values(is_current=False)
    )
    if ticket is None:
        ticket = TicketRow(
            tenant_id=conversation.tenant_id,
            conversation_id=conversation.id,
            helpdesk_id=conversation.helpdesk_id,
            remote_id=remote_id,
            is_current=True,
            opened_at=now,
        )
        session.add(ticket)
    ticket.is_current = True
    session.flush()
    return ticket


def add_comment(
    session: Session,
    ticket: TicketRow,
    remote_id: str,
    *,
    is_ours: bool,
    at: datetime,
    opened: bool = False,
) -> CommentRow | None:
    """Remember a comment. Returns None where it is known already, ours or relayed."""
    known = session.scalar(
        select(CommentRow.id).where(
            CommentRow.helpdesk_id == ticket.helpdesk_id, CommentRow.remote_id == remote_id
        )
    )
    if known is not None:
        return None
    comment = CommentRow(
        tenant_id=ticket.tenant_id,
        helpdesk_id=ticket.helpdesk_id,
        ticket_id=ticket.id,
        remote_id=remote_id,
        is_ours=is_ours,
        opened=opened,
        at=at,
    )
    session.add(comment)
    session.flush()
    return comment


def written_since(
    session: Session, helpdesk_id: int, since: datetime, *, ticket_id: int | None = None
) -> list[datetime]:
    """Return when Balie added to existing tickets of a helpdesk, or to one of them."""
    query = select(CommentRow.at).where(
        CommentRow.helpdesk_id == helpdesk_id,
        CommentRow.at > since,
        CommentRow.is_ours.is_(True),
        CommentRow.opened.is_(False),
    )
    if ticket_id is not None:
        query = query.where(CommentRow.ticket_id == ticket_id)
    return list(session.scalars(query))
