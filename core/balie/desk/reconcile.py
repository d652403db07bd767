"""Asking a vendor what happened since, so that what its webhooks lost is found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from balie.api import (
    AuthFailed,
    BalieError,
    Clock,
    EventKind,
    PermanentError,
    RawEvent,
    Reconciled,
    Since,
)
from balie.desk.inbound.arrivals import event_item
from balie.desk.records import cursors
from balie.desk.records.models import CommentRow, TicketRow
from balie.desk.records.work import Work
from balie.hooks import Hooks
from balie.ledger.door import Door, Submission
from balie.ledger.drain import Health
from balie.ledger.models import Item
from balie.ledger.models import State as ItemState
from balie.ledger.retry import Again, decide, said
from balie.store import Store
from balie.tenants.contexts import Contexts, Live
from balie.tenants.models import State

SHORTEST_SECONDS = 1.0
LONGEST_SECONDS = 3600.0
"""Whatever a plugin says, a vendor is not asked more often than this, nor less."""
REFUSED_SECONDS = 900.0
"""After a refusal that asking again does not mend, such as a missing right."""

_log = structlog.get_logger("reconcile")


@dataclass(frozen=True, slots=True)
class Reconciling:
    """Asks one connection's vendor at a time. What comes of it goes through the door."""

    store: Store
    hooks: Hooks
    contexts: Contexts
    door: Door
    clock: Clock
    health: Health

    def ask(self, connection_id: int) -> None:
        """Let in what is new since the last time, then move the cursor on. Raises StoreUnavailable.

        In this order: dying in between lets in again what falls away as known.
        """
        asked_at = self.clock.now()
        with self.store.reading() as session:
            cursor = cursors.found(session, connection_id)
        try:
            live = self.contexts.get(connection_id)
            answer = self._answer(live, cursor.cursor)
        except BalieError as error:
            self.put_off(connection_id, error)
            return
        news = self._let_in(live, answer)
        seconds = min(max(answer.again_in, SHORTEST_SECONDS), LONGEST_SECONDS)
        with self.store.writing() as session:
            cursors.answered(
                session,
                connection_id,
                was=cursor.cursor,
                cursor=answer.cursor,
                at=asked_at,
                next_at=self.clock.now() + timedelta(seconds=seconds),
            )
        if news:
            _log.warning("found_what_was_lost", connection=connection_id, events=news)
        if live.state is State.SIGNED_OUT:
            self.health.well(connection_id)

    def _answer(self, live: Live, cursor: str) -> Reconciled:
        answer = self.hooks.event_reconcile(live.ctx, Since(cursor=cursor))
        if len(answer.cursor) > cursors.CURSOR_LENGTH:
            raise PermanentError(f"the plugin's cursor is over {cursors.CURSOR_LENGTH} characters")
        return answer

    def _let_in(self, live: Live, answer: Reconciled) -> int:
        connection_id = live.ctx.connection.id
        with self.store.reading() as session:
            events = _not_known(session, connection_id, answer)
        items = tuple(event_item(live.tenant_id, connection_id, event) for event in events)
        submission = Submission(tenant_id=live.tenant_id, connection_id=connection_id, items=items)
        return self.door.accept(submission).new

    def put_off(self, connection_id: int, error: Exception) -> None:
        """Write down why there was no answer, and when to ask again. Raises StoreUnavailable."""
        with self.store.reading() as session:
            failures = cursors.found(session, connection_id).failures + 1
        decision = decide(error, failures, timedelta())
        seconds = decision.seconds if isinstance(decision, Again) else REFUSED_SECONDS
        with self.store.writing() as session:
            next_at = self.clock.now() + timedelta(seconds=seconds)
            cursors.refused(session, connection_id, problem=said(error), next_at=next_at)
        if isinstance(error, AuthFailed):
            self.health.signed_out(connection_id, said(error))
        _log.warning("not_reconciled", connection=connection_id, error=said(error))


def _not_known(session: Session, connection_id: int, answer: Reconciled) -> Sequence[RawEvent]:
    """Leave out what tells only of what is known, and tickets of no concern to us.

    A ticket that is not known may still be ours while a filing under way may have made it.
    """
    told = {comment for comments in answer.comments.values() for comment in comments}
    known = set(
        session.scalars(
            select(CommentRow.remote_id).where(
                CommentRow.helpdesk_id == connection_id, CommentRow.remote_id.in_(told)
            )
        )
    )
    telling = {event.lane for event in answer.events if event.id in answer.states}
    standing = _tickets(session, connection_id, telling)
    news = [event for event in answer.events if _is_news(event, answer, known, standing)]
    tickets = {event.lane for event in news if event.kind is EventKind.TICKET}
    # In this order: what ends between the two looks has made its ticket by the second.
    may_come = bool(tickets) and _is_filing(session, connection_id)
    ours = _tickets(session, connection_id, tickets)
    if may_come and tickets - ours.keys():
        return news
    return [event for event in news if event.kind is not EventKind.TICKET or event.lane in ours]


def _is_news(
    event: RawEvent, answer: Reconciled, known: set[str], standing: Mapping[str, str]
) -> bool:
    comments, states = answer.comments.get(event.id), answer.states.get(event.id)
    if comments is None and states is None:
        return True
    stands_so = states is None or standing.get(event.lane) in states
    return not (stands_so and known.issuperset(comments or ()))


def _tickets(session: Session, connection_id: int, remote_ids: set[str]) -> dict[str, str]:
    """Return how those of these tickets stand in which Balie files."""
    if not remote_ids:
        return {}
    rows = session.execute(
        select(TicketRow.remote_id, TicketRow.state).where(
            TicketRow.helpdesk_id == connection_id, TicketRow.remote_id.in_(remote_ids)
        )
    )
    return {row.remote_id: row.state for row in rows}


def _is_filing(session: Session, connection_id: int) -> bool:
    under_way = select(Item.id).where(
        Item.connection_id == connection_id,
        Item.kind == Work.FILE,
        Item.state == text(f"'{ItemState.PENDING}'"),  # for the sake of the partial index
        Item.attempted_at.is_not(None),
    )
    return session.scalar(under_way.limit(1)) is not None
