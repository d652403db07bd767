"""Cancelling work by hand, with its consequences."""

from datetime import datetime

from sqlalchemy.orm import Session

from balie.desk.outbound import statuses
from balie.desk.records.models import MessageRow
from balie.desk.records.work import Work
from balie.ledger import inspect
from balie.ledger.job import Settlement
from balie.tenants.models import TenantRow


def cancel(session: Session, item_id: int, why: str, now: datetime) -> None:
    """End an item without effect. Of an answer that is not sent, the ticket is told.

    Raises CancelRefused, see :func:`balie.ledger.inspect.cancel`.
    """
    item = inspect.cancel(session, item_id, why, now)
    if item.kind != Work.SEND:
        return
    settlement = Settlement.within(session, now)
    statuses.fail(
        settlement,
        session.get_one(MessageRow, item.body["message"]),
        code="",
        why=why,
        locale=session.get_one(TenantRow, item.tenant_id).locale,
        root_id=item.root_id,
    )
    settlement.write()
