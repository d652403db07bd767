"""Who turned out to be whom, and numbers that customers left."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from balie.api import Address, AddressKind, AddressProven, NumberLeft
from balie.desk.records import people
from balie.desk.records.models import AddressRow, ConversationRow, PersonRow
from balie.ledger.job import Settlement
from balie.tenants.contexts import Live

_LEFT = "left"


def prove(settlement: Settlement, live: Live, event: AddressProven) -> str:
    """Follow a proof that one address is another's. Returns the reason where there is nothing."""
    session, now = settlement.session, settlement.now
    before = people.known(session, live.tenant_id, [event.sender])
    if before is None:
        return "nothing was said before"
    owner = people.known(session, live.tenant_id, [event.same_as])
    if owner is None:
        people.move(session, before, (), [event.same_as], evidence=event.evidence, now=now)
    else:
        make_one(session, owner, before, evidence=event.evidence, now=now)
    session.execute(
        update(ConversationRow)
        .where(
            ConversationRow.connection_id == live.ctx.connection.id,
            ConversationRow.begun_by == event.sender.value,
            ConversationRow.person_id.in_(
                select(AddressRow.person_id).where(
                    AddressRow.tenant_id == live.tenant_id,
                    AddressRow.kind == event.same_as.kind,
                    AddressRow.scope == "",
                    AddressRow.value == event.same_as.value,
                )
            ),
        )
        .values(begun_by=event.same_as.value)
    )
    return ""


def make_one(
    session: Session, person: PersonRow, other: PersonRow, *, evidence: str, now: datetime
) -> bool:
    """Give a person all that belongs to another, who was nobody but a visitor.

    Returns False where the other is known by more than that: two people are never made one. The
    other's row stays, and the evidence names it, so that it can be undone.
    """
    if person.id == other.id:
        return True
    ids = sorted((person.id, other.id))
    rows = select(PersonRow).where(PersonRow.id.in_(ids)).order_by(PersonRow.id)
    session.scalars(rows.with_for_update()).all()
    addresses = session.scalars(select(AddressRow).where(AddressRow.person_id == other.id)).all()
    if any(row.scope == "" and row.kind != AddressKind.VISITOR for row in addresses):
        return False
    known_at = set(
        session.scalars(
            select(AddressRow.scope).where(
                AddressRow.person_id == person.id, AddressRow.kind == AddressKind.HELPDESK_USER
            )
        )
    )
    for row in addresses:
        if row.kind == AddressKind.HELPDESK_USER and row.scope in known_at:
            continue
        row.person_id = person.id
        row.evidence = f"{evidence}; was person {other.id}: {row.evidence}"
        row.linked_at = now
    person.name = person.name or other.name
    _hand_over(session, person, other)
    session.flush()
    return True


def _hand_over(session: Session, person: PersonRow, other: PersonRow) -> None:
    """Give a person another's conversations; of two that are called alike, one is renamed."""
    theirs = session.scalars(
        select(ConversationRow).where(ConversationRow.person_id.in_((person.id, other.id)))
    ).all()
    taken = {(row.connection_id, row.thread) for row in theirs if row.person_id == person.id}
    for row in theirs:
        if row.person_id == other.id:
            if (row.connection_id, row.thread) in taken:
                row.thread = f"{row.thread[:40]}~{row.id}"
            row.person_id = person.id


def keep_number(settlement: Settlement, live: Live, event: NumberLeft) -> None:
    """Keep a number that a customer left. Nobody is recognised by it: it may be another's."""
    session = settlement.session
    evidence = f"visitor {event.sender.value}"
    person = people.recognise(
        session, live.tenant_id, [event.sender], name="", evidence=evidence, now=settlement.now
    )
    scope = f"{_LEFT} {person.id}"
    address = Address(kind=AddressKind.PHONE, value=event.number)
    there = session.scalar(
        select(AddressRow).where(
            AddressRow.tenant_id == live.tenant_id,
            AddressRow.kind == address.kind,
            AddressRow.scope == scope,
            AddressRow.value == address.value,
        )
    )
    if there is None:
        evidence, now = event.consent, settlement.now
        people.link(session, person, address, evidence=evidence, now=now, scope=scope)
    else:
        there.evidence, there.linked_at = event.consent, settlement.now


def mail_address(session: Session, person_id: int) -> Address | None:
    """Return the e-mail address that was last shown to be this person's."""
    value = session.scalar(
        select(AddressRow.value)
        .where(
            AddressRow.person_id == person_id,
            AddressRow.kind == AddressKind.EMAIL,
            AddressRow.scope == "",
        )
        .order_by(AddressRow.id.desc())
        .limit(1)
    )
    return None if value is None else Address(kind=AddressKind.EMAIL, value=value)


def numbers_left(session: Session, person_id: int) -> list[AddressRow]:
    """Return the numbers that a customer left, the oldest first."""
    query = select(AddressRow).where(
        AddressRow.person_id == person_id,
        AddressRow.kind == AddressKind.PHONE,
        AddressRow.scope.like(f"{_LEFT} %"),
    )
    return list(session.scalars(query.order_by(AddressRow.linked_at, AddressRow.id)))


def left_number(session: Session, person_id: int) -> Address | None:
    """Return the number that a customer left last, to be answered there."""
    value = session.scalar(
        select(AddressRow.value)
        .where(
            AddressRow.person_id == person_id,
            AddressRow.kind == AddressKind.PHONE,
            AddressRow.scope.like(f"{_LEFT} %"),
        )
        .order_by(AddressRow.linked_at.desc(), AddressRow.id.desc())
        .limit(1)
    )
    return None if value is None else Address(kind=AddressKind.PHONE, value=value)
