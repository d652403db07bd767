"""What one connection is to be told of whom a request is about."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from balie.api import AddressKind, Among, Concerned, Line, Unknown
from balie.desk.privacy import members
from balie.desk.privacy.holdings import ERASED, Extent, chunks, conversations
from balie.desk.records import parts
from balie.desk.records.conversations import quoted
from balie.desk.records.models import (
    AddressRow,
    CommentRow,
    MessageRow,
    PersonRow,
    TicketRow,
)


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
    person = session.get_one(PersonRow, extent.person_id)
    return Concerned(
        users=tuple(_users(session, helpdesk_id, extent.person_id)) if whole else (),
        tickets={ticket: tuple(dict.fromkeys(found)) for ticket, found in tickets.items()},
        conversations=tuple(one.reference for one in held),
        others=frozenset(others),
        whole=whole,
        among=_among(session, helpdesk_id, person) if whole else {},
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


def _users(session: Session, helpdesk_id: int, person_id: int) -> Sequence[str]:
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


def _among(
    session: Session, helpdesk_id: int, person: PersonRow
) -> dict[str, dict[str, tuple[Among, ...]]]:
    """Return the comments of groups in which a person's words are, line by line.

    Comments in which somebody else quotes them are some of these.
    """
    theirs = set(members.message_ids(session, person))
    quotes = members.quoting(session, theirs)
    found: dict[str, dict[str, tuple[Among, ...]]] = {}
    for some in chunks(sorted(theirs | quotes)):
        rows = session.execute(
            select(TicketRow.remote_id, CommentRow.remote_id, CommentRow.id)
            .join(CommentRow, CommentRow.ticket_id == TicketRow.id)
            .join(MessageRow, MessageRow.comment_id == CommentRow.id)
            .where(MessageRow.id.in_(some), TicketRow.helpdesk_id == helpdesk_id)
            .order_by(CommentRow.id)
            .distinct()
        ).all()
        lines = _lines(session, some, [comment for _, _, comment in rows])
        for ticket, name, comment in rows:
            found.setdefault(ticket, {})[name] = tuple(
                Among(
                    line=_line(row, about),
                    goes=row.id in theirs or _is_erased(row),
                    quote_goes=row.id in quotes or (row.quotes or "").startswith("erased:"),
                )
                for row, about in lines[comment]
            )
    return found


def _lines(
    session: Session, messages: Sequence[int], comments: Iterable[int]
) -> dict[int, list[tuple[MessageRow, str]]]:
    """Return what stands in these comments, in order, each with what it is about."""
    wanted = list(comments)
    found: dict[int, list[tuple[MessageRow, str]]] = {one: [] for one in wanted}
    for talk in members.talks(session, messages):
        rows = session.scalars(
            select(MessageRow)
            .where(MessageRow.conversation_id == talk.id, MessageRow.comment_id.in_(wanted))
            .order_by(MessageRow.at, MessageRow.id)
        ).all()
        keys = [row.quotes for row in rows if row.quotes]
        about = quoted(session, talk.connection_id, keys)
        for row in rows:
            assert row.comment_id is not None  # noqa: S101 -- it was asked for; for mypy
            found[row.comment_id].append((row, about.get(row.quotes or "", "")))
    return found


def _line(row: MessageRow, about: str) -> Line:
    return Line(id=str(row.id), at=row.at, parts=parts.load(row.parts), about=about)


def _is_erased(row: MessageRow) -> bool:
    """Say whether it was somebody's who was erased before."""
    return any(isinstance(one, Unknown) and one.type == ERASED for one in parts.load(row.parts))
