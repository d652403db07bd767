"""What a person said among others: in a group, whose conversation belongs to the group.

A group is a person of its own here, and the talk is its. Each message says who of them spoke.
Balie's notes in such a talk may tell of a member too: those about what the member said, and those
that name a number, such as who joined.
"""

import re
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import ColumnElement, Select, or_, select, update
from sqlalchemy.orm import Session

from balie.api import AddressKind
from balie.desk.privacy.holdings import chunks
from balie.desk.records import parts
from balie.desk.records.models import (
    AddressRow,
    ConversationRow,
    Direction,
    MessageRow,
    PersonRow,
)

_SHORTEST = 6
"""A shorter address is not looked for within other words: it might be anything."""
_PUNCTUATION = re.compile(r"[\s()./+-]")


def values(session: Session, person: PersonRow) -> list[str]:
    """Return the addresses that channels know a person by, or knew."""
    of_channels = AddressRow.kind != AddressKind.HELPDESK_USER
    query = select(AddressRow.value).where(AddressRow.person_id == person.id, of_channels)
    return sorted(set(session.scalars(query)))


def written(addresses: Iterable[str]) -> list[str]:
    """Return how addresses stand within a vendor's JSON; none that are too short to be sure."""
    plain = {one.removeprefix("+") for one in addresses}
    return sorted(one for one in plain if len(one) >= _SHORTEST)


def message_ids(session: Session, person: PersonRow) -> list[int]:
    """Return the ids of all that a person said in groups, and of Balie's notes there of them."""
    said = session.scalars(select(MessageRow.id).where(MessageRow.speaker_id == person.id))
    return sorted({*said, *_notes_naming(session, person)})


def talks(session: Session, messages: Iterable[int]) -> Sequence[ConversationRow]:
    """Return the conversations in which these messages are."""
    found = {
        one
        for some in chunks(messages)
        for one in session.scalars(
            select(MessageRow.conversation_id).where(MessageRow.id.in_(some)).distinct()
        )
    }
    query = select(ConversationRow).order_by(ConversationRow.id)
    return [
        row
        for some in chunks(sorted(found))
        for row in session.scalars(query.where(ConversationRow.id.in_(some)))
    ]


def quoting(session: Session, messages: Collection[int]) -> set[int]:
    """Return the ids of what others said about these messages, quoting them."""
    found = {quote for quote, _ in _quotes(session, messages)}
    return found - set(messages)


def unattributed(session: Session, tenant_id: int) -> int:
    """Count what was said in a tenant's groups by nobody knows whom.

    It came before Balie wrote down who speaks, or named nobody.
    """
    there = or_(MessageRow.channel_id.is_(None), MessageRow.channel_id.not_like("erased:%"))
    return sum(
        len(
            session.scalars(
                select(MessageRow.id).where(
                    MessageRow.conversation_id.in_(some),
                    MessageRow.direction == Direction.INBOUND,
                    MessageRow.speaker_id.is_(None),
                    there,
                )
            ).all()
        )
        for some in chunks(session.scalars(_groups(tenant_id)).all())
    )


def loosen(session: Session, person: PersonRow, messages: Sequence[int]) -> None:
    """Keep what belongs to a person's words after these are gone, without the vendor's ids.

    Notes say whom they told of; others' quotes name the message by an id of ours. That a group was
    first seen in a message of theirs is not said any more.
    """
    _forget_evidence(session, messages)
    for quote, quoted in _quotes(session, messages):
        session.execute(
            update(MessageRow).where(MessageRow.id == quote).values(quotes=f"erased:{quoted}")
        )
    for some in chunks(messages):
        session.execute(
            update(MessageRow).where(MessageRow.id.in_(some)).values(speaker_id=person.id)
        )


def forget_quotes(session: Session, talk_ids: Sequence[int], channel_ids: Iterable[str]) -> None:
    """Take vendors' ids of erased messages out of what has quoted them since."""
    for some in chunks(channel_ids):
        session.execute(
            update(MessageRow)
            .where(MessageRow.conversation_id.in_(talk_ids), MessageRow.quotes.in_(some))
            .values(quotes=None)
        )


def _quotes(session: Session, messages: Iterable[int]) -> list[tuple[int, int]]:
    """Return which messages quote these: the quoting one's id, and the quoted one's."""
    found = []
    for some in chunks(messages):
        rows = session.execute(
            select(MessageRow.conversation_id, MessageRow.channel_id, MessageRow.id).where(
                MessageRow.id.in_(some), MessageRow.channel_id.is_not(None)
            )
        ).all()
        ids = {(talk, key): one for talk, key, one in rows}
        quotes = session.execute(
            select(MessageRow.conversation_id, MessageRow.quotes, MessageRow.id).where(
                MessageRow.conversation_id.in_({talk for talk, _ in ids}),
                MessageRow.quotes.in_([key for _, key in ids]),
            )
        ).all()
        found += [(one, ids[talk, key]) for talk, key, one in quotes if (talk, key) in ids]
    return found


def _forget_evidence(session: Session, messages: Sequence[int]) -> None:
    groups = {talk.person_id for talk in talks(session, messages)}
    ids = {
        key
        for some in chunks(messages)
        for key in session.scalars(select(MessageRow.channel_id).where(MessageRow.id.in_(some)))
    }
    for row in session.scalars(select(AddressRow).where(AddressRow.person_id.in_(groups))):
        if row.evidence.rpartition(" ")[2] in ids:
            row.evidence = ""
    session.flush()


def _notes_naming(session: Session, person: PersonRow) -> list[int]:
    sought = [_PUNCTUATION.sub("", one) for one in written(values(session, person))]
    if not sought:
        return []
    others = ConversationRow.person_id != person.id
    found = []
    for some in chunks(session.scalars(_groups(person.tenant_id, others)).all()):
        notes = session.execute(
            select(MessageRow.id, MessageRow.parts).where(
                MessageRow.conversation_id.in_(some), MessageRow.direction == Direction.NOTE
            )
        )
        for one, stored in notes:
            told = _PUNCTUATION.sub("", parts.text_of(parts.load(stored)))
            if any(value in told for value in sought):
                found.append(one)
    return found


def _groups(tenant_id: int, *where: ColumnElement[bool]) -> Select[int]:
    """Return the query of the ids of a tenant's talks in groups."""
    of_groups = select(AddressRow.person_id).where(
        AddressRow.tenant_id == tenant_id, AddressRow.kind == AddressKind.GROUP
    )
    return select(ConversationRow.id).where(
        ConversationRow.tenant_id == tenant_id, ConversationRow.person_id.in_(of_groups), *where
    )
