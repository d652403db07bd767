"""Events in their lane: read whole, then turned into rows and further work, all or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from balie.api import (
    AgentReplied,
    Event,
    EventKind,
    MessageReceived,
    PermanentError,
    Refused,
    StatusReported,
    Text,
)
from balie.desk import conversations, gaps, notes, people, statuses
from balie.desk.actions import Asked, carry_out
from balie.desk.arrivals import WEBHOOK, event_item, event_of, request_of
from balie.desk.models import ConversationRow, Direction, TicketRow
from balie.desk.texts import say
from balie.desk.work import Work, filing, filing_lane, sending
from balie.hooks import Answer, Hooks
from balie.ledger.drain import Handler
from balie.ledger.job import Job, Settlement
from balie.ledger.models import Item, Lane, State
from balie.ledger.retry import Postponed
from balie.ledger.rows import believed
from balie.tenants.contexts import Contexts, Live


@dataclass(frozen=True, slots=True)
class Relay:
    """Works the items that events became."""

    hooks: Hooks
    contexts: Contexts

    def handlers(self) -> dict[str, Handler]:
        """Return the handler of every kind of event."""
        return {kind: Handler(self._work, gaps.unread) for kind in EventKind} | {
            WEBHOOK: Handler(self._read_again)
        }

    def _work(self, job: Job) -> None:
        item = job.head
        live = self.contexts.get(item.connection_id)
        events = self.hooks.event_parse(live.ctx, event_of(item, job.lease.lane))
        answers = self._ask_policies(live, events)
        with job.settle() as settlement:
            refusals = [
                reason
                for event in events
                if (reason := self._apply(settlement, live, event, answers, item))
            ]
            if events and len(refusals) < len(events):
                settlement.deliver(item)
            else:
                settlement.refuse(item, "; ".join(refusals) or "nothing in it")

    def _read_again(self, job: Job) -> None:
        """Read a whole request anew, after a replay: a newer plugin may understand it."""
        item = job.head
        ctx = self.contexts.get(item.connection_id).ctx
        ingress = self.hooks.channel_ingress(ctx, request_of(item))
        with job.settle() as settlement:
            for event in ingress.events:
                new = event_item(item.tenant_id, item.connection_id, event)
                settlement.enqueue(replace(new, root_id=item.id))
            settlement.deliver(item)

    def _ask_policies(self, live: Live, events: Sequence[Event]) -> dict[str, list[Answer]]:
        received = [event for event in events if isinstance(event, MessageReceived)]
        if not received:
            return {}
        roster = self.contexts.roster(live.tenant_id)
        return {event.id: self.hooks.message_received(roster, event) for event in received}

    def _apply(
        self,
        settlement: Settlement,
        live: Live,
        event: Event,
        answers: dict[str, list[Answer]],
        item: Item,
    ) -> str:
        """Write what an event means. Returns the reason where it means nothing."""
        match event:
            case MessageReceived():
                return _receive(settlement, live, event, answers[event.id], _root(item))
            case StatusReported():
                statuses.report(
                    settlement,
                    event,
                    connection_id=item.connection_id,
                    tenant_id=item.tenant_id,
                    locale=live.ctx.tenant.locale,
                    root_id=_root(item),
                )
                return ""
            case AgentReplied():
                return _answer(settlement, event, item, live.ctx.tenant.locale)
            case Refused():
                return event.reason
            case _:
                raise PermanentError(f"Balie does nothing with a {type(event).__name__} yet")


def _receive(
    settlement: Settlement,
    live: Live,
    event: MessageReceived,
    answers: Sequence[Answer],
    root_id: int,
) -> str:
    if live.files_into is None:
        raise PermanentError("this connection files into no helpdesk; set one and replay")
    session, now = settlement.session, settlement.now
    person = people.recognise(
        session,
        live.tenant_id,
        event.sender,
        name=event.name,
        evidence=f"sender of message {event.id}",
        now=now,
    )
    conversation = conversations.between(
        session,
        person,
        connection_id=live.ctx.connection.id,
        helpdesk_id=live.files_into,
        now=now,
    )
    at = believed(event.at, now)
    message = conversations.add_message(
        session,
        conversation,
        direction=Direction.INBOUND,
        parts=event.parts,
        at=at,
        channel_id=event.id,
        author=event.name,
    )
    if message is None:
        return f"message {event.id} is there already"
    if conversation.last_inbound_at is None or conversation.last_inbound_at < at:
        conversation.last_inbound_at = at
    settlement.enqueue(filing(conversation, message, root_id))
    for answer in answers:
        asked = Asked(plugin=answer.plugin, conversation=conversation, root_id=root_id)
        for action in answer.actions:
            carry_out(settlement, asked, action)
    return ""


def _answer(settlement: Settlement, event: AgentReplied, item: Item, locale: str) -> str:
    session = settlement.session
    ticket = conversations.of_ticket(session, item.connection_id, event.ticket_id)
    _wait_for_filings(session, item, ticket)
    if ticket is None:
        return f"ticket {event.ticket_id} is not one that Balie files in"
    at = believed(event.at, settlement.now)
    comment = conversations.add_comment(session, ticket, event.comment_id, is_ours=False, at=at)
    if comment is None:
        return f"comment {event.comment_id} was relayed before"
    conversation = session.get_one(ConversationRow, ticket.conversation_id)
    parts = [part for part in event.parts if isinstance(part, Text)]
    left_out = [part.text for part in event.parts if not isinstance(part, Text)]
    if left_out:
        text = say("left_out", locale, what=", ".join(left_out))
        key = f"left_out:{comment.id}"
        notes.tell(settlement, conversation, key=key, text=text, root_id=_root(item))
    if not parts:
        return "it holds nothing that can be sent yet"
    message = conversations.add_message(
        session,
        conversation,
        direction=Direction.OUTBOUND,
        parts=parts,
        at=at,
        author=event.author,
    )
    assert message is not None  # noqa: S101 -- it has no key that could exist already; for mypy
    message.comment_id = comment.id
    settlement.enqueue(sending(conversation, message, _root(item)))
    return ""


def _wait_for_filings(session: Session, item: Item, ticket: TicketRow | None) -> None:
    """Raise Postponed while a filing from before this event may still tell what it is about.

    A filing whose answer was lost, or has not been written yet, may have made this very ticket or
    this very comment. Later filings cannot, so that this wait ends.
    """
    under_way = select(Item.id).where(
        Item.connection_id == item.connection_id,
        Item.kind == Work.FILE,
        Item.state == State.PENDING,
        Item.attempted_at <= item.accepted_at,
    )
    if ticket is not None:
        lane = Lane.name == filing_lane(ticket.conversation_id)
        under_way = under_way.join(Lane, Lane.id == Item.lane_id).where(lane)
    if session.scalar(under_way.limit(1)) is not None:
        raise Postponed("a filing under way may be what this is about", 1.0)


def _root(item: Item) -> int:
    """Return the event that came in: of one that a replayed request held, the request."""
    return item.root_id or item.id
