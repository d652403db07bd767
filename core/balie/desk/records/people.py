"""Who a customer is: people, the addresses they are known by, and what links them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, or_, select
from sqlalchemy.orm import Session

from balie.api import Address, AddressKind, PermanentError
from balie.desk.records.models import ADDRESS_LENGTH, AddressRow, PersonRow
from balie.store import adopted, as_read, exclusively, fitted, run, table_of, unless_there

_PEOPLE = table_of(PersonRow)
_PERSON = insert(_PEOPLE).returning(_PEOPLE.c.id)
_ADDRESSES = table_of(AddressRow)
_ADDRESS = insert(_ADDRESSES)
_THEIRS = _ADDRESSES.c.person_id == bindparam("person")
_OWNER = select(_ADDRESSES.c.person_id).where(
    _ADDRESSES.c.tenant_id == bindparam("tenant"),
    _ADDRESSES.c.kind == bindparam("of_kind"),
    _ADDRESSES.c.scope == "",
    _ADDRESSES.c.value == bindparam("called"),
)
_REACHED = (
    select(_ADDRESSES.c.kind, _ADDRESSES.c.value)
    .where(_THEIRS, _ADDRESSES.c.scope == "")
    .order_by(_ADDRESSES.c.id)
)
_KNOWN_BY = (
    select(_ADDRESSES.c.scope, _ADDRESSES.c.kind, _ADDRESSES.c.value)
    .where(_THEIRS, or_(_ADDRESSES.c.scope == "", _ADDRESSES.c.scope == bindparam("helpdesk")))
    .order_by(_ADDRESSES.c.id)
)


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
    theirs: two people are never made one by themselves. Raises PermanentError for nobody at all.
    """
    if not sender:
        raise PermanentError("the message names no sender")
    # Lanes of two channels may bring the same new person at the same moment.
    exclusively(session, *names_of(tenant_id, sender))
    given = {(address.kind, fitted(address.value, ADDRESS_LENGTH)): address for address in sender}
    known = _owners(session.connection(), tenant_id, given)
    person_id = next(iter(known.values()), None)
    if person_id is None:
        person = _made(session, tenant_id, name, now)
    else:
        person = session.get_one(PersonRow, person_id)
        if name:
            person.name = name
    for key, address in given.items():
        if key not in known:
            link(session, person, address, evidence=evidence, now=now)
    return person


def names_of(tenant_id: int, addresses: Sequence[Address]) -> list[str]:
    """Return the names to be alone with while linking these addresses, in their order.

    They are locked before the lanes that the work enqueues into, or hurries.
    """
    values = {fitted(address.value, ADDRESS_LENGTH) for address in addresses}
    return [f"address {tenant_id} {value}" for value in sorted(values)]


def _owners(
    connection: Connection, tenant_id: int, keys: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], int]:
    """Return whose these addresses are, of those that are known, in their order."""
    owners = {}
    for kind, value in keys:
        asked = {"tenant": tenant_id, "of_kind": kind, "called": value}
        for row in run(connection, _OWNER, asked):
            owners[kind, value] = int(row[0])
    return owners


def _made(session: Session, tenant_id: int, name: str, now: datetime) -> PersonRow:
    values: dict[str, Any] = {"tenant_id": tenant_id, "name": name, "created_at": now}
    [(person_id,)] = run(session.connection(), _PERSON, values)
    return adopted(session, as_read(PersonRow, {"id": person_id, **values}))


def known(session: Session, tenant_id: int, sender: Sequence[Address]) -> PersonRow | None:
    """Return the person with the first of these addresses that is known."""
    for address in sender:
        row = _row(session, tenant_id, address)
        if row is not None:
            return session.get_one(PersonRow, row.person_id)
    return None


def move(
    session: Session,
    person: PersonRow,
    old: Sequence[Address],
    new: Sequence[Address],
    *,
    evidence: str,
    now: datetime,
) -> list[Address]:
    """Let a person be known by new addresses, in place of the old ones of the same kind.

    A link that ends keeps its row, as history, and frees its address for whoever gets it next.
    Returns the new addresses that belong to somebody else and stay theirs.
    """
    taken = []
    exclusively(session, *names_of(person.tenant_id, new))
    for address in new:
        there = _row(session, person.tenant_id, address)
        if there is None:
            link(session, person, address, evidence=evidence, now=now)
        elif there.person_id != person.id:
            taken.append(address)
    kinds = {address.kind for address in new if address not in taken}
    for address in old:
        former = _row(session, person.tenant_id, address)
        moved = address.kind in kinds and address not in new
        if moved and former is not None and former.person_id == person.id:
            former.scope = f"former {former.id}"
    session.flush()
    return taken


def _row(session: Session, tenant_id: int, address: Address) -> AddressRow | None:
    return session.scalar(
        select(AddressRow).where(
            AddressRow.tenant_id == tenant_id,
            AddressRow.kind == address.kind,
            AddressRow.scope == "",
            AddressRow.value == fitted(address.value, ADDRESS_LENGTH),
        )
    )


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
    values = _link(person, address, evidence=evidence, now=now, scope=scope)
    run(session.connection(), _ADDRESS, values)


def _link(
    person: PersonRow, address: Address, *, evidence: str, now: datetime, scope: str
) -> dict[str, Any]:
    return {
        "tenant_id": person.tenant_id,
        "person_id": person.id,
        "kind": address.kind,
        "scope": scope,
        "value": address.value,
        "evidence": evidence,
        "linked_at": now,
    }


def link_helpdesk_user(
    connection: Connection,
    person: PersonRow,
    user_id: str,
    *,
    helpdesk_id: int,
    evidence: str,
    now: datetime,
) -> None:
    """Remember under which id a helpdesk connection knows this person.

    An id that is another person's stays theirs: somebody with two numbers may be one user there
    and is two people here, until a person links them.
    """
    address = Address(kind=AddressKind.HELPDESK_USER, value=user_id)
    values = _link(person, address, evidence=evidence, now=now, scope=str(helpdesk_id))
    run(connection, unless_there(connection, AddressRow), values)


def addresses(db: Connection | Session, person_id: int) -> tuple[Address, ...]:
    """Return how a person can be reached through a channel, oldest link first."""
    rows = db.execute(_REACHED, {"person": person_id})
    return tuple(Address(kind=AddressKind(kind), value=value) for kind, value in rows)


def known_by(
    connection: Connection, person_id: int, helpdesk_id: int
) -> tuple[tuple[Address, ...], str | None]:
    """Return how a person can be reached, and the id a helpdesk connection knows it under."""
    asked = {"person": person_id, "helpdesk": str(helpdesk_id)}
    rows = run(connection, _KNOWN_BY, asked)
    reached = [
        Address(kind=AddressKind(kind), value=value) for scope, kind, value in rows if not scope
    ]
    users = [value for scope, kind, value in rows if scope and kind == AddressKind.HELPDESK_USER]
    return tuple(reached), users[-1] if users else None
