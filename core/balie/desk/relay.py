"""Events in their lane: read whole, then turned into rows and further work, all or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from balie.api import (
    AccountNotice,
    AddressProven,
    AgentCommanded,
    AgentReplied,
    Capabilities,
    CustomerNotice,
    ErasureAsked,
    Event,
    EventKind,
    MessageReceived,
    MessageSent,
    NumberLeft,
    PermanentError,
    Refused,
    StatusReported,
    TemplateChanged,
    TicketChanged,
)
from balie.desk import costs, erasure, notices, rating, tickets
from balie.desk.commands.obeying import Obeying
from balie.desk.dead_ends import DeadEnds
from balie.desk.elsewhere import links
from balie.desk.elsewhere.codes import HopCodes
from balie.desk.elsewhere.readers import Readers
from balie.desk.inbound import gaps, messages
from balie.desk.inbound.arrivals import WEBHOOK, event_item, event_of, request_of
from balie.desk.inbound.messages import Rules
from balie.desk.outbound import statuses
from balie.desk.outbound.absent import Absences
from balie.desk.outbound.answers import Channels, answer
from balie.desk.templates import catalogue
from balie.hooks import Answer, Hooks
from balie.ledger.drain import Handler
from balie.ledger.job import Job, Settlement
from balie.ledger.models import Item
from balie.ledger.priority import Priority
from balie.tenants.contexts import Contexts, Live


@dataclass(frozen=True, slots=True)
class Relay:
    """Works the items that events became."""

    hooks: Hooks
    contexts: Contexts
    codes: HopCodes
    readers: Readers

    @property
    def _channels(self) -> Channels:
        return Channels(self.hooks, self.contexts)

    def handlers(self) -> dict[str, Handler]:
        """Return the handler of every kind of event, and of warnings that follow from some."""
        events = {
            kind: Handler(self._work, gaps.unread, asks=kind is EventKind.TICKET)
            for kind in EventKind
        }
        return {
            **events,
            WEBHOOK: Handler(self._read_again, asks=False),
            **DeadEnds(self.hooks, self.contexts).handlers(),
        }

    def _work(self, job: Job) -> None:
        item = job.head
        live = self.contexts.get(item.connection_id)
        events = self.hooks.event_parse(live.ctx, event_of(item, job.lease.lane))
        if item.kind == EventKind.TICKET:  # which is read at the vendor's
            job.vendor_answered = any(not isinstance(event, Refused) for event in events)
        answers = self._ask_policies(live, events)
        with job.settle() as settlement:
            refusals = [
                reason
                for event in events
                if (reason := self._apply(settlement, live, event, answers, item))
            ]
            if item.kind == EventKind.HISTORY:
                # What follows from the past waits as it did.
                follows = [replace(new, priority=Priority.IMPORT) for new in settlement.new]
                settlement.new = follows
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
        slug = live.ctx.connection.slug
        return {
            event.id: self.hooks.message_received(roster, replace(event, connection=slug))
            for event in received
        }

    def _apply(
        self,
        settlement: Settlement,
        live: Live,
        event: Event,
        answers: dict[str, list[Answer]],
        item: Item,
    ) -> str:
        """Write what an event means. Returns the reason where it means nothing."""
        root_id, locale = _root(item), live.ctx.tenant.locale
        why = ""
        match event:
            case MessageReceived():
                window = self.hooks.capabilities(live.ctx).window
                rules = Rules(window, self.codes, self.readers)
                why = messages.receive(settlement, live, event, answers[event.id], root_id, rules)
            case MessageSent():
                why = messages.overhear(settlement, live, event, root_id)
            case CustomerNotice():
                why = notices.of_customer(settlement, live, event, root_id)
            case AddressProven() | NumberLeft() | ErasureAsked():
                why = self._of_visitor(settlement, live, event, root_id)
            case AccountNotice():
                why = notices.of_account(settlement.session, live, event)
            case StatusReported():
                too_late = _too_late(self.hooks.capabilities(live.ctx))
                statuses.report(settlement, event, item, locale=locale, too_late=too_late)
                costs.count(settlement.session, event, item, locale)
            case TemplateChanged():
                session, now = settlement.session, settlement.now
                why = catalogue.changed(session, item.connection_id, event, now)
            case AgentReplied() | AgentCommanded() | TicketChanged():
                why = self._from_desk(settlement, event, item, locale)
            case Refused():
                why = event.reason
            case _:
                raise PermanentError(f"Balie does nothing with a {type(event).__name__} yet")
        return why

    def _of_visitor(
        self,
        settlement: Settlement,
        live: Live,
        event: AddressProven | NumberLeft | ErasureAsked,
        root_id: int,
    ) -> str:
        match event:
            case AddressProven():
                return links.prove(settlement, live, event)
            case NumberLeft():
                links.keep_number(settlement, live, event)
                Absences(self.hooks, self.contexts, self.codes).begin(
                    settlement, live, event, root_id
                )
                return ""
            case ErasureAsked():
                return erasure.erase(settlement, live, event, root_id, self._channels)

    def _from_desk(
        self,
        settlement: Settlement,
        event: AgentReplied | AgentCommanded | TicketChanged,
        item: Item,
        locale: str,
    ) -> str:
        match event:
            case AgentReplied():
                return answer(settlement, event, item, locale, self._channels)
            case AgentCommanded():
                return Obeying(self.hooks, self.contexts).obey(settlement, event, item, locale)
            case TicketChanged():
                why = tickets.changed(settlement, event, item, locale)
                if not why:
                    self.readers.turned_ticket(settlement, item.connection_id, event.ticket_id)
                    self._ask_for_rating(settlement, event, item, locale)
                return why

    def _ask_for_rating(
        self, settlement: Settlement, event: TicketChanged, item: Item, locale: str
    ) -> None:
        rules = self._channels.abilities(item.connection_id).rating
        if rules is None:
            return
        channel = rating.asked_on(settlement.session, item.connection_id, event)
        if channel is not None:
            abilities = self._channels.abilities(channel)
            rating.ask(settlement, event, item, rules, abilities, locale)


def _too_late(abilities: Capabilities) -> frozenset[str]:
    return frozenset() if abilities.window is None else abilities.window.closed_codes


def _root(item: Item) -> int:
    """Return the event that came in: of one that a replayed request held, the request."""
    return item.root_id or item.id
