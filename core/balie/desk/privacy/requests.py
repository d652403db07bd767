"""A person's request to be forgotten: what it would do, what it did, and what came of it since."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from balie.api import Clock, Concerned, PluginError, TransientError
from balie.desk.privacy import aftermath, erasing, lanes, members, naming, wiping
from balie.desk.privacy.concerned import concerned
from balie.desk.privacy.holdings import Extent, conversations, message_ids
from balie.desk.privacy.texts import say
from balie.desk.records.models import AddressRow, PersonRow
from balie.desk.records.work import Work
from balie.hooks import Hooks
from balie.ledger.door import Wake
from balie.ledger.job import Settlement
from balie.ledger.models import Item, State
from balie.ledger.retry import said
from balie.store import Store
from balie.store.files import FileStore
from balie.tenants.contexts import Contexts
from balie.tenants.models import ConnectionRow, TenantRow
from balie.tenants.secrets import SecretBox


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What Balie holds of a person, or held.

    ``in_groups`` are what they said in groups, and Balie's notes there of them. ``unattributed`` is
    what was said in the tenant's groups by nobody knows whom: some of it may be theirs, and stays.
    """

    conversations: int
    messages: int
    in_groups: int
    unattributed: int
    files: int
    addresses: int
    waiting: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of erasing at one connection: ``state`` is that of the work in the ledger."""

    connection: str
    item: int | None
    state: str
    next_at: datetime | None = None
    reason: str = ""
    done: Sequence[str] = ()
    kept: Sequence[str] = ()
    left: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ErasureRequests:
    """Erases people, and tells of it."""

    store: Store
    hooks: Hooks
    contexts: Contexts
    files: FileStore
    box: SecretBox
    clock: Clock
    wake: Wake

    def counts(self, person: PersonRow) -> Counts:
        """Say what there is."""
        with self.store.reading() as session:
            held = conversations(session, Extent(person.id))
            addresses = select(AddressRow.id).where(AddressRow.person_id == person.id)
            return Counts(
                conversations=len(held),
                messages=len(message_ids(session, [one.id for one in held])),
                in_groups=len(members.message_ids(session, person)),
                unattributed=members.unattributed(session, person.tenant_id),
                files=len(wiping.files(session, person)),
                addresses=len(session.scalars(addresses).all()),
            )

    def rehearse(self, person: PersonRow) -> list[Outcome]:
        """Say what would be done at each connection. Changes nothing."""
        with self.store.reading() as session:
            asked = [
                (row, concerned(session, row.id, Extent(person.id)))
                for row in erasing.connections_of(session, person)
            ]
        return [self._rehearsed(row, who) for row, who in asked]

    def erase(self, person: PersonRow) -> Counts:
        """Erase a person in Balie, and let it be done at the vendors. Doing it again is no harm.

        Files first: dying in between leaves messages that name none, and asking again ends it.
        """
        before = self.counts(person)
        with self.store.reading() as session:
            keys = wiping.files(session, person)
            talks = [one.id for one in conversations(session, Extent(person.id))]
            timers = lanes.of_timers(session, person.tenant_id, talks)
            values = members.values(session, person)
        events = naming.waiting(self.store, self.hooks, self.contexts, person.tenant_id, values)
        wiping.delete_files(self.files.of_tenant(person.tenant_id), keys)
        now = self.clock.now()
        with self.store.writing() as session:
            settlement = Settlement.within(session, now)
            row = session.get_one(PersonRow, person.id, with_for_update=True)
            locale = session.get_one(TenantRow, row.tenant_id).locale
            connections = erasing.connections_of(session, row)
            wiped = wiping.wipe(session, row, timers=timers, events=events, locale=locale, now=now)
            for connection in connections:
                if not self._can(connection):
                    erasing.forget_users(session, row.id, connection.id)
                    continue
                work = erasing.erasing(connection, Extent(row.id), now, under_way=wiped.under_way)
                settlement.enqueue(work)
            if connections and wiped.values:
                first = connections[0].id
                settlement.enqueue(aftermath.afterwork(row, first, wiped, self.box))
            due = settlement.write()
        for lane in due:
            self.wake(lane.id, lane.priority)
        return Counts(
            conversations=before.conversations,
            messages=wiped.messages,
            in_groups=wiped.in_groups,
            unattributed=before.unattributed,
            files=len(keys),
            addresses=wiped.addresses,
            waiting=wiped.cancelled,
        )

    def outcomes(self, person: PersonRow) -> list[Outcome]:
        """Say what came of it so far, at each connection."""
        with self.store.reading() as session:
            rows = erasing.connections_of(session, person)
            found = {item.connection_id: item for item in _work(session, person)}
            return [self._outcome(row, found.get(row.id)) for row in rows]

    def lanes(self, person: PersonRow) -> set[int]:
        """Return the lanes in which that is worked."""
        with self.store.reading() as session:
            return {item.lane_id for item in _work(session, person) if item.lane_id is not None}

    def gone_by(self, person: PersonRow) -> datetime | None:
        """Return when the last of it goes; None where nothing is left."""
        with self.store.reading() as session:
            return aftermath.done_by(session, person)

    def _can(self, connection: ConnectionRow) -> bool:
        return self.hooks.registry.function(connection.plugin, erasing.HOOK) is not None

    def _rehearsed(self, row: ConnectionRow, who: Concerned) -> Outcome:
        if not self._can(row):
            return self._unable(row)
        try:
            ctx = self.contexts.get(row.id).ctx
            found = erasing.asked(self.hooks, ctx, replace(who, rehearsal=True))
        except (PluginError, TransientError) as error:
            return Outcome(connection=row.slug, item=None, state="unknown", reason=said(error))
        return Outcome(
            connection=row.slug,
            item=None,
            state="rehearsed",
            done=found.done,
            kept=found.kept,
            left=found.left,
        )

    def _outcome(self, row: ConnectionRow, item: Item | None) -> Outcome:
        if item is None:
            return _nothing(row) if self._can(row) else self._unable(row)
        report: dict[str, Any] = (item.body or {}).get("report", {})
        return Outcome(
            connection=row.slug,
            item=item.id,
            state=item.state,
            next_at=item.next_at if item.state == State.PENDING else None,
            reason=item.reason,
            done=report.get("done", ()),
            kept=report.get("kept", ()),
            left=report.get("left", ()),
        )

    def _unable(self, row: ConnectionRow) -> Outcome:
        if row.files_into is not None:
            return _nothing(row)  # a channel of our own: what it holds is Balie's
        locale = self.contexts.get(row.id).ctx.tenant.locale
        text = say("unable", locale, connection=row.name)
        return Outcome(connection=row.slug, item=None, state="not possible", left=(text,))


def _nothing(row: ConnectionRow) -> Outcome:
    return Outcome(connection=row.slug, item=None, state="nothing there")


def _work(session: Session, person: PersonRow) -> Sequence[Item]:
    ids = [row.id for row in erasing.connections_of(session, person)]
    return session.scalars(
        select(Item).where(Item.connection_id.in_(ids), Item.dedupe == f"{Work.ERASE}:{person.id}")
    ).all()
