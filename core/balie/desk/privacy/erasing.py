"""Erasing at vendors: work in the ledger, for each connection apart, reported where it ends."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from balie.api import AddressKind, Concerned, Context, Erased
from balie.desk.privacy import members
from balie.desk.privacy.concerned import concerned
from balie.desk.privacy.holdings import Extent, chunks
from balie.desk.privacy.texts import say
from balie.desk.records.models import AddressRow, ConversationRow, PersonRow
from balie.desk.records.work import Work
from balie.hooks import Hooks
from balie.ledger.drain import Handler
from balie.ledger.job import Job, Settlement
from balie.ledger.models import Item, State
from balie.ledger.priority import Priority
from balie.ledger.retry import Postponed
from balie.ledger.rows import NewItem
from balie.tenants.contexts import Contexts
from balie.tenants.models import ConnectionRow

HOOK = "person_erase"
SETTLING = timedelta(seconds=60)
"""So long what was under way may take to show at the vendor, where it is to be erased too."""
_LOOK_SECONDS = 5.0
_REASON_LENGTH = 900


def connections_of(session: Session, person: PersonRow) -> list[ConnectionRow]:
    """Return the connections, of channels and helpdesks, where something of a person may be.

    What they said in a group may be where the group's ticket is.
    """
    groups = members.talks(session, members.message_ids(session, person))
    talks = session.execute(
        select(ConversationRow.connection_id, ConversationRow.helpdesk_id).where(
            ConversationRow.person_id == person.id
        )
    ).all()
    scopes = session.scalars(
        select(AddressRow.scope).where(
            AddressRow.person_id == person.id, AddressRow.kind == AddressKind.HELPDESK_USER
        )
    )
    ids = {one for pair in talks for one in pair} | {int(one) for one in scopes if one.isdecimal()}
    ids |= {one for talk in groups for one in (talk.connection_id, talk.helpdesk_id)}
    theirs = (ConnectionRow.tenant_id == person.tenant_id, ConnectionRow.id.in_(ids))
    return list(session.scalars(select(ConnectionRow).where(*theirs).order_by(ConnectionRow.id)))


def erasing(
    connection: ConnectionRow, extent: Extent, now: datetime, *, under_way: bool, key: str = ""
) -> NewItem:
    """Return the work of erasing a person, or some talks of theirs, at one connection's vendor.

    ``key`` tells requests apart that may be several for one person. A root of its own: it was asked
    for by a person, and not by an event.
    """
    name = f"{Work.ERASE}:{extent.person_id}"
    return NewItem(
        tenant_id=connection.tenant_id,
        connection_id=connection.id,
        kind=Work.ERASE,
        dedupe=f"{name}:{key}" if key else name,
        lane=name,
        order_at=now,
        not_before=now + SETTLING if under_way else None,
        priority=Priority.STATUS,
        body={"person": extent.person_id, "talks": extent.talks},
    )


def forget_users(session: Session, person_id: int, connection_id: int) -> None:
    """Forget under which ids a helpdesk knew a person."""
    session.execute(
        delete(AddressRow).where(
            AddressRow.person_id == person_id,
            AddressRow.kind == AddressKind.HELPDESK_USER,
            AddressRow.scope == str(connection_id),
        )
    )


@dataclass(frozen=True, slots=True)
class Erasing:
    """Works the lanes of people who are to be erased at vendors."""

    hooks: Hooks
    contexts: Contexts

    def handlers(self) -> dict[str, Handler]:
        """Return the handler of erasing."""
        return {Work.ERASE: Handler(self._work)}

    def _work(self, job: Job) -> None:
        item = job.head
        extent = extent_of(item.body)
        with job.store.reading() as session:
            unsure = _in_doubt(session, item, extent)
            who = concerned(session, item.connection_id, extent)
        ctx = self.contexts.get(item.connection_id).ctx
        found = asked(self.hooks, ctx, who)
        job.vendor_answered = True
        if unsure:
            text = say("in_doubt", ctx.tenant.locale, items=", ".join(map(str, unsure)))
            found = replace(found, left=(*found.left, text))
        with job.settle() as settlement:
            _report(settlement, item, found)
            if found.left:
                settlement.park(item, "; ".join(found.left)[:_REASON_LENGTH])
                return
            if extent.talks is None:
                forget_users(settlement.session, extent.person_id, item.connection_id)
            settlement.deliver(item)


def asked(hooks: Hooks, ctx: Context, who: Concerned) -> Erased:
    """Let a plugin erase a person, or say what it would. Raises what the hook does.

    What a plugin does not know of, it is not believed to have erased.
    """
    found = hooks.person_erase(ctx, who)
    if not who.among or found.among:
        return found
    values = {"connection": ctx.connection.name, "tickets": ", ".join(who.among)}
    return replace(found, kept=(*found.kept, say("among_stays", ctx.tenant.locale, **values)))


def extent_of(body: Mapping[str, Any]) -> Extent:
    """Return whom an item is about."""
    talks = body.get("talks")
    return Extent(int(body["person"]), None if talks is None else tuple(talks))


def _in_doubt(session: Session, item: Item, extent: Extent) -> list[int]:
    """Return filings of the person's words in groups that nobody knows the outcome of.

    Raises Postponed while one is still being looked for: without it, its comment is not known.
    """
    if extent.talks is not None:
        return []
    person = session.get_one(PersonRow, extent.person_id)
    names = [f"{Work.FILE}:{one}" for one in members.message_ids(session, person)]
    parked = []
    for some in chunks(names):
        rows = session.execute(
            select(Item.id, Item.state).where(
                Item.connection_id == item.connection_id,
                Item.dedupe.in_(some),
                Item.state.in_([State.PENDING, State.PARKED]),
            )
        )
        for one, state in rows:
            if state == State.PENDING:
                raise Postponed("a filing under way may hold words of theirs", _LOOK_SECONDS)
            parked.append(one)
    return parked


def _report(settlement: Settlement, item: Item, found: Erased) -> None:
    """Write down, where the work stands, what came of it: nobody is named in it."""
    told = {"done": found.done, "kept": found.kept, "left": found.left}
    settlement.session.execute(
        update(Item).where(Item.id == item.id).values(body={**item.body, "report": told})
    )
