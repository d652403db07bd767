"""Conversations, what is said in them, and the ticket each is filed in."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, insert, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from balie.api import Part, Status, TicketState
from balie.desk.records import parts as part_json
from balie.desk.records import places
from balie.desk.records.models import (
    CHANNEL_ID_LENGTH,
    CommentRow,
    ConversationRow,
    Direction,
    MessageRow,
    PersonRow,
    TicketRow,
)
from balie.store import Base, adopted, as_read, fitted, run, table_of, unless_there

_QUOTE = 80
_CONVERSATIONS = table_of(ConversationRow)
_MESSAGES = table_of(MessageRow)
_TICKETS = table_of(TicketRow)
_CONVERSATION = select(ConversationRow).where(
    ConversationRow.connection_id == bindparam("connection"),
    ConversationRow.person_id == bindparam("person"),
    ConversationRow.thread == bindparam("thread"),
)
_HEARD = (
    update(_CONVERSATIONS)
    .where(_CONVERSATIONS.c.id == bindparam("conversation"))
    .values(last_inbound_at=bindparam("to_at"), goes_on_in=None)
    .returning(_CONVERSATIONS.c.shut_at)
)
_OF_TICKET = select(_TICKETS).where(
    _TICKETS.c.helpdesk_id == bindparam("helpdesk"), _TICKETS.c.remote_id == bindparam("remote")
)
_CURRENT = select(_TICKETS).where(
    _TICKETS.c.conversation_id == bindparam("conversation"),
    _TICKETS.c.helpdesk_id == bindparam("helpdesk"),
    _TICKETS.c.is_current.is_(True),
)
_NO_LONGER = (
    update(_TICKETS)
    .where(_TICKETS.c.conversation_id == bindparam("conversation"), _TICKETS.c.is_current.is_(True))
    .values(is_current=False)
)
_CURRENT_NOW = update(_TICKETS).where(_TICKETS.c.id == bindparam("ticket")).values(is_current=True)
_REOPENED = (
    update(_TICKETS)
    .where(_TICKETS.c.id == bindparam("ticket"), _TICKETS.c.state == TicketState.SOLVED)
    .values(state=TicketState.OPEN)
)
_TICKET = insert(_TICKETS).returning(_TICKETS.c.id)
_STANDS_IN = (
    update(_MESSAGES)
    .where(_MESSAGES.c.id == bindparam("message"))
    .values(comment_id=bindparam("comment"))
)


def between(  # noqa: PLR0913 -- a conversation is all of these, given by name
    session: Session,
    person: PersonRow,
    *,
    connection_id: int,
    helpdesk_id: int,
    now: datetime,
    thread: str = "",
    begun_by: str = "",
) -> ConversationRow:
    """Return the person's conversation on this channel connection, made if it is not there.

    ``thread`` tells those of one person apart; one that is made is seen by ``begun_by``.
    """
    values: dict[str, Any] = {
        "tenant_id": person.tenant_id,
        "connection_id": connection_id,
        "helpdesk_id": helpdesk_id,
        "person_id": person.id,
        "opened_at": now,
        "last_inbound_at": None,
        "shut_at": None,
        "thread": thread,
        "begun_by": begun_by,
        "place": 0,
        "files_with": None,
        "goes_on_in": None,
        "language": "",
    }
    conversation_id = _inserted(session, ConversationRow, values)
    if conversation_id is not None:
        return adopted(session, as_read(ConversationRow, {"id": conversation_id, **values}))
    there = found(session, person, connection_id, thread)
    assert there is not None  # noqa: S101 -- else it had been inserted; for mypy
    there.helpdesk_id = helpdesk_id
    return there


def heard(session: Session, conversation: ConversationRow, at: datetime) -> None:
    """Write down when the customer was last heard, and see whether answers are held."""
    session.flush()
    asked = {"conversation": conversation.id, "to_at": at}
    [(shut_at,)] = run(session.connection(), _HEARD, asked)
    set_committed_value(conversation, "last_inbound_at", at)
    set_committed_value(conversation, "shut_at", shut_at)


def found(
    session: Session, person: PersonRow, connection_id: int, thread: str = ""
) -> ConversationRow | None:
    """Return the person's conversation on this channel connection, if there is one."""
    asked = {"connection": connection_id, "person": person.id, "thread": thread}
    return session.scalar(_CONVERSATION, asked)


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
    speaker_id: int | None = None,
) -> MessageRow | None:
    """Store something said. Returns None where it is there already, by channel id or note key."""
    values: dict[str, Any] = {
        "tenant_id": conversation.tenant_id,
        "connection_id": conversation.connection_id,
        "conversation_id": conversation.id,
        "direction": direction,
        "channel_id": channel_id,
        "note_key": note_key,
        "comment_id": None,
        "quotes": None if quotes is None else fitted(quotes, CHANNEL_ID_LENGTH),
        "author": author,
        "parts": part_json.dump(parts),
        "at": at,
        "sent_at": None,
        "status": Status.QUEUED,
        "error": "",
        "place": None,
        "speaker_id": speaker_id,
    }
    if conversation.thread and direction is Direction.INBOUND:
        session.flush()
        values["place"] = places.following(session.connection(), conversation.id)
    message_id = _inserted(session, MessageRow, values)
    if message_id is None:
        return None
    return adopted(session, as_read(MessageRow, {"id": message_id, **values}))


def quoted(
    db: Connection | Session, connection_id: int, channel_ids: Iterable[str]
) -> dict[str, str]:
    """Return the beginnings of messages that others are about, by the channel's ids."""
    ids = set(channel_ids)
    if not ids:
        return {}
    rows = db.execute(
        select(MessageRow.channel_id, MessageRow.parts).where(
            MessageRow.connection_id == connection_id, MessageRow.channel_id.in_(ids)
        )
    )
    return {key: part_json.words(said, _QUOTE) for key, said in rows if key}


def _inserted(session: Session, model: type[Base], values: dict[str, Any]) -> int | None:
    session.flush()  # what it refers to
    connection = session.connection()
    return _id_of(run(connection, unless_there(connection, model), values))


def _id_of(rows: Sequence[Sequence[Any]]) -> int | None:
    return rows[0][0] if rows else None


def of_ticket(db: Connection | Session, helpdesk_id: int, remote_id: str) -> TicketRow | None:
    """Return the ticket that a helpdesk connection calls so, if Balie filed something in it.

    It belongs to no session: it says what was so when it was read.
    """
    asked = {"helpdesk": helpdesk_id, "remote": remote_id}
    return _ticket(db, _OF_TICKET, asked)


def current_ticket(db: Connection | Session, conversation: ConversationRow) -> TicketRow | None:
    """Return the ticket that the conversation is filed in now, in today's helpdesk.

    It belongs to no session, as that of :func:`of_ticket`.
    """
    asked = {"conversation": conversation.id, "helpdesk": conversation.helpdesk_id}
    return _ticket(db, _CURRENT, asked)


def _ticket(
    db: Connection | Session, statement: Select[Any], asked: dict[str, Any]
) -> TicketRow | None:
    rows = run(db, statement, asked)
    return as_read(TicketRow, zip(_TICKETS.c.keys(), rows[0], strict=True)) if rows else None


def filed_in(
    connection: Connection, conversation: ConversationRow, remote_id: str, now: datetime
) -> TicketRow:
    """Make this the conversation's current ticket; answers in it go to this conversation.

    Another conversation's ticket stays its own: answers in it go there.
    """
    ticket = of_ticket(connection, conversation.helpdesk_id, remote_id)
    if ticket is not None and (ticket.is_current or ticket.conversation_id != conversation.id):
        return ticket
    run(connection, _NO_LONGER, {"conversation": conversation.id})
    if ticket is not None:
        run(connection, _CURRENT_NOW, {"ticket": ticket.id})
        ticket.is_current = True
        return ticket
    return _ticket_made(connection, conversation, remote_id, now, is_current=True)


def answered_in(
    connection: Connection, conversation: ConversationRow, remote_id: str, now: datetime
) -> None:
    """Let answers in a ticket that is not known go to this conversation, filed in another."""
    _ticket_made(connection, conversation, remote_id, now, is_current=False)


def _ticket_made(
    connection: Connection,
    conversation: ConversationRow,
    remote_id: str,
    now: datetime,
    *,
    is_current: bool,
) -> TicketRow:
    values: dict[str, Any] = {
        "tenant_id": conversation.tenant_id,
        "conversation_id": conversation.id,
        "helpdesk_id": conversation.helpdesk_id,
        "remote_id": remote_id,
        "is_current": is_current,
        "state": TicketState.OPEN,
        "opened_at": now,
    }
    [(ticket_id,)] = run(connection, _TICKET, values)
    return as_read(TicketRow, {"id": ticket_id, **values})


def reopened(connection: Connection, ticket: TicketRow) -> None:
    """Say of a solved ticket that it is open again."""
    run(connection, _REOPENED, {"ticket": ticket.id})


def add_comment(
    connection: Connection,
    ticket: TicketRow,
    remote_id: str,
    *,
    is_ours: bool,
    at: datetime,
    opened: bool = False,
) -> int | None:
    """Remember a comment; return its row's id. None where it is known, ours or relayed."""
    values = {
        "tenant_id": ticket.tenant_id,
        "helpdesk_id": ticket.helpdesk_id,
        "ticket_id": ticket.id,
        "remote_id": remote_id,
        "is_ours": is_ours,
        "opened": opened,
        "at": at,
    }
    return _id_of(run(connection, unless_there(connection, CommentRow), values))


def stands_in(connection: Connection, message_id: int, comment_id: int | None) -> None:
    """Say in which comment a message stands."""
    run(connection, _STANDS_IN, {"message": message_id, "comment": comment_id})


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
