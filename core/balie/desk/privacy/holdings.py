"""What is a person's: conversations, messages, tickets; and what of it a helpdesk should know."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from balie.api import AddressKind, Concerned
from balie.desk.records.models import (
    AddressRow,
    CommentRow,
    ConversationRow,
    MessageRow,
    TicketRow,
)

T = TypeVar("T")
AT_ONCE = 500
"""So many ids stand in one statement."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How much of a person is meant: all, or the ``talks`` of these ids."""

    person_id: int
    talks: tuple[int, ...] | None = None


def conversations(session: Session, extent: Extent) -> Sequence[ConversationRow]:
    """Return the conversations that are meant."""
    query = select(ConversationRow).where(ConversationRow.person_id == extent.person_id)
    if extent.talks is not None:
        query = query.where(ConversationRow.id.in_(extent.talks))
    return session.scalars(query.order_by(ConversationRow.id)).all()


def message_ids(session: Session, talks: Iterable[int]) -> list[int]:
    """Return the ids of all that was said in these conversations."""
    return [
        one
        for some in chunks(talks)
        for one in session.scalars(
            select(MessageRow.id).where(MessageRow.conversation_id.in_(some))
        )
    ]


def concerned(session: Session, helpdesk_id: int, extent: Extent) -> Concerned:
    """Return what one connection is to be told of whom a request is about.

    A ticket that a person shares with another is only named for their comments in it.
    """
    held = conversations(session, extent)
    talks = [one.id for one in held]
    tickets: dict[str, list[str]] = {}
    for some in chunks(talks):
        own = select(TicketRow.remote_id).where(
            TicketRow.conversation_id.in_(some), TicketRow.helpdesk_id == helpdesk_id
        )
        for ticket in session.scalars(own.order_by(TicketRow.id)):
            tickets.setdefault(ticket, [])
        comments = (
            select(TicketRow.remote_id, CommentRow.remote_id)
            .join(CommentRow, CommentRow.ticket_id == TicketRow.id)
            .join(MessageRow, MessageRow.comment_id == CommentRow.id)
            .where(MessageRow.conversation_id.in_(some), TicketRow.helpdesk_id == helpdesk_id)
            .order_by(CommentRow.id)
            .distinct()
            .add_columns(CommentRow.id)
        )
        for ticket, comment, _ in session.execute(comments):
            tickets.setdefault(ticket, []).append(comment)
    others: set[str] = set()
    for some in chunks(talks):
        others |= _of_others(session, helpdesk_id, some, talks)
    whole = extent.talks is None
    return Concerned(
        users=tuple(users(session, helpdesk_id, extent.person_id)) if whole else (),
        tickets={ticket: tuple(dict.fromkeys(found)) for ticket, found in tickets.items()},
        conversations=tuple(one.reference for one in held),
        others=frozenset(others),
        whole=whole,
    )


def _of_others(
    session: Session, helpdesk_id: int, some: Sequence[int], talks: Sequence[int]
) -> set[str]:
    """Return comments of other talks in the tickets of some: two people may share one."""
    own = select(TicketRow.id).where(
        TicketRow.conversation_id.in_(some), TicketRow.helpdesk_id == helpdesk_id
    )
    rows = session.execute(
        select(CommentRow.remote_id, MessageRow.conversation_id)
        .join(MessageRow, MessageRow.comment_id == CommentRow.id)
        .where(CommentRow.ticket_id.in_(own))
    )
    theirs = set(talks)
    return {comment for comment, talk in rows if talk not in theirs}


def users(session: Session, helpdesk_id: int, person_id: int) -> Sequence[str]:
    """Return the ids under which a helpdesk connection knows a person."""
    return session.scalars(
        select(AddressRow.value)
        .where(
            AddressRow.person_id == person_id,
            AddressRow.kind == AddressKind.HELPDESK_USER,
            AddressRow.scope == str(helpdesk_id),
        )
        .order_by(AddressRow.id)
    ).all()


def chunks(many: Iterable[T]) -> Iterator[list[T]]:
    """Cut what is many into lists that fit in a statement."""
    rest = iter(many)
    while some := list(islice(rest, AT_ONCE)):
        yield some
