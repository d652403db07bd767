"""What must go after a person was erased: the payloads of old, and what a vendor sends again.

An event's id is what makes a second delivery fall away, and WhatsApp delivers for seven days. So
the ids of the last days go when nothing can come again; until then they say nothing of anybody by
themselves, and the addresses that late statuses may carry are kept sealed in the work itself.
"""

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import String, cast, literal, select, update
from sqlalchemy.orm import Session

from balie.api import AddressKind
from balie.desk.privacy import lanes, members, naming
from balie.desk.privacy.cancelling import REASON
from balie.desk.privacy.holdings import chunks
from balie.desk.privacy.wiping import Wiped, clear_traces
from balie.desk.records.models import AddressRow, PersonRow
from balie.desk.records.work import Work
from balie.ledger.drain import Handler
from balie.ledger.job import Job
from balie.ledger.models import Item, State
from balie.ledger.priority import Priority
from balie.ledger.rows import NewItem
from balie.store import Store
from balie.tenants.models import ConnectionRow
from balie.tenants.secrets import SecretBox

COMES_AGAIN = timedelta(days=8)
"""A vendor sends again for up to a week; a day more is a day's margin."""
_ENDED = (State.DELIVERED, State.REFUSED)


def afterwork(person: PersonRow, connection_id: int, wiped: Wiped, box: SecretBox) -> NewItem:
    """Return the work that is left, in the lane of a connection that the person used."""
    kept = {"values": wiped.values, "channel_ids": wiped.channel_ids}
    name = f"{Work.FORGET}:{person.id}"
    return NewItem(
        tenant_id=person.tenant_id,
        connection_id=connection_id,
        kind=Work.FORGET,
        dedupe=name,
        lane=name,
        order_at=person.created_at,
        priority=Priority.STATUS,
        body={
            "person": person.id,
            "lanes": wiped.lanes,
            "events": wiped.events,
            "groups": wiped.groups,
            "group_lanes": wiped.group_lanes,
            "sealed": base64.b64encode(box.seal(orjson.dumps(kept))).decode(),
        },
    )


@dataclass(frozen=True, slots=True)
class Aftermath:
    """Works the lanes of what is to be forgotten."""

    box: SecretBox

    def handlers(self) -> dict[str, Handler]:
        """Return the handler of forgetting."""
        return {Work.FORGET: Handler(self._work, asks=False)}

    def _work(self, job: Job) -> None:
        item, now = job.head, job.clock.now()
        until = item.accepted_at + COMES_AGAIN
        kept = orjson.loads(self.box.open(base64.b64decode(item.body["sealed"])))
        named = _Named(job.store, item, [key for _, key in kept["channel_ids"]])
        known = _items(job.store, item, item.body["lanes"])
        known += item.body.get("events", ())
        known += named.ended(kept["values"], before=item.accepted_at)
        _empty(job.store, known)
        if now < until:
            with job.settle() as settlement:
                settlement.wait(item, until, "what may be sent again is known until then")
            return
        free = _free(job.store, item, kept["values"])
        with job.store.reading() as session:
            late = lanes.named_after(session, item.tenant_id, free)
        came = _items(job.store, item, late) + named.ended(free)
        _empty(job.store, came)
        _unname(job.store, [*known, *came])
        with job.settle() as settlement:
            session = settlement.session
            members.forget_quotes(session, item.body.get("groups", ()), named.channel_ids)
            clear_traces(session, [(one, key) for one, key in kept["channel_ids"]])
            lanes.renamed(session, late)
            session.execute(
                update(Item).where(Item.id == item.id).values(body={"person": item.body["person"]})
            )
            settlement.deliver(item)


def _items(store: Store, item: Item, theirs: list[int]) -> list[int]:
    """Return the ended items of these lanes. A look through all of the tenant's, so by reading."""
    with store.reading() as session:
        return [
            one
            for some in chunks(theirs)
            for one in session.scalars(
                select(Item.id).where(
                    Item.tenant_id == item.tenant_id, Item.lane_id.in_(some), Item.state.in_(_ENDED)
                )
            )
        ]


@dataclass(frozen=True, slots=True)
class _Named:
    """Finds what names the person in the lanes of groups, which are not theirs to be emptied."""

    store: Store
    item: Item
    channel_ids: list[str]

    def ended(self, values: list[str], before: datetime | None = None) -> list[int]:
        found = self.item.body.get("group_lanes", ())
        return naming.ended(self.store, found, values, self.channel_ids, before)


def _free(store: Store, item: Item, values: list[str]) -> list[str]:
    """Return the addresses that nobody has again."""
    with store.reading() as session:
        again = set(
            session.scalars(
                select(AddressRow.value).where(
                    AddressRow.tenant_id == item.tenant_id,
                    AddressRow.kind != AddressKind.HELPDESK_USER,
                    AddressRow.value.in_(values),
                )
            )
        )
        return [value for value in values if value not in again]


def _empty(store: Store, ids: list[int]) -> None:
    """Let go of what the items were made from; a few at a time, as others write meanwhile."""
    _write(store, ids, {"body": None, "reason": ""}, Item.state == State.DELIVERED)
    told = (Item.state == State.REFUSED, Item.reason != REASON)
    _write(store, ids, {"body": None, "reason": "erased"}, *told)


def _unname(store: Store, ids: list[int]) -> None:
    _write(store, ids, {"dedupe": literal("erased:") + cast(Item.id, String)})


def _write(store: Store, ids: list[int], values: dict[str, Any], *where: Any) -> None:
    for some in chunks(ids):
        with store.writing() as session:
            session.execute(
                update(Item)
                .where(Item.id.in_(some), *where)
                .values(**values)
                .execution_options(synchronize_session=False)
            )


def done_by(session: Session, person: PersonRow) -> datetime | None:
    """Return when the last of a person will have gone; None where that has been."""
    connections = select(ConnectionRow.id).where(ConnectionRow.tenant_id == person.tenant_id)
    item = session.scalar(
        select(Item).where(
            Item.connection_id.in_(session.scalars(connections).all()),
            Item.dedupe == f"{Work.FORGET}:{person.id}",
            Item.state == State.PENDING,
        )
    )
    return None if item is None else item.accepted_at + COMES_AGAIN
