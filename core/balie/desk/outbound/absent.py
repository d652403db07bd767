"""An answer came when nobody was there any more: it goes another way, and the ticket says which."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from balie.api import Absence, Address, AddressKind, NumberLeft, PluginError, Text
from balie.desk.elsewhere.accepting import BEGIN
from balie.desk.elsewhere.codes import HopCodes
from balie.desk.elsewhere.texts import say, say_to_customer
from balie.desk.outbound.answers import Channels
from balie.desk.outbound.instead import (
    ARRIVED,
    Copying,
    Origin,
    Way,
    connection,
    next_way,
    replaced,
)
from balie.desk.records import conversations, notes, parts
from balie.desk.records.models import ConversationRow, Direction, MessageRow
from balie.desk.records.work import Work
from balie.desk.texts import say as say_of_sending
from balie.desk.window import hold
from balie.hooks import Hooks
from balie.ledger.drain import Handler
from balie.ledger.job import Job, Settlement
from balie.ledger.models import Item
from balie.ledger.priority import Priority
from balie.ledger.rows import NewItem
from balie.tenants.contexts import Contexts, Live
from balie.tenants.models import ConnectionRow

_QUOTE = 200
_WAYS_IN = "ways_in"


def wait_for(settlement: Settlement, message: MessageRow, seconds: float) -> None:
    """Look in so many seconds whether a message that was sent has arrived."""
    lane = f"{Work.ABSENT}:{message.id}"
    # A root of its own: the answer is sent, whatever becomes of it.
    settlement.enqueue(_look(settlement, message, lane, seconds, {"message": message.id}))


def go_on(settlement: Settlement, copy: MessageRow, *, untapped: bool = False) -> None:
    """Let the answer that this was sent in place of go the next way: this one failed.

    ``untapped``: it was kept for the customer's tap, and nobody has been told yet that it ended.
    """
    message = replaced(settlement.session, copy)
    if message is not None:
        lane = f"{Work.ABSENT}:{message.id}:{copy.connection_id}"
        body = {"message": message.id, "past": copy.connection_id}
        if untapped:
            body["untapped"] = copy.id
        settlement.enqueue(_look(settlement, message, lane, 0.0, body))


def _look(
    settlement: Settlement, message: MessageRow, lane: str, seconds: float, body: dict[str, int]
) -> NewItem:
    return NewItem(
        tenant_id=message.tenant_id,
        connection_id=message.connection_id,
        kind=Work.ABSENT,
        dedupe=lane,
        lane=lane,
        order_at=settlement.now,
        not_before=settlement.now + timedelta(seconds=seconds),
        priority=Priority.STATUS,
        body=body,
    )


@dataclass(frozen=True, slots=True)
class Absences:
    """Works the lanes of answers that may have come too late."""

    hooks: Hooks
    contexts: Contexts
    codes: HopCodes

    def handlers(self) -> dict[str, Handler]:
        """Return the handler of such answers."""
        return {Work.ABSENT: Handler(self._work)}

    def _work(self, job: Job) -> None:
        item = job.head
        live = self.contexts.get(job.lease.connection_id)
        rules = self._channels.abilities(live.ctx.connection.id).absence
        back = self._back(live)
        with job.settle() as settlement:
            message = settlement.session.get_one(MessageRow, item.body["message"])
            if rules is None or message.status in ARRIVED:
                settlement.refuse(item, "the customer was there")
                return
            conversation = settlement.session.get_one(ConversationRow, message.conversation_id)
            origin = Origin(live, conversation, message, back, _untapped(settlement, item))
            way = self._next(settlement, origin, rules, item)
            if way is not None:
                abilities = self._channels.abilities(way.live.ctx.connection.id)
                Copying(settlement, self.codes).send(origin, way, abilities, item.id)
            elif "past" in item.body:
                _tell_of_untapped(settlement, origin, item)  # that any other failed is told
                settlement.refuse(item, "there is no further way")
                return
            else:
                _tell_of_none(settlement, origin, rules, item)
            settlement.deliver(item)

    def begin(self, settlement: Settlement, live: Live, event: NumberLeft, root_id: int) -> None:
        """Write to a number that was left, where the customer wants to go on there now.

        That is held until whoever has the number accepts it: the talk begins when they want it to.
        """
        session, locale = settlement.session, live.ctx.tenant.locale
        conversation = session.scalar(
            select(ConversationRow)
            .where(
                ConversationRow.connection_id == live.ctx.connection.id,
                ConversationRow.begun_by == event.sender.value,
            )
            .order_by(ConversationRow.last_inbound_at.desc())
            .limit(1)
        )
        other = connection(session, self.contexts, live, event.begins_on)
        if conversation is None or other is None:
            return
        way = Way(other, Address(kind=AddressKind.PHONE, value=event.number))
        target = Copying(settlement, self.codes).conversation(way, conversation)
        tone = self._channels.abilities(live.ctx.connection.id).tone
        words = say_to_customer(
            "goes_on_here", conversation.language or locale, tone, name=live.ctx.tenant.name
        )
        message = conversations.add_message(
            session,
            target,
            direction=Direction.OUTBOUND,
            parts=[Text(text=words)],
            at=settlement.now,
            note_key=f"{BEGIN}{conversation.id}",
        )
        if message is None:
            return
        hold.line_up_left(settlement, target, message, root_id, conversation.id)
        told = way.told(live.ctx.tenant.region)
        text = say("wants_to_go_on", locale, way=other.ctx.connection.name, number=told)
        key = f"begin:{conversation.id}"
        notes.tell(settlement, conversation, key=key, text=text, root_id=root_id)

    @property
    def _channels(self) -> Channels:
        return Channels(self.hooks, self.contexts)

    def _back(self, live: Live) -> str:
        """Return the address that leads back here with words in it, or '' where there is none."""
        if self.hooks.registry.function(live.ctx.connection.plugin, _WAYS_IN) is None:
            return ""
        try:
            found = self.hooks.ways_in(live.ctx)
        except PluginError:
            return ""  # the answer goes without it
        return next((way.text_url for way in found if way.text_url), "")

    def _next(
        self, settlement: Settlement, origin: Origin, rules: Absence, item: Item
    ) -> Way | None:
        """Return the first way, or the one after that which failed."""
        session, person_id = settlement.session, origin.conversation.person_id
        past = item.body.get("past")
        return next_way(session, self.contexts, origin.live, rules, person_id, past)


def _untapped(settlement: Settlement, item: Item) -> str:
    """Return the name of the channel where the answer was kept in vain, if it was."""
    if "untapped" not in item.body:
        return ""
    return settlement.session.get_one(ConnectionRow, item.body["past"]).name


def _tell_of_untapped(settlement: Settlement, origin: Origin, item: Item) -> None:
    """Say of an answer that was to go on from where it was kept that it cannot any more."""
    if not origin.untapped:
        return
    kept = settlement.session.get_one(MessageRow, item.body["untapped"])
    quote = parts.words(origin.message.parts, _QUOTE)
    text = say_of_sending(
        "not_delivered", origin.live.ctx.tenant.locale, why=kept.error, quote=quote
    )
    key = f"failed:{kept.id}"
    notes.tell(settlement, origin.conversation, key=key, text=text, root_id=item.id)


def _tell_of_none(settlement: Settlement, origin: Origin, rules: Absence, item: Item) -> None:
    """Say once, since the customer wrote last, that there is no other way."""
    since = origin.conversation.last_inbound_at
    text = say(
        "no_other_way_nor_mail" if rules.mail else "no_other_way",
        origin.live.ctx.tenant.locale,
        quote=parts.words(origin.message.parts, _QUOTE),
    )
    notes.tell(
        settlement,
        origin.conversation,
        key=f"away:{since.isoformat() if since is not None else 'never'}",
        text=text,
        root_id=item.id,
    )
