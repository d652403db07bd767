"""Which of the ledger's work names a person though its lane is a group's."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import orjson
from sqlalchemy import select

from balie.api import AddressKind, BalieError, CustomerNotice, Event, EventKind, MessageReceived
from balie.desk.inbound.arrivals import event_of
from balie.desk.privacy.holdings import AT_ONCE, chunks
from balie.desk.privacy.members import written
from balie.hooks import Hooks
from balie.ledger.models import Item, Lane, State
from balie.store import Store
from balie.tenants.contexts import Contexts

_OPEN = (State.PENDING, State.PARKED)
_STRINGS = re.compile(r'"([^"]*)"')
_ENDED = (State.DELIVERED, State.REFUSED)


def waiting(
    store: Store, hooks: Hooks, contexts: Contexts, tenant_id: int, addresses: Sequence[str]
) -> frozenset[int]:
    """Return the events of groups that wait or are parked and are of one with these addresses.

    They spoke, or the channel tells the group of them. What names one of them and cannot be
    read counts too: a later replay would bring it back.
    """
    sought = written(addresses)
    with store.reading() as session:
        rows = session.execute(
            select(Item, Lane.name)
            .outerjoin(Lane, Lane.id == Item.lane_id)
            .where(
                Item.tenant_id == tenant_id,
                Item.state.in_(_OPEN),
                Item.kind == EventKind.MESSAGE,
            )
        )
        named = [(item, lane or "") for item, lane in rows if _is_in(_json(item.body), sought)]
    found = set()
    for item, lane in named:
        try:
            ctx = contexts.get(item.connection_id).ctx
            events = hooks.event_parse(ctx, event_of(item, lane))
        except BalieError:
            found.add(item.id)
            continue
        if any(_is_of(event, addresses) for event in events):
            found.add(item.id)
    return frozenset(found)


def ended(
    store: Store,
    lanes: Iterable[int],
    addresses: Iterable[str],
    channel_ids: Iterable[str],
    before: datetime | None = None,
) -> list[int]:
    """Return the ended items of these lanes that name an address, or a message by its id.

    A look through all of the tenant's, a page at a time.
    """
    sought, ids = written(addresses), frozenset(channel_ids)
    found = []
    for some in chunks(lanes):
        for item in _pages(store, some):
            told = f"{item.dedupe} {_json(item.body)}"
            named = {item.dedupe.partition(":")[2], *_STRINGS.findall(told)}
            is_old = before is None or item.accepted_at <= before
            if is_old and (_is_in(told, sought) or not ids.isdisjoint(named)):
                found.append(item.id)
    return found


def _is_of(event: Event, addresses: Sequence[str]) -> bool:
    """Say whether one with these addresses speaks, or the channel tells a group of them."""
    if isinstance(event, MessageReceived):
        return any(one.value in addresses for one in event.speaker)
    if not isinstance(event, CustomerNotice):
        return False
    to_group = any(one.kind is AddressKind.GROUP for one in event.sender)
    return to_group and _is_in(event.text, written(addresses))


def _pages(store: Store, lanes: Sequence[int]) -> Iterator[Item]:
    last = 0
    while True:
        with store.reading() as session:
            page = session.scalars(
                select(Item)
                .where(Item.lane_id.in_(lanes), Item.state.in_(_ENDED), Item.id > last)
                .order_by(Item.id)
                .limit(AT_ONCE)
            ).all()
        if not page:
            return
        yield from page
        last = page[-1].id


def _json(body: object) -> str:
    return orjson.dumps(body).decode()


def _is_in(told: str, sought: Iterable[str]) -> bool:
    return any(one in told for one in sought)
