"""An answer came when nobody was there any more: it goes another way, and the ticket says which."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from balie.api import Address, AddressKind, NumberLeft, Status, Text, for_people
from balie.desk.elsewhere import links
from balie.desk.elsewhere.texts import say
from balie.desk.outbound.answers import Channels
from balie.desk.outbound.split import split
from balie.desk.records import conversations, notes, parts, people
from balie.desk.records.groups import home_of
from balie.desk.records.models import ConversationRow, Direction, MessageRow
from balie.desk.records.work import Work
from balie.desk.window import hold
from balie.ledger.drain import Handler
from balie.ledger.job import Job, Settlement
from balie.ledger.models import Item
from balie.ledger.priority import Priority
from balie.ledger.rows import NewItem
from balie.tenants.contexts import Contexts, Live
from balie.tenants.models import ConnectionRow, State

INSTEAD = "instead:"
"""Begins the key of a message that is sent in place of one that did not arrive."""
_QUOTE = 200
_ARRIVED = (Status.DELIVERED, Status.READ)


def wait_for(settlement: Settlement, message: MessageRow, seconds: float) -> None:
    """Look in so many seconds whether a message that was sent has arrived."""
    lane = f"{Work.ABSENT}:{message.id}"
    settlement.enqueue(
        # A root of its own: the answer is sent, whatever becomes of it.
        NewItem(
            tenant_id=message.tenant_id,
            connection_id=message.connection_id,
            kind=Work.ABSENT,
            dedupe=lane,
            lane=lane,
            order_at=settlement.now,
            not_before=settlement.now + timedelta(seconds=seconds),
            priority=Priority.STATUS,
            body={"message": message.id},
        )
    )


@dataclass(frozen=True, slots=True)
class Absences:
    """Works the lanes of answers that may have come too late."""

    contexts: Contexts
    channels: Channels

    def handlers(self) -> dict[str, Handler]:
        """Return the handler of such answers."""
        return {Work.ABSENT: Handler(self._work)}

    def _work(self, job: Job) -> None:
        item = job.head
        live = self.contexts.get(job.lease.connection_id)
        rules = self.channels.abilities(live.ctx.connection.id).absence
        with job.settle() as settlement:
            message = settlement.session.get_one(MessageRow, item.body["message"])
            if rules is None or message.status in _ARRIVED:
                settlement.refuse(item, "the customer was there")
                return
            conversation = settlement.session.get_one(ConversationRow, message.conversation_id)
            number = links.left_number(settlement.session, conversation.person_id)
            way = self._way(settlement.session, live, rules.by)
            if number is None or way is None:
                _tell_of_none(settlement, live, conversation, message, item)
            else:
                self._go(settlement, live, conversation, message, item, (way, number))
            settlement.deliver(item)

    def begin(self, settlement: Settlement, live: Live, event: NumberLeft, root_id: int) -> None:
        """Write to a number that was left, where the customer wants to go on there now.

        Outside the other channel's window that is held, and its template asks for a tap: the
        talk begins when the customer wants it to.
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
        other = self._way(session, live, event.begins_on)
        if conversation is None or other is None:
            return
        number = Address(kind=AddressKind.PHONE, value=event.number)
        target = _conversation(settlement, other, number, conversation)
        words = say("goes_on_here", locale, name=live.ctx.tenant.name)
        message = conversations.add_message(
            session,
            target,
            direction=Direction.OUTBOUND,
            parts=[Text(text=words)],
            at=settlement.now,
            note_key=f"{INSTEAD}begin:{conversation.id}",
        )
        if message is None:
            return
        hold.line_up(settlement, target, message, root_id)
        told = for_people(number.value, live.ctx.tenant.region)
        text = say("wants_to_go_on", locale, way=other.ctx.connection.name, number=told)
        key = f"begin:{conversation.id}"
        notes.tell(settlement, conversation, key=key, text=text, root_id=root_id)

    def _way(self, session: Session, live: Live, slug: str) -> Live | None:
        """Return the tenant's connection of this name, if it can be used."""
        found = session.scalar(
            select(ConnectionRow.id).where(
                ConnectionRow.tenant_id == live.tenant_id,
                ConnectionRow.slug == slug,
                ConnectionRow.state != State.OFF,
                ConnectionRow.files_into.is_not(None),
            )
        )
        return None if found is None else self.contexts.get(found)

    def _go(
        self,
        settlement: Settlement,
        live: Live,
        conversation: ConversationRow,
        message: MessageRow,
        item: Item,
        way: tuple[Live, Address],
    ) -> None:
        other, number = way
        target = _conversation(settlement, other, number, conversation)
        abilities = self.channels.abilities(target.connection_id)
        locale = live.ctx.tenant.locale
        for place, said in enumerate(split(parts.load(message.parts), abilities, locale).messages):
            copy = conversations.add_message(
                settlement.session,
                target,
                direction=Direction.OUTBOUND,
                parts=said,
                at=settlement.now,
                note_key=f"{INSTEAD}{message.id}:{place}",
                author=message.author,
            )
            if copy is not None:
                hold.line_up(settlement, target, copy, item.id)
        text = say(
            "by_other_way",
            locale,
            way=other.ctx.connection.name,
            number=for_people(number.value, live.ctx.tenant.region),
            quote=parts.words(message.parts, _QUOTE),
        )
        if home_of(target) != home_of(conversation):
            text += "\n" + say("own_ticket", locale)
        key = f"absent:{message.id}"
        notes.tell(settlement, conversation, key=key, text=text, root_id=item.id)


def _conversation(
    settlement: Settlement, other: Live, number: Address, conversation: ConversationRow
) -> ConversationRow:
    """Return the conversation with a number. One that is new shares the ticket.

    Of somebody who wrote from there before, it does not: the number is not known to be theirs who
    left it.
    """
    session, now = settlement.session, settlement.now
    evidence = f"was left in conversation {conversation.id}"
    person = people.recognise(
        session, other.tenant_id, [number], name="", evidence=evidence, now=now
    )
    assert other.files_into is not None  # noqa: S101 -- it was asked for; for mypy
    target = conversations.between(
        session,
        person,
        connection_id=other.ctx.connection.id,
        helpdesk_id=other.files_into,
        now=now,
    )
    is_new = target.last_inbound_at is None and target.files_with is None
    if is_new and target.helpdesk_id == conversation.helpdesk_id:
        target.files_with = home_of(conversation)
        session.flush()
    return target


def _tell_of_none(
    settlement: Settlement,
    live: Live,
    conversation: ConversationRow,
    message: MessageRow,
    item: Item,
) -> None:
    """Say once, since the customer wrote last, that there is no other way."""
    since = conversation.last_inbound_at
    quote = parts.words(message.parts, _QUOTE)
    notes.tell(
        settlement,
        conversation,
        key=f"away:{since.isoformat() if since is not None else 'never'}",
        text=say("no_other_way", live.ctx.tenant.locale, quote=quote),
        root_id=item.id,
    )
