"""Threads as their customers may read them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, bindparam, func, or_, select

from balie.api import Address, Left, News, Said, Status, Thread, TicketState, TransientError
from balie.desk.elsewhere import links
from balie.desk.records import parts, people, places
from balie.desk.records.groups import HOME
from balie.desk.records.models import ID_DIGITS, ConversationRow, Direction, MessageRow, TicketRow
from balie.store import Store, StoreUnavailable, table_of
from balie.tenants.models import ConnectionRow

_CONVERSATIONS = table_of(ConversationRow)
_MESSAGES = table_of(MessageRow)
_TICKETS = table_of(TicketRow)
_CONNECTIONS = table_of(ConnectionRow)
_OVER = (TicketState.SOLVED, TicketState.CLOSED)

_BEGUN = and_(
    _CONVERSATIONS.c.connection_id == bindparam("connection"),
    _CONVERSATIONS.c.begun_by == bindparam("address"),
)
_OWN = (
    select(_CONVERSATIONS.c.id, _CONVERSATIONS.c.thread, _CONVERSATIONS.c.place)
    .where(_BEGUN)
    .order_by(_CONVERSATIONS.c.id)
)
_SEEN = _MESSAGES.c.place.is_not(None)
_COLUMNS = (
    _MESSAGES.c.id,
    _MESSAGES.c.channel_id,
    _MESSAGES.c.direction,
    _MESSAGES.c.author,
    _MESSAGES.c.parts,
    _MESSAGES.c.at,
    _MESSAGES.c.status,
    _MESSAGES.c.place,
    _MESSAGES.c.comment_id,
    _MESSAGES.c.quotes,
)
_NEWS = (
    select(*_COLUMNS)
    .where(
        _MESSAGES.c.conversation_id == bindparam("conversation"),
        _MESSAGES.c.place > bindparam("place"),
    )
    .order_by(_MESSAGES.c.place)
    .limit(bindparam("most"))
)
_OF_THREAD = (
    select(*_COLUMNS)
    .join(_CONVERSATIONS, _CONVERSATIONS.c.id == _MESSAGES.c.conversation_id)
    .where(_BEGUN, _CONVERSATIONS.c.thread == bindparam("thread"), _SEEN)
    .order_by(_MESSAGES.c.at.desc(), _MESSAGES.c.id.desc())
    .limit(bindparam("most"))
)
_EARLIER = _OF_THREAD.where(
    or_(
        _MESSAGES.c.at < bindparam("at"),
        and_(_MESSAGES.c.at == bindparam("at"), _MESSAGES.c.id < bindparam("before")),
    )
)
_ONE = (
    select(*_COLUMNS)
    .join(_CONVERSATIONS, _CONVERSATIONS.c.id == _MESSAGES.c.conversation_id)
    .where(_BEGUN, _SEEN, _MESSAGES.c.id == bindparam("message"))
)
_HOMES = _CONVERSATIONS.alias("home")
_LAST = _CONVERSATIONS.alias("last_heard")
_THREADS = (
    select(
        _CONVERSATIONS.c.thread,
        _CONVERSATIONS.c.place,
        _CONVERSATIONS.c.opened_at,
        _CONNECTIONS.c.slug,
        _TICKETS.c.state,
    )
    .join(_HOMES, _HOMES.c.id == HOME)
    .join(_LAST, _LAST.c.id == func.coalesce(_HOMES.c.goes_on_in, _HOMES.c.id))
    .join(_CONNECTIONS, _CONNECTIONS.c.id == _LAST.c.connection_id)
    .outerjoin(
        _TICKETS, and_(_TICKETS.c.conversation_id == _HOMES.c.id, _TICKETS.c.is_current.is_(True))
    )
    .where(_BEGUN)
    .order_by(_CONVERSATIONS.c.id)
)


@dataclass(frozen=True, slots=True)
class ThreadReader:
    """The threads of one connection (:class:`balie.api.Threads`)."""

    store: Store
    connection_id: int

    def begun_by(self, address: Address) -> tuple[Thread, ...]:
        """Return the threads of this address, the oldest first."""
        with self._looking() as db:
            rows = db.execute(_THREADS, self._asked(address)).all()
        return tuple(
            Thread(
                id=row.thread,
                place=row.place,
                began_at=row.opened_at,
                answered_on=row.slug,
                is_over=row.state in _OVER,
            )
            for row in rows
        )

    def numbers_left(self, address: Address) -> tuple[Left, ...]:
        """Return the numbers that whoever has this address left, the oldest first."""
        with in_a_plugins_words(), self.store.reading() as session:
            tenant = session.get_one(ConnectionRow, self.connection_id).tenant_id
            person = people.known(session, tenant, [address])
            rows = [] if person is None else links.numbers_left(session, person.id)
            return tuple(
                Left(number=row.value, consent=row.evidence, at=row.linked_at) for row in rows
            )

    def news(self, address: Address, *, after: Mapping[str, int], most: int) -> News:
        """Return what happened after these places, by thread; all of a thread not named."""
        said: list[tuple[str, Said]] = []
        places_now = {}
        with self._looking() as db:
            own = db.execute(_OWN, self._asked(address)).all()
            for conversation_id, thread, place in own:
                begin = after.get(thread, 0)
                if begin > place:  # of a database that was set back, or of nobody
                    begin = 0
                places_now[thread] = begin
                room = most - len(said)
                if place <= begin or room <= 0:
                    continue
                asked = {"conversation": conversation_id, "place": begin, "most": room}
                found = [_said(row) for row in db.execute(_NEWS, asked).mappings()]
                said += [(thread, one) for one in found]
                # A place may be empty by now: its message got a later one, which is read here too.
                last = found[-1].place if found else begin
                places_now[thread] = last if len(found) == room else max(last, place)
        return News(said=tuple(said), places=places_now, more=len(said) == most)

    def page(
        self, address: Address, thread: str, *, before: str = "", most: int
    ) -> tuple[Said, ...]:
        """Return the last messages of a thread, or those before a message; the oldest first."""
        asked = {**self._asked(address), "thread": thread, "most": most}
        with self._looking() as db:
            if not before:
                rows = db.execute(_OF_THREAD, asked).mappings().all()
            else:
                there = self._row(db, address, before)
                if there is None:
                    return ()
                asked |= {"at": there["at"], "before": there["id"]}
                rows = db.execute(_EARLIER, asked).mappings().all()
        return tuple(_said(row) for row in reversed(rows))

    def message(self, address: Address, message_id: str) -> Said | None:
        """Return one message, or None where this address has none of this id."""
        with self._looking() as db:
            row = self._row(db, address, message_id)
        return None if row is None else _said(row)

    def show(self, message_id: str) -> None:
        """Let a message of ours be seen from now on."""
        with self._writing() as db:
            places.show(db, self.connection_id, int(message_id))

    def changed(self, channel_id: str) -> None:
        """Let those who follow the thread read this message again."""
        with self._writing() as db:
            places.renew(db, self.connection_id, channel_id)

    def _row(self, db: Connection, address: Address, message_id: str) -> RowMapping | None:
        if not (message_id.isascii() and message_id.isdecimal() and len(message_id) <= ID_DIGITS):
            return None
        asked = {**self._asked(address), "message": int(message_id)}
        return db.execute(_ONE, asked).mappings().first()

    def _asked(self, address: Address) -> dict[str, Any]:
        return {"connection": self.connection_id, "address": address.value}

    @contextmanager
    def _looking(self) -> Iterator[Connection]:
        with in_a_plugins_words(), self.store.looking() as db:
            yield db

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with in_a_plugins_words(), self.store.connection() as db:
            yield db


@contextmanager
def in_a_plugins_words() -> Iterator[None]:
    """Let what a plugin calls fail in the plugins' own errors."""
    try:
        yield
    except StoreUnavailable as error:
        raise TransientError(str(error)) from error


def _said(row: RowMapping) -> Said:
    return Said(
        id=str(row["id"]),
        channel_id=row["channel_id"],
        by_customer=row["direction"] == Direction.INBOUND,
        author=row["author"],
        parts=parts.load(row["parts"]),
        at=row["at"],
        status=Status(row["status"]),
        place=row["place"],
        is_filed=row["comment_id"] is not None,
        quotes=row["quotes"],
    )
