"""What is a person's alone: conversations, and what was said in them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from balie.desk.records.models import ConversationRow, MessageRow

T = TypeVar("T")
AT_ONCE = 500
"""So many ids stand in one statement."""
ERASED = "erased"
"""The type of the part that stands in the place of what was erased."""


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


def chunks(many: Iterable[T]) -> Iterator[list[T]]:
    """Cut what is many into lists that fit in a statement."""
    rest = iter(many)
    while some := list(islice(rest, AT_ONCE)):
        yield some
