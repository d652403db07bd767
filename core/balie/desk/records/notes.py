"""Telling the agents something, in the ticket."""

from balie.api import Text
from balie.desk.records import conversations
from balie.desk.records.models import ConversationRow, Direction
from balie.desk.records.work import filing
from balie.ledger.job import Settlement


def tell(
    settlement: Settlement,
    conversation: ConversationRow,
    *,
    key: str,
    text: str,
    root_id: int | None,
    speaker_id: int | None = None,
) -> None:
    """File an internal note in the conversation's ticket, once per key.

    ``speaker_id`` is who of those that share the conversation is told of.
    """
    note = conversations.add_message(
        settlement.session,
        conversation,
        direction=Direction.NOTE,
        parts=[Text(text=text)],
        at=settlement.now,
        note_key=key,
        speaker_id=speaker_id,
    )
    if note is not None:
        settlement.enqueue(filing(conversation, note, root_id))
