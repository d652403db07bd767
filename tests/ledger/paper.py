"""A counter on paper: services with a clock set by hand, and words for what happens to them.

Nothing runs by itself: a test lets events in and drains the lanes.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
import structlog
from sqlalchemy import func, select

from balie.api import Accepted, Event, EventKind, RawEvent
from balie.desk.inbound.arrivals import event_item
from balie.desk.records.models import CommentRow, ConversationRow, MessageRow, PersonRow, TicketRow
from balie.ledger.balance import balances
from balie.ledger.door import Submission
from balie.ledger.inspect import due_lanes
from balie.ledger.models import Item, Lane
from balie.run.services import Services

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ANNA = "+31655500001"
BEN = "+31655500002"


@dataclass(slots=True)
class HandClock:
    """A clock that stands still until it is moved."""

    at: datetime = NOON

    def now(self) -> datetime:
        return self.at

    def forward(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass(slots=True)
class Paper:
    """The counter: a tenant ``winkel`` whose connection ``chat`` files into ``desk``."""

    services: Services
    clock: HandClock
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    @property
    def channel(self) -> Any:
        return self.services.registry.get("paper_channel").object

    @property
    def desk(self) -> Any:
        return self.services.registry.get("paper_desk").object

    @property
    def policy(self) -> Any:
        return self.services.registry.get("paper_policy").object

    # --- What comes in ---------------------------------------------------------------------

    def accept(
        self, *events: RawEvent, tenant: str = "winkel", connection: str = "chat"
    ) -> Accepted:
        row = self.services.directory.connection(tenant, connection)
        items = tuple(event_item(row.tenant_id, row.id, event) for event in events)
        submission = Submission(tenant_id=row.tenant_id, connection_id=row.id, items=items)
        return self.services.door.accept(submission)

    def message(
        self,
        text: str = "Hallo",
        *,
        sender: str = ANNA,
        at: datetime | None = None,
        **more: Any,
    ) -> RawEvent:
        event_id = more.pop("id", None) or f"wamid-{next(self.numbers)}"
        return RawEvent(
            id=event_id,
            kind=EventKind.MESSAGE,
            lane=more.pop("lane", sender),
            at=at or self.clock.now(),
            body={"say": text, "sender": [["phone", sender]], **more},
        )

    def status(
        self, status: str, message: str, *, at: datetime | None = None, **more: Any
    ) -> RawEvent:
        return RawEvent(
            id=more.pop("id", f"{message}-{status}"),
            kind=EventKind.STATUS,
            lane=more.pop("lane", message),
            at=at or self.clock.now(),
            body={"message": message, "status": status, **more},
        )

    def answered(self, ticket: str, *said: tuple[str, str], at: datetime | None = None) -> RawEvent:
        """A ticket's event, with its comments as (id, text)."""
        at = at or self.clock.now()
        answers = [{"comment": key, "say": text, "at": at.isoformat()} for key, text in said]
        return RawEvent(
            id=f"ticket-event-{next(self.numbers)}",
            kind=EventKind.TICKET,
            lane=ticket,
            at=at,
            body={"ticket": ticket, "answers": answers},
        )

    def happens(self, *events: Event, kind: EventKind, lane: str, plugin: Any = None) -> Accepted:
        """Let one webhook mean these events; at the channel, unless the desk is given."""
        plugin = plugin or self.channel
        raw = RawEvent(
            id=f"event-{next(self.numbers)}", kind=kind, lane=lane, at=self.clock.now(), body={}
        )
        plugin.readings[raw.id] = list(events)
        return self.accept(raw, connection="desk" if plugin is self.desk else "chat")

    def say(self, text: str = "Hallo", **more: Any) -> Accepted:
        return self.accept(self.message(text, **more))

    def report(self, status: str, message: str, **more: Any) -> Accepted:
        return self.accept(self.status(status, message, **more))

    def answer(self, ticket: str, *said: tuple[str, str], at: datetime | None = None) -> Accepted:
        return self.accept(self.answered(ticket, *said, at=at), connection="desk")

    # --- What is done with it --------------------------------------------------------------

    def drain(self) -> None:
        """Work all lanes that are due, and what follows from them, until nothing is due."""
        for _ in range(500):
            with self.services.store.reading() as session:
                lanes = [lane.id for lane in due_lanes(session, self.clock.now(), 500)]
            if not lanes:
                return
            for lane_id in lanes:
                self.services.drainer.drain(lane_id)
        raise AssertionError("lanes stay due for ever")

    def settle(self, rounds: int = 60) -> None:
        """Drain; move the clock to when the next lane is due; until nothing waits."""
        for _ in range(rounds):
            self.drain()
            with self.services.store.reading() as session:
                due = session.scalar(select(func.min(Lane.due_at)))
            if due is None:
                return
            self.clock.at = max(due, self.clock.at) + timedelta(milliseconds=1)
        raise AssertionError("something waits for ever")

    # --- What stands there afterwards ------------------------------------------------------

    def rows(self, model: Any, *where: Any) -> Sequence[Any]:
        with self.services.store.reading() as session:
            return session.scalars(select(model).where(*where).order_by(model.id)).all()

    def items(self, kind: str) -> Sequence[Item]:
        return self.rows(Item, Item.kind == kind)

    def only(self, model: Any) -> Any:
        (row,) = self.rows(model)
        return row

    def people(self) -> Sequence[PersonRow]:
        return self.rows(PersonRow)

    def conversations(self) -> Sequence[ConversationRow]:
        return self.rows(ConversationRow)

    def messages(self, direction: str) -> Sequence[MessageRow]:
        return self.rows(MessageRow, MessageRow.direction == direction)

    def tickets(self) -> Sequence[TicketRow]:
        return self.rows(TicketRow)

    def comments(self) -> Sequence[CommentRow]:
        return self.rows(CommentRow)

    def filed(self, *, internal: bool = False) -> list[list[str]]:
        """What each comment says, line by line."""
        return [
            [" ".join(part.text for part in line.parts) for line in batch.lines]
            for batch in self.desk.batches
            if batch.internal is internal
        ]

    def sent(self) -> list[str]:
        return [" ".join(part.text for part in reply.parts) for reply in self.channel.sent]

    def differences(self) -> list[int]:
        with self.services.store.reading() as session:
            return [balance.difference for balance in balances(session)]


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def services(settings: Any, clock: HandClock) -> Iterator[Services]:
    """Services whose clock is set by hand. Tracebacks are not printed: that takes its time."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    made = Services(settings, clock=clock)
    yield made
    made.store.close()
    structlog.reset_defaults()


@pytest.fixture
def paper(counter: Services, clock: HandClock) -> Paper:
    """The counter on paper, on both databases."""
    return Paper(counter, clock)


@pytest.fixture
def another_tenant(paper: Paper) -> Callable[[str], None]:
    """Add a tenant with a desk and a channel of its own."""

    def add(slug: str, locale: str = "nl") -> None:
        directory = paper.services.directory
        directory.add_tenant(slug, name=slug.title(), region="NL", locale=locale)
        directory.add_connection(slug, "desk", plugin="paper_desk", config={"secret": "d" * 20})
        directory.add_connection(
            slug, "chat", plugin="paper_channel", config={"secret": "c" * 20}, files_into="desk"
        )

    return add
