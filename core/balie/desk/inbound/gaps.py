"""A gap that an agent can see: what was parked is said in the ticket that it belongs to."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from balie.api import AddressKind, EventKind
from balie.desk.records import conversations, notes, parts
from balie.desk.records.models import AddressRow, ConversationRow, Direction, MessageRow
from balie.desk.texts import say
from balie.ledger.job import Settlement
from balie.ledger.models import Item, Lane
from balie.tenants.models import TenantRow

_QUOTE = 200


def unread(settlement: Settlement, item: Item, reason: str) -> None:
    """Say that an event could not be read, in the ticket of the customer or of the answer.

    Where there is none yet, only the list of parked items tells.
    """
    session = settlement.session
    about = session.get_one(Lane, item.lane_id).name.partition(":")[2]
    if item.kind in (EventKind.MESSAGE, EventKind.HISTORY):
        conversation, text = _with_sender(session, item, about), "unread_message"
    elif item.kind == EventKind.TICKET:
        conversation, text = _of_ticket(session, item, about), "unread_answer"
    else:
        return
    if conversation is not None:
        _tell(settlement, conversation, item, text, why=reason)


def unfiled(settlement: Settlement, item: Item, reason: str) -> None:
    """Say that a message could not be put into the ticket; of a note, nothing is said."""
    session = settlement.session
    message = session.get_one(MessageRow, item.body["message"])
    if message.direction != Direction.NOTE:
        conversation = session.get_one(ConversationRow, message.conversation_id)
        quote = parts.words(message.parts, _QUOTE)
        told = {"why": reason, "quote": quote}
        _tell(settlement, conversation, item, "unfiled", speaker_id=message.speaker_id, **told)


def _with_sender(session: Session, item: Item, sender: str) -> ConversationRow | None:
    # A lane is named after the sender as the vendor writes it: a number without its plus.
    return session.scalar(
        select(ConversationRow)
        .join(AddressRow, AddressRow.person_id == ConversationRow.person_id)
        .where(
            ConversationRow.connection_id == item.connection_id,
            AddressRow.tenant_id == item.tenant_id,
            AddressRow.kind.in_(list(AddressKind)),  # for the sake of the index
            AddressRow.scope == "",
            AddressRow.value.in_([sender, f"+{sender}"]),
        )
        .limit(1)
    )


def _of_ticket(session: Session, item: Item, remote_id: str) -> ConversationRow | None:
    ticket = conversations.of_ticket(session, item.connection_id, remote_id)
    return None if ticket is None else session.get(ConversationRow, ticket.conversation_id)


def _tell(
    settlement: Settlement,
    conversation: ConversationRow,
    item: Item,
    text: str,
    *,
    speaker_id: int | None = None,
    **values: str,
) -> None:
    locale = settlement.session.get_one(TenantRow, item.tenant_id).locale
    notes.tell(
        settlement,
        conversation,
        key=f"gap:{item.id}",
        text=say(text, locale, item=str(item.id), **values),
        root_id=item.root_id or item.id,
        speaker_id=speaker_id,
    )
