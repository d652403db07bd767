"""What is kept no longer than it is to be: payloads of events, and messages where that is set."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import String, cast, literal, select, update
from sqlalchemy.orm import Session

from balie.api import Clock, Media, Unknown
from balie.desk.privacy.texts import say
from balie.desk.privacy.wiping import clear_traces
from balie.desk.records import parts
from balie.desk.records.models import Direction, MessageRow
from balie.desk.records.work import Work
from balie.ledger.models import Item, State
from balie.store import Store, StoreUnavailable
from balie.store.files import FileStore
from balie.tenants.models import TenantRow

LOOK_SECONDS = 3600.0
AT_ONCE = 500
_ENDED = (State.DELIVERED, State.REFUSED)
_KEPT = (Work.ERASE, Work.FORGET)
"""What tells what became of a request; nobody is named in it."""

_log = structlog.get_logger("retention")


@dataclass(slots=True)
class Retention:
    """Looks for what is too old. Days of None are for ever.

    What was looked at is remembered while the process lives, so that a look costs what is new.
    """

    store: Store
    clock: Clock
    files: FileStore
    payload_days: int | None
    message_days: int | None
    _item: int = 0
    _message: int = 0

    def look(self) -> None:
        """Let go of all that is too old by now."""
        try:
            payloads = self._each(self._payloads, self.payload_days)
            messages = self._each(self._messages, self.message_days)
        except StoreUnavailable as error:
            _log.warning("retention_waits", error=str(error))
            return
        if payloads or messages:
            _log.info("let_go", payloads=payloads, messages=messages)

    def _each(self, some: Callable[[timedelta], int | None], days: int | None) -> int:
        total = 0
        while days is not None and (found := some(timedelta(days=days))) is not None:
            total += found
        return total

    def _payloads(self, age: timedelta) -> int | None:
        """Empty the next ended items; None where the next one is too young, or none is left."""
        before = self.clock.now() - age
        query = select(Item.id, Item.state, Item.kind, Item.accepted_at, Item.body)
        with self.store.reading() as session:
            rows = session.execute(
                query.where(Item.id > self._item).order_by(Item.id).limit(AT_ONCE)
            ).all()
        old = [row for row in rows if row.accepted_at < before]
        if not old:
            return None
        full = [row.id for row in old if _is_full(row.state, row.kind, row.body)]
        if full:
            with self.store.writing() as session:
                session.execute(update(Item).where(Item.id.in_(full)).values(body=None))
        self._item = old[-1].id
        return len(full)

    def _messages(self, age: timedelta) -> int | None:
        before = self.clock.now() - age
        with self.store.reading() as session:
            rows = session.scalars(
                select(MessageRow)
                .where(MessageRow.id > self._message)
                .order_by(MessageRow.id)
                .limit(AT_ONCE)
            ).all()
            waiting = _waiting(session) if rows else frozenset()
        # Up to the first one that is too young: they come in their order.
        old = rows[: next((at for at, row in enumerate(rows) if row.at >= before), len(rows))]
        if not old:
            return None
        gone = [row for row in old if row.id not in waiting]
        self._delete_files(gone)
        with self.store.writing() as session:
            _blank(session, gone)
        self._message = old[-1].id
        return len(gone)

    def _delete_files(self, messages: Iterable[MessageRow]) -> None:
        for message in messages:
            files = self.files.of_tenant(message.tenant_id)
            for part in parts.load(message.parts):
                if isinstance(part, Media) and part.stored:
                    files.delete(part.stored)


def _is_full(state: str, kind: str, body: object) -> bool:
    return state in _ENDED and kind not in _KEPT and body is not None


def _waiting(session: Session) -> frozenset[int]:
    """Return the messages that work is still to be done for, or that are parked."""
    bodies = session.scalars(select(Item.body).where(Item.state.not_in(_ENDED)))
    return frozenset(body["message"] for body in bodies if body and "message" in body)


def _blank(session: Session, messages: list[MessageRow]) -> None:
    """Leave of each when it was and how far it came."""
    locales = {row.id: row.locale for row in session.scalars(select(TenantRow))}
    clear_traces(
        session, [(row.connection_id, row.channel_id) for row in messages if row.channel_id]
    )
    for locale in set(locales.values()):
        ids = [row.id for row in messages if locales[row.tenant_id] == locale]
        gone = parts.dump([Unknown(type="expired", text=say("expired", locale))])
        here = MessageRow.id.in_(ids)
        session.execute(
            update(MessageRow)
            .where(here)
            .values(parts=gone, author="", error="", quotes=None, place=None)
        )
        session.execute(
            update(MessageRow)
            .where(here, MessageRow.direction != Direction.NOTE)
            .values(channel_id=literal("erased:") + cast(MessageRow.id, String))
            .execution_options(synchronize_session=False)
        )
