"""What messages cost: counted once each, by month, category and type."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from balie.api import (
    AccountNotice,
    AddressKind,
    Allowance,
    Cost,
    Severity,
    StatusReported,
    country_of,
)
from balie.desk import notices
from balie.desk.records.models import (
    CHANNEL_ID_LENGTH,
    AddressRow,
    ConversationRow,
    MessageRow,
    NoticeRow,
)
from balie.desk.texts import pick
from balie.ledger.models import Item
from balie.store import Base, Id, Key, UtcDateTime, Words, unless_there

_REACHED = {
    "nl": "In {month} zijn {count} betaalde berichten verstuurd; de grens die is ingesteld is "
    "{budget}. Zie: balie costs.",
    "en": "In {month}, {count} messages that are charged were sent; the limit that was set is "
    "{budget}. See: balie costs.",
}


class CostRow(Base):
    """What the channel counts one message as. ``month`` is that of ``at`` in UTC: ``2026-11``."""

    __tablename__ = "message_cost"
    __table_args__ = (
        UniqueConstraint("connection_id", "channel_id"),
        Index("ix_message_cost_connection_id_month", "connection_id", "month"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenant.id"))
    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id"))
    channel_id: Mapped[str] = mapped_column(Key(CHANNEL_ID_LENGTH))
    month: Mapped[str] = mapped_column(String(7))
    category: Mapped[str] = mapped_column(Words(60))
    type: Mapped[str] = mapped_column(Words(60))
    billable: Mapped[bool]
    country: Mapped[str] = mapped_column(String(2))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class BudgetRow(Base):
    """After how many charged ``messages`` a month the admin is told."""

    __tablename__ = "cost_budget"

    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id"), primary_key=True)
    messages: Mapped[int]


def count(session: Session, event: StatusReported, item: Item, locale: str) -> None:
    """Count a message's cost, once whatever is reported how often; tell when the budget is used."""
    cost = event.cost
    if cost is None:
        return
    month = month_of(event.at)
    row = {
        "tenant_id": item.tenant_id,
        "connection_id": item.connection_id,
        "channel_id": event.message_id,
        "month": month,
        "category": cost.category,
        "type": cost.type,
        "billable": cost.billable,
        "country": _country(session, event, item),
        "at": event.at,
    }
    connection = session.connection()
    is_new = connection.execute(unless_there(connection, CostRow), row).first() is not None
    if is_new and cost.billable:
        _watch(session, item, month, event.at, locale)


def month_of(at: datetime) -> str:
    """Return the month in which something counts."""
    return f"{at:%Y-%m}"


def totals(session: Session, connection_id: int, month: str) -> list[tuple[Cost, int]]:
    """Return how many messages counted as what, the dearest kind of counting first."""
    rows = session.execute(
        select(CostRow.category, CostRow.type, CostRow.billable, func.count())
        .where(CostRow.connection_id == connection_id, CostRow.month == month)
        .group_by(CostRow.category, CostRow.type, CostRow.billable)
        .order_by(CostRow.billable.desc(), CostRow.category, CostRow.type)
    )
    return [
        (Cost(category=category, type=kind, billable=billable), number)
        for category, kind, billable, number in rows
    ]


def countries(session: Session, connection_id: int, month: str) -> dict[str, int]:
    """Return how many charged messages went to which country, most first; '' where unknown."""
    number = func.count().label("number")
    rows = session.execute(
        select(CostRow.country, number)
        .where(
            CostRow.connection_id == connection_id,
            CostRow.month == month,
            CostRow.billable.is_(True),
        )
        .group_by(CostRow.country)
        .order_by(number.desc(), CostRow.country)
    )
    return {row.country: row.number for row in rows}


def left(counted: list[tuple[Cost, int]], allowance: Allowance) -> int:
    """Return how many messages are still free this month."""
    used = sum(number for cost, number in counted if cost.type == allowance.type)
    return max(allowance.messages - used, 0)


def budget(session: Session, connection_id: int) -> int | None:
    """Return after how many charged messages a month the admin is told, None for never."""
    row = session.get(BudgetRow, connection_id)
    return None if row is None else row.messages


def set_budget(session: Session, connection_id: int, messages: int) -> None:
    """Let the admin be told after so many charged messages a month; 0 for never."""
    session.execute(delete(BudgetRow).where(BudgetRow.connection_id == connection_id))
    if messages > 0:
        session.add(BudgetRow(connection_id=connection_id, messages=messages))


def _watch(session: Session, item: Item, month: str, at: datetime, locale: str) -> None:
    most = budget(session, item.connection_id)
    if most is None:
        return
    key = f"budget:{month}:{most}"
    told = select(NoticeRow.id).where(
        NoticeRow.connection_id == item.connection_id, NoticeRow.key == key
    )
    if session.scalar(told) is not None:
        return
    charged = select(func.count()).where(
        CostRow.connection_id == item.connection_id,
        CostRow.month == month,
        CostRow.billable.is_(True),
    )
    number = session.scalar(charged) or 0
    if number >= most:
        text = pick(_REACHED, locale, month=month, count=str(number), budget=str(most))
        notice = AccountNotice(id=key, at=at, topic="budget", severity=Severity.WARNING, text=text)
        notices.keep(session, item.tenant_id, item.connection_id, notice)


def _country(session: Session, event: StatusReported, item: Item) -> str:
    phones = [one.value for one in event.to if one.kind is AddressKind.PHONE]
    if not phones:
        query = (
            select(AddressRow.value)
            .join(ConversationRow, ConversationRow.person_id == AddressRow.person_id)
            .join(MessageRow, MessageRow.conversation_id == ConversationRow.id)
            .where(
                MessageRow.connection_id == item.connection_id,
                MessageRow.channel_id == event.message_id,
                AddressRow.kind == AddressKind.PHONE,
                AddressRow.scope == "",
            )
            .limit(1)
        )
        phones = list(session.scalars(query))
    return country_of(phones[0]) if phones else ""
