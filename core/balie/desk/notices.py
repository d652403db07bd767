"""What vendors tell: of a customer, for the agents; of the account, for the admin."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from balie.api import AccountNotice, CustomerNotice, Severity
from balie.desk.records import conversations, notes, people
from balie.desk.records.models import NoticeRow
from balie.desk.texts import say
from balie.ledger.job import Settlement
from balie.store import fitted
from balie.tenants.contexts import Live
from balie.tenants.models import ConnectionRow

_KEY_LENGTH = 250
_ALARM_LENGTH = 1000


def of_customer(settlement: Settlement, live: Live, event: CustomerNotice, root_id: int) -> str:
    """Tell agents what the channel says of a customer, and follow a move to other addresses.

    Returns the reason where there is nobody whom it could be about.
    """
    session = settlement.session
    person = people.known(session, live.tenant_id, event.sender)
    if person is None:
        return "it is about a customer who is not known here"
    taken = people.move(
        session, person, event.sender, event.moves_to, evidence=event.text, now=settlement.now
    )
    conversation = conversations.found(session, person, live.ctx.connection.id)
    if conversation is None:
        return ""
    locale = live.ctx.tenant.locale
    key = fitted(f"notice:{event.id}", 100)
    notes.tell(settlement, conversation, key=key, text=event.text, root_id=root_id)
    for address in taken:
        text = say("address_taken", locale, address=address.value)
        key = fitted(f"taken:{event.id}:{address.value}", 100)
        notes.tell(settlement, conversation, key=key, text=text, root_id=root_id)
    return ""


def of_account(session: Session, live: Live, event: AccountNotice) -> str:
    """Keep a notice and let the connection show what it warns of. Returns why it was not kept."""
    return keep(session, live.tenant_id, live.ctx.connection.id, event)


def keep(session: Session, tenant_id: int, connection_id: int, event: AccountNotice) -> str:
    """Keep a notice once. Returns the reason where it is there already."""
    # The connection's row is the lock: two notices of one topic must see each other.
    session.execute(
        select(ConnectionRow.id).where(ConnectionRow.id == connection_id).with_for_update()
    )
    key = fitted(event.id, _KEY_LENGTH)
    here = NoticeRow.connection_id == connection_id
    if session.scalar(select(NoticeRow.id).where(here, NoticeRow.key == key)) is not None:
        return f"notice {event.id} is there already"
    session.add(
        NoticeRow(
            tenant_id=tenant_id,
            connection_id=connection_id,
            key=key,
            at=event.at,
            topic=event.topic,
            severity=event.severity,
            text=event.text,
        )
    )
    session.flush()
    session.execute(
        update(ConnectionRow)
        .where(ConnectionRow.id == connection_id)
        .values(alarm=_alarm(session, connection_id))
    )
    return ""


def standing(session: Session, connection_id: int) -> Sequence[NoticeRow]:
    """Return what the vendor warns of and has not taken back, the oldest first.

    Of each topic the newest notice decides.
    """
    newest = (
        select(
            NoticeRow.id,
            NoticeRow.severity,
            func.row_number()
            .over(partition_by=NoticeRow.topic, order_by=(NoticeRow.at.desc(), NoticeRow.id.desc()))
            .label("place"),
        )
        .where(
            NoticeRow.connection_id == connection_id,
            NoticeRow.severity.in_([Severity.ALARM, Severity.CLEARED]),
        )
        .subquery()
    )
    alarms = select(newest.c.id).where(newest.c.place == 1, newest.c.severity == Severity.ALARM)
    return session.scalars(
        select(NoticeRow).where(NoticeRow.id.in_(alarms)).order_by(NoticeRow.at, NoticeRow.id)
    ).all()


def take_back(session: Session, alarm: NoticeRow, now: datetime) -> None:
    """End an alarm for a person who saw to it: vendors do not tell the end of every trouble."""
    notice = AccountNotice(
        id=f"seen:{alarm.id}",
        at=max(now, alarm.at),
        topic=alarm.topic,
        severity=Severity.CLEARED,
        text="An admin has seen to it.",
    )
    keep(session, alarm.tenant_id, alarm.connection_id, notice)


def _alarm(session: Session, connection_id: int) -> str:
    return " · ".join(row.text for row in standing(session, connection_id))[:_ALARM_LENGTH]
