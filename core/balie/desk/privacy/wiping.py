"""Erasing a person in Balie: one transaction, in which all of it goes or nothing."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, String, cast, delete, literal, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from balie.api import AddressKind, Files, Media, Status, Unknown
from balie.desk.costs import CostRow
from balie.desk.elsewhere.texts import say
from balie.desk.privacy import cancelling, lanes, members
from balie.desk.privacy.holdings import ERASED, Extent, chunks, conversations, message_ids
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

    ``in_groups`` are messages in ``groups``, the talks of groups; ``group_lanes`` are the lanes of
    those, and ``events`` what had waited there.
    ``under_way``: something of theirs was being filed or sent at this very moment.
    """

    talks: tuple[int, ...]
    messages: int
    in_groups: int
    addresses: int
    cancelled: int
    under_way: bool
    lanes: tuple[int, ...]
    events: tuple[int, ...]
    groups: tuple[int, ...]
    group_lanes: tuple[int, ...]
    values: tuple[str, ...]
    channel_ids: tuple[tuple[int, str], ...]


def files(session: Session, person: PersonRow) -> list[str]:
    """Return the keys of all files that a person sent or got, or sent to a group."""
    talks = [one.id for one in conversations(session, Extent(person.id))]
    return [
        part.stored
        for where in (
            *_in(MessageRow.conversation_id, talks),
            *_in(MessageRow.id, members.message_ids(session, person)),
        )
        for stored in session.scalars(select(MessageRow.parts).where(where))
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
    session: Session,
    person: PersonRow,
    *,
    timers: Sequence[int],
    events: Collection[int],
    locale: str,
    now: datetime,
) -> Wiped:
    """Take away all that Balie holds of a person but the ids by which helpdesks know them.

    Lanes first, of which ``timers`` are some: whoever works in one loses it, and commits nothing of
    the person any more. ``events`` wait or are parked in groups' lanes and are the person's. What
    the balance and the costs are made of stays, without anything that leads back to somebody.
    """
    tenant_id, extent = person.tenant_id, Extent(person.id)
    values = members.values(session, person)
    named = lanes.named_after(session, tenant_id, values)
    busy = lanes.taken_away(session, [*named, *lanes.of_items(session, events)], now)
    held = conversations(session, extent)
    talks = [one.id for one in held]
    spoken = members.message_ids(session, person)
    groups = members.talks(session, spoken)
    theirs = [*lanes.of_talks(session, tenant_id, talks), *timers]
    shared = lanes.of_filing(session, tenant_id, {home_of(one) for one in [*held, *groups]})
    busy = lanes.taken_away(session, [*theirs, *shared], now) or busy
    messages = message_ids(session, talks)
    single = lanes.of_messages(session, tenant_id, [*messages, *spoken])
    busy = lanes.taken_away(session, single, now) or busy
    whose = cancelling.Theirs(
        lanes={*named, *theirs, *single},
        talks=set(talks),
        messages=set(messages),
        values=values,
        among=set(spoken),
        items=events,
    )
    cancelled = cancelling.cancel(session, tenant_id, whose, now)
    members.loosen(session, person, spoken)
    line = say("erased", locale)
    channel_ids = _blanked(session, _in(MessageRow.conversation_id, talks), line, now - LATE)
    # In groups there are no lanes of theirs: by these ids their payloads are found, also old ones.
    channel_ids += _blanked(session, _in(MessageRow.id, spoken), line, None)
    addresses = _forget(session, person, held)
    lanes.renamed(session, named)
    return Wiped(
        talks=tuple(talks),
        messages=len(messages),
        in_groups=len(spoken),
        addresses=addresses,
        cancelled=cancelled.items,
        under_way=busy or cancelled.may_have_happened,
        lanes=tuple(whose.lanes),
        events=tuple(events),
        groups=tuple(one.id for one in groups),
        group_lanes=tuple(lanes.of_groups(session, tenant_id, groups)),
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


def _in(column: InstrumentedAttribute[int], ids: Iterable[int]) -> Iterator[ColumnElement[bool]]:
    """Return the conditions that pick messages by these ids, as many as fit in one."""
    for some in chunks(ids):
        yield column.in_(some)


def _blanked(
    session: Session,
    picked: Iterable[ColumnElement[bool]],
    line: str,
    since: datetime | None,
) -> list[tuple[int, str]]:
    """Blank messages; return the channels' ids of those since then."""
    kept = []
    for where in picked:
        kept += _channel_ids(session, where, since)
        _blank(session, where, line)
    return kept


def _channel_ids(
    session: Session, where: ColumnElement[bool], since: datetime | None
) -> list[tuple[int, str]]:
    """Return the channels' ids of what was said since; clear what hangs on any of them."""
    rows = session.execute(
        select(MessageRow.connection_id, MessageRow.channel_id, MessageRow.at).where(
            where, MessageRow.channel_id.is_not(None)
        )
    )
    found = [(one, key, at) for one, key, at in rows if key is not None]
    clear_traces(session, [(one, key) for one, key, _ in found])
    return [(one, key) for one, key, at in found if since is None or at > since]


def _blank(session: Session, where: ColumnElement[bool], line: str) -> None:
    """Leave of each message when it was and how far it came."""
    gone = parts.dump([Unknown(type=ERASED, text=line)])
    session.execute(
        update(MessageRow)
        .where(where)
        .values(parts=gone, author="", error="", quotes=None, note_key=None, place=None)
        .execution_options(synchronize_session=False)
    )
    # An id of our own, so that no late status finds a message that has none yet.
    session.execute(
        update(MessageRow)
        .where(where, MessageRow.direction != Direction.NOTE)
        .values(channel_id=literal("erased:") + cast(MessageRow.id, String))
        .execution_options(synchronize_session=False)
    )
    waiting = (MessageRow.direction == Direction.OUTBOUND, MessageRow.sent_at.is_(None))
    session.execute(
        update(MessageRow)
        .where(where, *waiting, MessageRow.status == Status.QUEUED)
        .values(status=Status.FAILED)
        .execution_options(synchronize_session=False)
    )


def _forget(session: Session, person: PersonRow, held: Sequence[ConversationRow]) -> int:
    gone = session.execute(
        delete(AddressRow)
        .where(AddressRow.person_id == person.id, AddressRow.kind != AddressKind.HELPDESK_USER)
        .returning(AddressRow.id)
    ).all()
    for some in chunks(one.id for one in held):
        session.execute(delete(HopRow).where(HopRow.conversation_id.in_(some)))
    person.name = ""
    for conversation in held:
        conversation.begun_by, conversation.shut_at = "", None
    session.flush()
    return len(gone)
