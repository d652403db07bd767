"""Answers that come outside the service window are kept until the customer writes.

Whoever changes ``shut_at`` has the conversation's row, or does it in one statement that names what
it saw, so that an answer that is being held and a message that comes in at the same moment cannot
miss each other.
"""

from dataclasses import replace

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from balie.api import ServiceWindow, TemplateUse
from balie.desk.records.models import ConversationRow, MessageRow
from balie.desk.records.work import Work, sending
from balie.desk.window import reminder
from balie.desk.window.standing import Standing
from balie.ledger.inspect import hurry_lane
from balie.ledger.job import Settlement
from balie.ledger.models import Item, Lane, State

_TEMPLATE = TemplateUse.__name__.lower()


def is_template(message: MessageRow) -> bool:
    """Say whether a message is a template, which may be sent at any time."""
    return any(part["is"] == _TEMPLATE for part in message.parts)


def standing(conversation: ConversationRow) -> Standing:
    """Return how a conversation stands."""
    return Standing(conversation.last_inbound_at, conversation.shut_at)


def released(
    settlement: Settlement, conversation: ConversationRow, window: ServiceWindow | None
) -> None:
    """The customer wrote, and ``last_inbound_at`` says so: let go what is held.

    Also sets the reminder of this window, where the tenant wants one.
    """
    if window is None:
        return
    # To write down when the customer was heard took the conversation's row, before the look at it.
    if conversation.shut_at is not None:
        conversation.shut_at = None
        hurry(settlement, conversation)
    reminder.set_for(settlement, conversation, window)


def line_up(
    settlement: Settlement, conversation: ConversationRow, message: MessageRow, root_id: int | None
) -> None:
    """Let a message be sent: in its turn, or past what is held if it may be.

    Of one that has to be kept too, the agents are told when its lane is looked at.
    """
    work = sending(conversation, message, root_id)
    if conversation.shut_at is not None:
        if is_template(message):
            work = replace(work, lane=ahead_lane(conversation.id))
        else:
            hurry(settlement, conversation)
    settlement.enqueue(work)


def shut(session: Session, conversation: ConversationRow, settlement: Settlement) -> bool:
    """Note down that answers are held. Returns False where the customer wrote meanwhile."""
    if conversation.shut_at is not None:
        return True
    seen = conversation.last_inbound_at
    same = (
        ConversationRow.last_inbound_at.is_(None)
        if seen is None
        else ConversationRow.last_inbound_at == seen
    )
    noted = session.execute(
        update(ConversationRow)
        .where(ConversationRow.id == conversation.id, same)
        .values(shut_at=settlement.now)
        .returning(ConversationRow.id)
    ).first()
    return noted is not None


def take_back(settlement: Settlement, message: MessageRow, channel_id: str, item: Item) -> None:
    """A message that was sent came too late by the vendor's count: let it be held.

    The vendor is believed until the customer writes again. ``item`` is the work in hand, which
    ends now.
    """
    session = settlement.session
    conversation = session.get_one(ConversationRow, message.conversation_id)
    hurry(settlement, conversation)
    session.execute(
        update(ConversationRow)
        .where(ConversationRow.id == conversation.id, ConversationRow.shut_at.is_(None))
        .values(shut_at=settlement.now)
    )
    message.channel_id = None
    if not _is_on_its_way(session, conversation, message, item):
        work = sending(conversation, message, item.root_id or item.id)
        settlement.enqueue(replace(work, dedupe=f"{work.dedupe}:{channel_id}"))


def ahead_lane(conversation_id: int) -> str:
    """Return the name of the lane of what may be sent past what is held."""
    return f"{Work.SEND}-ahead:{conversation_id}"


def left_lanes(conversation_id: int) -> str:
    """Return how the lanes begin of what goes to a number that was typed in another talk.

    Each such talk has its own, as nothing else may wait until that is accepted.
    """
    return f"{Work.SEND}-left:{conversation_id}:"


def line_up_left(
    settlement: Settlement,
    conversation: ConversationRow,
    message: MessageRow,
    root_id: int | None,
    origin_id: int,
) -> None:
    """Let a message be sent to a number that was left in another talk, once that is accepted."""
    lane = f"{left_lanes(conversation.id)}{origin_id}"
    settlement.enqueue(replace(sending(conversation, message, root_id), lane=lane))


def hurry(settlement: Settlement, conversation: ConversationRow) -> None:
    """Let what is held be looked at now."""
    session, connection_id = settlement.session, conversation.connection_id
    left = select(Lane.name).where(
        Lane.connection_id == connection_id, Lane.name.startswith(left_lanes(conversation.id))
    )
    for lane in (f"{Work.SEND}:{conversation.id}", *session.scalars(left)):
        hurry_lane(session, connection_id, lane, settlement.now)


def _is_on_its_way(
    session: Session, conversation: ConversationRow, message: MessageRow, ending: Item
) -> bool:
    waiting = session.scalars(
        select(Item)
        .join(Lane, Lane.id == Item.lane_id)
        .where(
            Lane.connection_id == conversation.connection_id,
            Lane.name == f"{Work.SEND}:{conversation.id}",
            Item.state == State.PENDING,
        )
    )
    return any(item.body["message"] == message.id and item.id != ending.id for item in waiting)
