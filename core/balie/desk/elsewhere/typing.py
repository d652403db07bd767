"""Customers who read with us see that an agent types, where a helpdesk can tell."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import bindparam, or_, select

from balie.api import AGENT_TYPES, Bus, topic_of
from balie.desk.records import conversations
from balie.desk.records.models import ConversationRow
from balie.store import Store, StoreUnavailable, run, table_of

_TALKS = table_of(ConversationRow)
_READERS = select(_TALKS.c.connection_id, _TALKS.c.begun_by, _TALKS.c.thread).where(
    or_(_TALKS.c.id == bindparam("home"), _TALKS.c.files_with == bindparam("home")),
    _TALKS.c.begun_by != "",
)


@dataclass(frozen=True, slots=True)
class TypingDesk:
    """Tells it of a helpdesk connection's tickets. ``bus_of`` returns a connection's bus."""

    store: Store
    bus_of: Callable[[int], Bus]
    helpdesk_id: int

    def __call__(self, ticket_id: str, /) -> None:
        """Wake those who read what is filed in this ticket. May get lost, and never raises."""
        try:
            with self.store.reading() as session:
                connection = session.connection()
                ticket = conversations.of_ticket(connection, self.helpdesk_id, ticket_id)
                home = {"home": ticket.conversation_id} if ticket is not None else None
                readers = list(run(connection, _READERS, home)) if home else []
        except StoreUnavailable:
            return
        for connection_id, begun_by, thread in readers:
            self.bus_of(connection_id).publish(topic_of(begun_by), AGENT_TYPES + thread)
