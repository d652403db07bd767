"""What customers said, and what was said to them past Balie, becomes messages to be filed."""

from collections.abc import Sequence
from dataclasses import dataclass

from balie.api import (
    CallOff,
    MessageReceived,
    MessageSent,
    Note,
    Part,
    PermanentError,
    ServiceWindow,
    Status,
    Unknown,
)
from balie.desk import rating
from balie.desk.elsewhere import accepting, hops
from balie.desk.elsewhere.codes import HopCodes
from balie.desk.elsewhere.readers import Readers
from balie.desk.inbound.actions import Asked, carry_out
from balie.desk.records import conversations, groups, people
from balie.desk.records.models import LANGUAGE_LENGTH, ConversationRow, Direction, MessageRow
from balie.desk.records.work import filing
from balie.desk.texts import say
from balie.desk.window import hold
from balie.hooks import Answer
from balie.ledger.job import Settlement
from balie.ledger.rows import believed
from balie.tenants.contexts import Live


@dataclass(frozen=True, slots=True)
class Rules:
    """What a message may bring about: the window that it opens, and codes to go on elsewhere.

    ``readers`` are to know where a talk goes on.
    """

    window: ServiceWindow | None
    codes: HopCodes
    readers: Readers


def receive(
    settlement: Settlement,
    live: Live,
    event: MessageReceived,
    answers: Sequence[Answer],
    root_id: int,
    rules: Rules,
) -> str:
    """Store what a customer said and let it be filed. Returns the reason where it is not."""
    now = settlement.now
    person = people.recognise(
        settlement.session,
        live.tenant_id,
        event.sender,
        name=event.name,
        evidence=event.evidence or f"sender of message {event.id}",
        now=now,
    )
    conversation = conversations.between(
        settlement.session,
        person,
        connection_id=live.ctx.connection.id,
        helpdesk_id=_helpdesk(live),
        now=now,
        thread=event.thread,
        begun_by=event.sender[0].value if event.thread else "",
    )
    at = believed(event.at, now)
    message = conversations.add_message(
        settlement.session,
        conversation,
        direction=Direction.INBOUND,
        parts=event.parts,
        at=at,
        channel_id=event.id,
        quotes=event.quotes,
        author=event.name,
        speaker_id=_speaker(settlement, live, event),
    )
    if message is None:
        return f"message {event.id} is there already"
    if rating.tapped(settlement, conversation, event.parts, root_id, live.ctx.tenant.locale):
        return ""
    if event.language and event.language != conversation.language:
        conversation.language = event.language[:LANGUAGE_LENGTH]
    accepting.heard(settlement, conversation, event)
    last, turned = conversation.last_inbound_at, False
    if event.opens_window and (last is None or last < at):
        turned = conversation.goes_on_in is not None
        conversations.heard(settlement.session, conversation, at)
        hold.released(settlement, conversation, rules.window)
    code = event.hop or hops.code_in(rules.codes, event.parts)
    if code:
        hops.redeem(settlement, live, conversation, code, root_id)
    if groups.heard(settlement.connection, conversation) or turned:
        rules.readers.turned(settlement, groups.home_of(conversation))
    settlement.enqueue(filing(conversation, message, root_id))
    for answer in answers:
        _obey(settlement, conversation, message, answer, root_id, answers_freely=event.opens_window)
    return ""


def _obey(
    settlement: Settlement,
    conversation: ConversationRow,
    message: MessageRow,
    answer: Answer,
    root_id: int,
    *,
    answers_freely: bool,
) -> None:
    asked = Asked(
        plugin=answer.plugin,
        conversation=conversation,
        root_id=root_id,
        speaker_id=message.speaker_id,
    )
    for action in answer.actions:
        # Nobody is answered by a rule for a reaction, or for what was said weeks ago.
        if answers_freely or isinstance(action, Note | CallOff):
            carry_out(settlement, asked, action)


def _speaker(settlement: Settlement, live: Live, event: MessageReceived) -> int | None:
    """Return who spoke in a talk that several share: a person as any other, to be found again."""
    if not event.speaker:
        return None
    person = people.recognise(
        settlement.session,
        live.tenant_id,
        event.speaker,
        name=event.speaker_name,
        evidence=f"spoke in message {event.id}",
        now=settlement.now,
    )
    return person.id


def overhear(settlement: Settlement, live: Live, event: MessageSent, root_id: int) -> str:
    """Store what the organisation said past Balie, and tell it in the ticket."""
    now = settlement.now
    person = people.recognise(
        settlement.session,
        live.tenant_id,
        event.to,
        name="",
        evidence=f"was written to in message {event.id}",
        now=now,
    )
    conversation = conversations.between(
        settlement.session,
        person,
        connection_id=live.ctx.connection.id,
        helpdesk_id=_helpdesk(live),
        now=now,
    )
    said: tuple[Part, ...] = (
        Unknown(type="echo", text=say("said_on_phone", live.ctx.tenant.locale)),
        *event.parts,
    )
    message = conversations.add_message(
        settlement.session,
        conversation,
        direction=Direction.OUTBOUND,
        parts=said,
        at=believed(event.at, now),
        channel_id=event.id,
        quotes=event.quotes,
    )
    if message is None:
        return f"message {event.id} is there already"
    message.status = Status.SENT
    settlement.enqueue(filing(conversation, message, root_id))
    return ""


def _helpdesk(live: Live) -> int:
    if live.files_into is None:
        raise PermanentError("this connection files into no helpdesk; set one and replay")
    return live.files_into
