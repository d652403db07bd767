"""In which lanes a person's work stands: those named after them, and those of what they said."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from balie.api import AddressKind, EventKind
from balie.desk.privacy.holdings import chunks
from balie.desk.records.models import AddressRow, ConversationRow, TicketRow
from balie.desk.records.work import Work, filing_lane
from balie.desk.window.hold import ahead_lane, left_lanes
from balie.ledger.models import LANE_LENGTH, Item, Lane
from balie.store import fitted
from balie.tenants.models import ConnectionRow

_OF_A_TALK = (Work.SEND, Work.READ, Work.REMIND, Work.MOVE)
_OF_A_MESSAGE = (Work.MEDIA, Work.ABSENT)
_NAMED = tuple(kind for kind in EventKind if kind is not EventKind.TICKET)


def named_after(session: Session, tenant_id: int, values: Iterable[str]) -> list[int]:
    """Return the lanes in which channels tell of these addresses, with or without their plus."""
    written = {form for value in values for form in (value, value.removeprefix("+"))}
    names = [f"{kind}:{form}" for kind in _NAMED for form in sorted(written)]
    return _called(session, tenant_id, names)


def of_talks(session: Session, tenant_id: int, talks: Sequence[int]) -> list[int]:
    """Return the lanes of these conversations and of their tickets, but for filing and timers."""
    names = [f"{kind}:{talk}" for kind in _OF_A_TALK for talk in talks]
    names += [ahead_lane(talk) for talk in talks]
    found = _called(session, tenant_id, names)
    for some in chunks(talks):
        left = or_(*(Lane.name.startswith(left_lanes(talk)) for talk in some))
        found += session.scalars(select(Lane.id).where(Lane.tenant_id == tenant_id, left))
        rows = session.execute(
            select(TicketRow.helpdesk_id, TicketRow.remote_id).where(
                TicketRow.conversation_id.in_(some)
            )
        )
        for helpdesk_id, remote_id in rows.all():
            name = fitted(f"{EventKind.TICKET}:{remote_id}", LANE_LENGTH)
            same = select(Lane.id).where(Lane.connection_id == helpdesk_id, Lane.name == name)
            found += session.scalars(same)
    return found


def of_timers(session: Session, tenant_id: int, talks: Sequence[int]) -> list[int]:
    """Return the lanes of these conversations' timers. A look through all lanes, so by reading."""
    found: list[int] = []
    for some in chunks(talks):
        named = or_(*(Lane.name.startswith(f"{Work.TIMER}:{talk}:") for talk in some))
        found += session.scalars(select(Lane.id).where(Lane.tenant_id == tenant_id, named))
    return found


def of_filing(session: Session, tenant_id: int, homes: Iterable[int]) -> list[int]:
    """Return the lanes in which these conversations are filed, perhaps with others."""
    return _called(session, tenant_id, [filing_lane(home) for home in homes])


def of_messages(session: Session, tenant_id: int, messages: Iterable[int]) -> list[int]:
    """Return the lanes that single messages have."""
    names = [f"{kind}:{message}" for message in messages for kind in _OF_A_MESSAGE]
    return _called(session, tenant_id, names)


def of_groups(session: Session, tenant_id: int, groups: Sequence[ConversationRow]) -> list[int]:
    """Return the lanes in which vendors tell of these groups, and where marks for them stand."""
    people = {one.person_id for one in groups}
    called = (AddressRow.person_id.in_(people), AddressRow.kind == AddressKind.GROUP)
    values = session.scalars(select(AddressRow.value).where(*called)).all()
    marks = [f"{Work.READ}:{one.id}" for one in groups]
    return [*named_after(session, tenant_id, values), *_called(session, tenant_id, marks)]


def of_items(session: Session, items: Iterable[int]) -> list[int]:
    """Return the lanes in which these items stand."""
    return [
        lane
        for some in chunks(items)
        for lane in session.scalars(select(Item.lane_id).where(Item.id.in_(some)).distinct())
        if lane is not None
    ]


def taken_away(session: Session, lanes: Iterable[int], now: datetime) -> bool:
    """Take lanes from whoever works in them: nothing they did meanwhile can be committed.

    Returns whether anybody did.
    """
    busy = False
    for some in chunks(lanes):
        held = select(Lane.id).where(Lane.id.in_(some), Lane.lease_until > now)
        busy = busy or session.scalar(held.limit(1)) is not None
        session.execute(
            update(Lane).where(Lane.id.in_(some)).values(lease_token=None, lease_until=None)
        )
    return busy


def renamed(session: Session, lanes: Iterable[int]) -> None:
    """Take an address out of its lanes' names."""
    for lane in lanes:
        session.execute(update(Lane).where(Lane.id == lane).values(name=f"erased:{lane}"))


def _called(session: Session, tenant_id: int, names: Sequence[str]) -> list[int]:
    connections = select(ConnectionRow.id).where(ConnectionRow.tenant_id == tenant_id)
    theirs = session.scalars(connections).all()
    return [
        lane
        for some in chunks(fitted(name, LANE_LENGTH) for name in names)
        for lane in session.scalars(
            select(Lane.id).where(Lane.connection_id.in_(theirs), Lane.name.in_(some))
        )
    ]
