"""Who a customer is: people, the addresses they are known by, and what links them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from balie.api import Address, AddressKind
from balie.desk.models import AddressRow, PersonRow


def recognise(
    session: Session,
    tenant_id: int,
    sender: Sequence[Address],
    *,
    name: str,
    evidence: str,
    now: datetime,
) -> PersonRow:
    """Return the person with one of these addresses, or a new one, and link the other addresses.

    The first address that is known decides. An address that belongs to somebody else stays
    theirs: two people are never made one by themselves.
    """
    known = {
        (row.kind, row.value): row
        for row in session.scalars(
            select(AddressRow).where(
                AddressRow.tenant_id == tenant_id,
                AddressRow.scope == "",
                AddressRow.value.in_([address.value for address in sender]),
            )
        )
    }
    rows = [known.get((address.kind, address.value)) for address in sender]
    person_id = next((row.person_id for row in rows if row is not None), None)
    if person_id is None:
        person = PersonRow(tenant_id=tenant_id, name=name[:200], created_at=now)
        session.add(person)
        session.flush()
    else:
        person = session.get_one(PersonRow, person_id)
        if name:
            person.name = name[:200]
    for address, row in zip(sender, rows, strict=True):
        if row is None:
            link(session, person, address, evidence=evidence, now=now)
    return person


def link(
    session: Session,
    person: PersonRow,
    address: Address,
    *,
    evidence: str,
    now: datetime,
    scope: str = "",
) -> None:
    """Say that this person is known by this address, and why."""
    session.add(
        AddressRow(
            tenant_id=person.tenant_id,
            person_id=person.id,
            kind=address.kind,
            scope=scope,
            value=address.value[:200],
            evidence=evidence[:500],
            linked_at=now,
        )
    )


def addresses(session: Session, person_id: int) -> tuple[Address, ...]:
    """Return how a person can be reached through a channel, oldest link first."""
    rows = session.scalars(
        select(AddressRow)
        .where(AddressRow.person_id == person_id, AddressRow.scope == "")
        .order_by(AddressRow.id)
    )
    return tuple(Address(kind=AddressKind(row.kind), value=row.value) for row in rows)


def helpdesk_user(session: Session, person_id: int, helpdesk_id: int) -> str | None:
    """Return the id under which a helpdesk connection knows this person, if it does."""
    return session.scalar(
        select(AddressRow.value)
        .where(
            AddressRow.person_id == person_id,
            AddressRow.kind == AddressKind.HELPDESK_USER,
            AddressRow.scope == str(helpdesk_id),
        )
        .order_by(AddressRow.id.desc())
        .limit(1)
    )
