"""Places of messages in a thread that its customer reads with us.

A place is given under the lock of the conversation's row, which lasts until the commit. So places
become visible in their order, and who has read up to one has missed none below it.
"""

from sqlalchemy import Connection, bindparam, select, update

from balie.desk.records.models import ConversationRow, Direction, MessageRow
from balie.store import table_of

_CONVERSATIONS = table_of(ConversationRow)
_MESSAGES = table_of(MessageRow)
_FOLLOWING = (
    update(_CONVERSATIONS)
    .where(_CONVERSATIONS.c.id == bindparam("conversation"))
    .values(place=_CONVERSATIONS.c.place + 1)
    .returning(_CONVERSATIONS.c.place)
)
_PLACED = (
    update(_MESSAGES).where(_MESSAGES.c.id == bindparam("message")).values(place=bindparam("to"))
)
_HERE = _MESSAGES.c.connection_id == bindparam("connection")
_OURS = select(_MESSAGES.c.conversation_id, _MESSAGES.c.place).where(
    _HERE,
    _MESSAGES.c.id == bindparam("message"),
    _MESSAGES.c.direction == Direction.OUTBOUND,
)
_CALLED = select(_MESSAGES.c.id, _MESSAGES.c.conversation_id).where(
    _HERE, _MESSAGES.c.channel_id == bindparam("called")
)


def following(connection: Connection, conversation_id: int) -> int:
    """Return the place after the last one. Others who ask wait until this transaction ends."""
    place: int = connection.execute(_FOLLOWING, {"conversation": conversation_id}).scalar_one()
    return place


def show(connection: Connection, connection_id: int, message_id: int) -> None:
    """Give a message of ours its place, if it has none yet."""
    asked = {"connection": connection_id, "message": message_id}
    there = connection.execute(_OURS, asked).first()
    if there is not None and there.place is None:
        place = following(connection, there.conversation_id)
        connection.execute(_PLACED, {"message": message_id, "to": place})


def renew(connection: Connection, connection_id: int, channel_id: str) -> None:
    """Give a message a new place: it has changed, and is to be read again."""
    asked = {"connection": connection_id, "called": channel_id}
    there = connection.execute(_CALLED, asked).first()
    if there is not None:
        place = following(connection, there.conversation_id)
        connection.execute(_PLACED, {"message": there.id, "to": place})
