"""Whose data are meant: from what an admin wrote to the person that Balie knows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from balie.api import AddressKind, BalieError, PhoneInvalid, to_e164
from balie.desk.records.models import ID_DIGITS, AddressRow, PersonRow

_NUMBERED = re.compile(rf"person:([0-9]{{1,{ID_DIGITS}}})")
_USER = re.compile(r"user:(\S+)")


class NobodyFound(BalieError):
    """Nobody, or not one person alone, is known by these words. The message says what to do."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom somebody asks about. ``region`` is whose notation of numbers is meant."""

    tenant_id: int
    region: str
    words: str


def find(session: Session, asked: Asked) -> PersonRow:
    """Return the one person that is meant: ``person:12``, ``user:9001``, a number, another id.

    Whoever has the address today comes before those who had it, or only left it as a number to be
    called. Raises NobodyFound.
    """
    numbered = _NUMBERED.fullmatch(asked.words)
    if numbered is not None:
        person = session.get(PersonRow, int(numbered[1]))
        if person is None or person.tenant_id != asked.tenant_id:
            raise NobodyFound(f"this tenant has no {asked.words}")
        return person
    rows = session.scalars(
        select(AddressRow).where(AddressRow.tenant_id == asked.tenant_id, *_known_by(asked))
    ).all()
    today = {row.person_id for row in rows if row.scope == "" or row.kind == _A_USER}
    found = sorted(today or {row.person_id for row in rows})
    if not found:
        raise NobodyFound(
            "nobody is known by that here: give a number, a WhatsApp or visitor id, user:ID of the "
            "helpdesk, or person:ID as an earlier command named it"
        )
    if len(found) > 1:
        several = ", ".join(f"person:{one}" for one in found)
        raise NobodyFound(f"several people are known by that; name one of: {several}")
    return session.get_one(PersonRow, found[0])


_A_USER = AddressKind.HELPDESK_USER


def _known_by(asked: Asked) -> Sequence[ColumnElement[bool]]:
    user = _USER.fullmatch(asked.words)
    if user is not None:
        return (AddressRow.kind == _A_USER, AddressRow.value == user[1])
    return (
        AddressRow.kind.in_([kind for kind in AddressKind if kind is not _A_USER]),
        AddressRow.value.in_(_written(asked)),
    )


def _written(asked: Asked) -> set[str]:
    plain = asked.words.strip()
    try:
        return {plain, to_e164(plain, asked.region)}
    except PhoneInvalid:
        return {plain, f"+{plain}"}
