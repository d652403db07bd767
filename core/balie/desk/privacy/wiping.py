"""Erasing a person in Balie: one transaction, in which all of it goes or nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import String, cast, delete, literal, select, update
from sqlalchemy.orm import Session

from balie.api import AddressKind, Files, Media, Status, Unknown
from balie.desk.costs import CostRow
from balie.desk.elsewhere.texts import say
from balie.desk.privacy import cancelling, lanes
from balie.desk.privacy.holdings import Extent, chunks, conversations, message_ids
from balie.desk.records import parts
from balie.desk.records.groups import home_of
from balie.desk.records.models import (
    AddressRow,
    ConversationRow,
    Direction,
    HopRow,
    MessageRow,
    PersonRow,
    StatusRow,
)

LATE = timedelta(days=30)
"""Statuses of messages that are older than this come no more."""


@dataclass(frozen=True, slots=True)
class Wiped:
    """What went, counted; and what only the afterwork may know, to be sealed.

    ``under_way``: something of theirs was being filed or sent at this very moment.
    """

    talks: tuple[int, ...]
    messages: int
    addresses: int
    cancelled: int
    under_way: bool
    lanes: tuple[int, ...]
    values: tuple[str, ...]
    channel_ids: tuple[tuple[int, str], ...]


def files(session: Session, extent: Extent) -> list[str]:
    """Return the keys of all files that a person sent or got."""
    talks = [one.id for one in conversations(session, extent)]
    return [
        part.stored
        for some in chunks(talks)
        for stored in session.scalars(
            select(MessageRow.parts).where(MessageRow.conversation_id.in_(some))
        )
        for part in parts.load(stored)
        if isinstance(part, Media) and part.stored
    ]


def delete_files(store: Files, keys: Iterable[str]) -> int:
    """Delete files; those that are gone already count too."""
    deleted = 0
    for key in keys:
        store.delete(key)
        deleted += 1
    return deleted


def wipe(
    session: Session, person: PersonRow, *, timers: Sequence[int], locale: str, now: datetime
) -> Wiped:
    """Take away all that Balie holds of a person but the ids by which helpdesks know them.

    Lanes first, of which ``timers`` are some: whoever works in one loses it, and commits nothing of
    the person any more. What the balance and the costs are made of stays, without anything that
    leads back to somebody.
    """
    tenant_id, extent = person.tenant_id, Extent(person.id)
    values = _values(session, person)
    named = lanes.named_after(session, tenant_id, values)
    busy = lanes.taken_away(session, named, now)
    held = conversations(session, extent)
    talks = [one.id for one in held]
    theirs = [*lanes.of_talks(session, tenant_id, talks), *timers]
    shared = lanes.of_filing(session, tenant_id, {home_of(one) for one in held})
    busy = lanes.taken_away(session, [*theirs, *shared], now) or busy
    messages = message_ids(session, talks)
    single = lanes.of_messages(session, tenant_id, messages)
    busy = lanes.taken_away(session, single, now) or busy
    whose = cancelling.Theirs(
        lanes={*named, *theirs, *single}, talks=set(talks), messages=set(messages), values=values
    )
    cancelled = cancelling.cancel(session, tenant_id, whose, now)
    channel_ids = _channel_ids(session, talks, now)
    _blank(session, talks, say("erased", locale))
    addresses = _forget(session, person, held)
    lanes.renamed(session, named)
    return Wiped(
        talks=tuple(talks),
        messages=len(messages),
        addresses=addresses,
        cancelled=cancelled.items,
        under_way=busy or cancelled.may_have_happened,
        lanes=tuple(whose.lanes),
        values=tuple(values),
        channel_ids=tuple(channel_ids),
    )


def clear_traces(session: Session, channel_ids: Sequence[tuple[int, str]]) -> None:
    """Take channels' ids of messages out of statuses and costs; they may hold a number."""
    for connection_id in {connection for connection, _ in channel_ids}:
        for some in chunks(key for connection, key in channel_ids if connection == connection_id):
            session.execute(
                delete(StatusRow).where(
                    StatusRow.connection_id == connection_id, StatusRow.channel_id.in_(some)
                )
            )
            session.execute(
                update(CostRow)
                .where(CostRow.connection_id == connection_id, CostRow.channel_id.in_(some))
                .values(channel_id=literal("erased:") + cast(CostRow.id, String))
                .execution_options(synchronize_session=False)
            )


def _values(session: Session, person: PersonRow) -> list[str]:
    """Return the addresses that channels know a person by, or knew."""
    of_channels = AddressRow.kind != AddressKind.HELPDESK_USER
    query = select(AddressRow.value).where(AddressRow.person_id == person.id, of_channels)
    return sorted(set(session.scalars(query)))


def _channel_ids(session: Session, talks: Sequence[int], now: datetime) -> list[tuple[int, str]]:
    """Return the channels' ids of what was said; clear what hangs on those of long ago."""
    found: list[tuple[int, str, datetime]] = []
    for some in chunks(talks):
        rows = session.execute(
            select(MessageRow.connection_id, MessageRow.channel_id, MessageRow.at).where(
                MessageRow.conversation_id.in_(some), MessageRow.channel_id.is_not(None)
            )
        )
        found += [(one, key, at) for one, key, at in rows if key is not None]
    clear_traces(session, [(one, key) for one, key, _ in found])
    return [(one, key) for one, key, at in found if at > now - LATE]


def _blank(session: Session, talks: Sequence[int], line: str) -> None:
    """Leave of each message when it was and how far it came."""
    gone = parts.dump([Unknown(type="erased", text=line)])
    for some in chunks(talks):
        here = MessageRow.conversation_id.in_(some)
        session.execute(
            update(MessageRow)
            .where(here)
            .values(parts=gone, author="", error="", quotes=None, note_key=None, place=None)
            .execution_options(synchronize_session=False)
        )
        # An id of our own, so that no late status finds a message that has none yet.
        session.execute(
            update(MessageRow)
            .where(here, MessageRow.direction != Direction.NOTE)
            .values(channel_id=literal("erased:") + cast(MessageRow.id, String))
            .execution_options(synchronize_session=False)
        )
        waiting = (MessageRow.direction == Direction.OUTBOUND, MessageRow.sent_at.is_(None))
        session.execute(
            update(MessageRow)
            .where(here, *waiting, MessageRow.status == Status.QUEUED)
            .values(status=Status.FAILED)
            .execution_options(synchronize_session=False)
        )
        session.execute(delete(HopRow).where(HopRow.conversation_id.in_(some)))


def _forget(session: Session, person: PersonRow, held: Sequence[ConversationRow]) -> int:
    gone = session.execute(
        delete(AddressRow)
        .where(AddressRow.person_id == person.id, AddressRow.kind != AddressKind.HELPDESK_USER)
        .returning(AddressRow.id)
    ).all()
    person.name = ""
    for conversation in held:
        conversation.begun_by, conversation.shut_at = "", None
    session.flush()
    return len(gone)
