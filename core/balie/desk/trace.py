"""Where is this message? One answer from all tables."""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from balie.desk.records import parts
from balie.desk.records.models import (
    ID_DIGITS,
    CommentRow,
    ConversationRow,
    Direction,
    MessageRow,
    StatusRow,
    TicketRow,
)
from balie.desk.records.work import Work
from balie.desk.window.hold import ahead_lane
from balie.ledger.models import Item, Lane, State

_QUOTE = 60
MOST_OF_A_TALK = 100
_TALK = re.compile(rf"balie-(([0-9]{{1,{ID_DIGITS}}})-[0-9a-f]{{1,16}})")
_STORIES = (
    select(MessageRow, CommentRow, TicketRow)
    .outerjoin(CommentRow, CommentRow.id == MessageRow.comment_id)
    .outerjoin(TicketRow, TicketRow.id == CommentRow.ticket_id)
)


def trace(session: Session, tenant_id: int | None, sought: str) -> list[dict[str, Any]]:
    """Return the story of each message of this id: the channel's, Balie's or a comment's.

    ``balie-12-64bb2a13d5c00``, as tickets have it, is the last that was said in a talk.
    """
    talk = _TALK.fullmatch(sought)
    if talk is not None:
        home = session.get(ConversationRow, int(talk[2]))
        known = home is not None and home.reference == talk[1]
        return _of_talk(session, tenant_id, int(talk[2])) if known else []
    same = [MessageRow.channel_id == sought, CommentRow.remote_id == sought]
    if sought.isdecimal() and len(sought) <= ID_DIGITS:
        same.append(MessageRow.id == int(sought))
    query = _STORIES.where(or_(*same)).order_by(MessageRow.id)
    if tenant_id is not None:
        query = query.where(MessageRow.tenant_id == tenant_id)
    stories = [_story(session, *row) for row in session.execute(query)]
    return stories or _unread(session, tenant_id, sought)


def proof(session: Session, item: Item) -> str:
    """Return where what an item was for can be seen, in words; '' where nothing shows it."""
    message_id = (item.body or {}).get("message") if item.kind in (Work.FILE, Work.SEND) else None
    if not isinstance(message_id, int):
        return ""
    found = session.execute(_STORIES.where(MessageRow.id == message_id)).one_or_none()
    if found is None:
        return ""
    message, comment, ticket = found
    if item.kind == Work.SEND:
        taken = message.channel_id is not None
        return f"the channel took it as {message.channel_id}, {message.status}" if taken else ""
    if comment is None or ticket is None:
        return ""
    return f"it is comment {comment.remote_id} in ticket {ticket.remote_id}"


def _of_talk(session: Session, tenant_id: int | None, home: int) -> list[dict[str, Any]]:
    """Return the last messages that are filed with a conversation, the oldest first."""
    talks = select(ConversationRow.id).where(
        or_(ConversationRow.id == home, ConversationRow.files_with == home)
    )
    query = _STORIES.where(MessageRow.conversation_id.in_(talks))
    if tenant_id is not None:
        query = query.where(MessageRow.tenant_id == tenant_id)
    newest = query.order_by(MessageRow.at.desc(), MessageRow.id.desc()).limit(MOST_OF_A_TALK)
    return [_story(session, *row) for row in reversed(session.execute(newest).all())]


def _story(
    session: Session, message: MessageRow, comment: CommentRow | None, ticket: TicketRow | None
) -> dict[str, Any]:
    statuses = session.scalars(
        select(StatusRow)
        .where(
            StatusRow.connection_id == message.connection_id,
            StatusRow.channel_id == message.channel_id,
        )
        .order_by(StatusRow.at, StatusRow.id)
    )
    work = [f"file:{message.id}", f"send:{message.id}"]
    if message.channel_id is not None:
        work.append(f"message:{message.channel_id}")
    items = session.scalars(
        select(Item)
        .where(Item.tenant_id == message.tenant_id, Item.dedupe.in_(work))
        .order_by(Item.id)
    ).all()
    return {
        "message": message.id,
        "direction": message.direction,
        "channel_id": message.channel_id,
        "said": parts.words(message.parts, _QUOTE),
        "at": message.at.isoformat(),
        "ticket": ticket.remote_id if ticket is not None else None,
        "comment": comment.remote_id if comment is not None else None,
        "status": message.status if message.direction == "outbound" else None,
        "error": message.error or None,
        "statuses": [{"status": row.status, "at": row.at.isoformat()} for row in statuses],
        "ledger": [_item(item) for item in [*items, *_sent_again(session, message, items)]],
    }


def _sent_again(session: Session, message: MessageRow, known: Sequence[Item]) -> list[Item]:
    """Return work that waits for sending a message anew: it was held, or went past what is held."""
    if message.direction != Direction.OUTBOUND:
        return []
    lanes = [f"{Work.SEND}:{message.conversation_id}", ahead_lane(message.conversation_id)]
    waiting = session.scalars(
        select(Item)
        .join(Lane, Lane.id == Item.lane_id)
        .where(
            Lane.connection_id == message.connection_id,
            Lane.name.in_(lanes),
            Item.state == State.PENDING,
        )
        .order_by(Item.id)
    )
    there = {item.id for item in known}
    return [item for item in waiting if item.body["message"] == message.id and item.id not in there]


def _unread(session: Session, tenant_id: int | None, sought: str) -> list[dict[str, Any]]:
    """Events that have not become a message: still waiting, parked, or refused."""
    query = select(Item).where(Item.dedupe.in_([f"message:{sought}", f"ticket:{sought}"]))
    if tenant_id is not None:
        query = query.where(Item.tenant_id == tenant_id)
    return [{"message": None, "ledger": [_item(item)]} for item in session.scalars(query)]


def _item(item: Item) -> dict[str, Any]:
    return {
        "item": item.id,
        "kind": item.kind,
        "state": item.state,
        "reason": item.reason or None,
        "attempts": item.attempts,
        "accepted_at": item.accepted_at.isoformat(),
        "next_at": item.next_at.isoformat() if item.next_at else None,
        "ended_at": item.ended_at.isoformat() if item.ended_at else None,
    }
