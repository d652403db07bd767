"""The work that follows from an event: filing a message, sending a message."""

from enum import StrEnum

from balie.desk.records.groups import home_of
from balie.desk.records.models import ConversationRow, MessageRow
from balie.ledger.rows import NewItem


class Work(StrEnum):
    """Kinds of ledger items beside those of :class:`balie.api.EventKind`."""

    FILE = "file"  # into the helpdesk's ticket
    SEND = "send"  # to the customer
    MEDIA = "media"  # a file that was late
    TIMER = "timer"  # an action whose time has not come
    REMIND = "remind"  # agents, that a window closes
    READ = "read"  # a mark for the customer
    MOVE = "move"  # a customer is shown the way to another channel
    DEAD_END = "dead_end"  # a ticket in which answers reach nobody
    ABSENT = "absent"  # an answer that nobody may have been there for
    ERASE = "erase"  # a person, at a vendor
    FORGET = "forget"  # what a vendor may have sent again of somebody who was erased


def filing(conversation: ConversationRow, message: MessageRow, root_id: int | None) -> NewItem:
    """Return the work of putting a message into the conversation's ticket."""
    return NewItem(
        tenant_id=conversation.tenant_id,
        connection_id=conversation.helpdesk_id,
        kind=Work.FILE,
        dedupe=f"{Work.FILE}:{message.id}",
        lane=filing_lane(home_of(conversation)),
        order_at=message.at,
        body={"message": message.id},
        root_id=root_id,
    )


def filing_lane(conversation_id: int) -> str:
    """Return the name of the lane in which a conversation is filed."""
    return f"{Work.FILE}:{conversation_id}"


def lane_home(lane: str) -> int:
    """Return the conversation whose ticket a filing lane is for."""
    return int(lane.rpartition(":")[2])


def sending(conversation: ConversationRow, message: MessageRow, root_id: int | None) -> NewItem:
    """Return the work of sending a message to the customer."""
    return NewItem(
        tenant_id=conversation.tenant_id,
        connection_id=conversation.connection_id,
        kind=Work.SEND,
        dedupe=f"{Work.SEND}:{message.id}",
        lane=f"{Work.SEND}:{conversation.id}",
        order_at=message.at,
        body={"message": message.id},
        root_id=root_id,
    )
