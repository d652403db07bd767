"""Work for a person that waits or is parked: ended, with a reason that everybody sees."""

import base64
import binascii
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

from balie.desk.inbound.arrivals import WEBHOOK
from balie.desk.privacy.holdings import chunks
from balie.desk.privacy.members import written
from balie.desk.records.work import Work
from balie.ledger.models import Item, State

REASON = "cancelled: this person was erased"


@dataclass(frozen=True, slots=True)
class Theirs:
    """What shows that work is a person's.

    ``among`` are the messages that they said in groups, ``items`` events there that have not become
    messages.
    """

    lanes: Collection[int]
    talks: Collection[int]
    messages: Collection[int]
    values: Collection[str]
    among: Collection[int]
    items: Collection[int]

    def has(self, item: Row[Any]) -> bool:
        """Say whether this work is for the person."""
        if item.kind in (Work.ERASE, Work.FORGET):
            return False
        if item.lane_id in self.lanes or item.id in self.items:
            return True
        body = item.body if isinstance(item.body, Mapping) else {}
        if item.kind == WEBHOOK:
            return self._is_named_in(body)
        if body.get("message") in self.among:
            # What may be in a ticket that is not theirs is looked for to the end, so that it is
            # known where; it says nothing any more.
            return item.batch is None
        return body.get("message") in self.messages or body.get("conversation") in self.talks

    def _is_named_in(self, body: Mapping[str, Any]) -> bool:
        """Say whether a request that could not be read names the person."""
        try:
            raw = base64.b64decode(str(body.get("body", "")))
        except (binascii.Error, ValueError):
            return False
        return any(one.encode() in raw for one in written(self.values))


@dataclass(frozen=True, slots=True)
class Cancelled:
    """How much was ended; ``may_have_happened``: some of it may have left already."""

    items: int
    may_have_happened: bool


def cancel(session: Session, tenant_id: int, theirs: Theirs, now: datetime) -> Cancelled:
    """End all of it, and keep nothing of what it was."""
    open_ones = select(
        Item.id, Item.kind, Item.lane_id, Item.body, Item.attempted_at, Item.batch
    ).where(Item.tenant_id == tenant_id, Item.state.in_([State.PENDING, State.PARKED]))
    found = [row for row in session.execute(open_ones) if theirs.has(row)]
    for some in chunks(row.id for row in found):
        session.execute(
            update(Item)
            .where(Item.id.in_(some))
            .values(
                state=State.REFUSED,
                reason=REASON,
                ended_at=now,
                next_at=None,
                attempted_at=None,
                body=None,
            )
        )
    return Cancelled(len(found), any(row.attempted_at is not None for row in found))
