"""Conversations that share a ticket, because the customer went on in another channel.

The first of them is the home: the ticket and its lane are the home's, so whatever is said in any of
them is filed one after another. An answer goes to where the customer wrote last: by the order in
which it came to us, as vendors' clocks differ and some tell no more than the second.
"""

from sqlalchemy import Connection, bindparam, func, select, update

from balie.desk.records.models import ConversationRow
from balie.store import run, table_of

_CONVERSATIONS = table_of(ConversationRow)
HOME = func.coalesce(_CONVERSATIONS.c.files_with, _CONVERSATIONS.c.id)
"""The id of a conversation's home, in SQL."""

_LAST = select(func.coalesce(_CONVERSATIONS.c.goes_on_in, _CONVERSATIONS.c.id)).where(
    _CONVERSATIONS.c.id == bindparam("home")
)
_GOES_ON = (
    update(_CONVERSATIONS)
    .where(
        _CONVERSATIONS.c.id == bindparam("home"),
        _CONVERSATIONS.c.goes_on_in.is_distinct_from(bindparam("guest")),
    )
    .values(goes_on_in=bindparam("guest"))
    .returning(_CONVERSATIONS.c.id)
)


def home_of(conversation: ConversationRow) -> int:
    """Return the id of the conversation whose ticket this one is filed in."""
    return conversation.files_with or conversation.id


def last_heard(connection: Connection, home_id: int) -> int:
    """Return the id of the conversation in which the customer of this ticket wrote last."""
    [(found,)] = run(connection, _LAST, {"home": home_id})
    return int(found)


def heard(connection: Connection, conversation: ConversationRow) -> bool:
    """Write down that the customer wrote in a conversation that is not its own home.

    Returns whether they had written elsewhere before.
    """
    if conversation.files_with is None:
        return False
    asked = {"home": conversation.files_with, "guest": conversation.id}
    return bool(run(connection, _GOES_ON, asked))
