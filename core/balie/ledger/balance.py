"""The proof that nothing disappears: what came in against where it ended."""

from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from balie.ledger.models import Item, LedgerReceipt, State

# What follows from an event counts with it; the least finished part decides.
_RANK = {State.PENDING: 3, State.PARKED: 2, State.REFUSED: 1, State.DELIVERED: 0}


@dataclass(slots=True)
class Balance:
    """One tenant's events of one day (UTC). ``difference`` is zero, or something is wrong."""

    tenant_id: int
    day: date
    accepted: int = 0
    delivered: int = 0
    refused: int = 0
    parked: int = 0
    in_flight: int = 0

    @property
    def difference(self) -> int:
        """How many were counted at the door and are not in the list."""
        return self.accepted - self.delivered - self.refused - self.parked - self.in_flight

    def as_dict(self) -> dict[str, object]:
        """Return it as JSON can hold it."""
        return {**asdict(self), "day": self.day.isoformat(), "difference": self.difference}


def balances(session: Session, tenant_id: int | None = None) -> list[Balance]:
    """Return the balance per tenant and day, oldest first.

    ``accepted`` is the sum of the receipts, written when a webhook came and never touched again;
    the other side is counted from the items as they stand now.
    """
    lines: dict[tuple[int, date], Balance] = {}

    def line(tenant: int, day: str | date) -> Balance:
        when = date.fromisoformat(day) if isinstance(day, str) else day
        return lines.setdefault((tenant, when), Balance(tenant, when))

    receipts = select(
        LedgerReceipt.tenant_id, func.date(LedgerReceipt.at), func.sum(LedgerReceipt.accepted)
    ).group_by(LedgerReceipt.tenant_id, func.date(LedgerReceipt.at))
    if tenant_id is not None:
        receipts = receipts.where(LedgerReceipt.tenant_id == tenant_id)
    for tenant, day, accepted in session.execute(receipts):
        line(tenant, day).accepted = accepted

    rank = func.max(case(_RANK, value=Item.state))
    root = func.coalesce(Item.root_id, Item.id)
    events = select(
        Item.tenant_id, func.date(func.min(Item.accepted_at)).label("day"), rank.label("rank")
    ).group_by(Item.tenant_id, root)
    if tenant_id is not None:
        events = events.where(Item.tenant_id == tenant_id)
    counted = events.subquery()
    totals = select(counted.c.tenant_id, counted.c.day, counted.c.rank, func.count()).group_by(
        counted.c.tenant_id, counted.c.day, counted.c.rank
    )
    for tenant, day, place, count in session.execute(totals):
        field = {3: "in_flight", 2: "parked", 1: "refused", 0: "delivered"}[place]
        setattr(line(tenant, day), field, count)
    return [lines[key] for key in sorted(lines, key=lambda key: (key[1], key[0]))]
