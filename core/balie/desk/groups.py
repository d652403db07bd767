"""Conversations that share a ticket, because the customer went on in another channel.

The first of them is the home: the ticket and its lane are the home's, so whatever is said in any of
them is filed one after another. An answer goes to where the customer wrote last.
"""

from sqlalchemy import Connection, bindparam, func, or_, select

from balie.desk.models import ConversationRow
from balie.store import table_of

_CONVERSATIONS = table_of(ConversationRow)
HOME = func.coalesce(_CONVERSATIONS.c.files_with, _CONVERSATIONS.c.id)
"""The id of a conversation's home, in SQL."""

_LAST_HEARD = (
    select(_CONVERSATIONS)
    .where(
        or_(
            _CONVERSATIONS.c.id == bindparam("home"),
            _CONVERSATIONS.c.files_with == bindparam("home"),
        )
    )
    .order_by(_CONVERSATIONS.c.last_inbound_at.desc().nulls_last(), _CONVERSATIONS.c.id.desc())
    .limit(1)
)


def home_of(conversation: ConversationRow) -> int:
    """Return the id of the conversation whose ticket this one is filed in."""
    return conversation.files_with or conversation.id


def last_heard(connection: Connection, home_id: int) -> int:
    """Return the id of the conversation in which the customer of this ticket wrote last."""
    row = connection.execute(_LAST_HEARD, {"home": home_id}).first()
    assert row is not None  # noqa: S101 -- the home itself is one; for mypy
    found: int = row.id
    return found
