"""Customers who read with us are woken when their talk is over, or goes on in another channel."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from sqlalchemy import bindparam, or_, select

from balie.api import THREADS_TURNED, Bus, topic_of
from balie.desk.records import conversations
from balie.desk.records.models import ConversationRow
from balie.ledger.job import Settlement
from balie.store import run, table_of

_CONVERSATIONS = table_of(ConversationRow)
_READERS = select(_CONVERSATIONS.c.connection_id, _CONVERSATIONS.c.begun_by).where(
    or_(
        _CONVERSATIONS.c.id == bindparam("home"),
        _CONVERSATIONS.c.files_with == bindparam("home"),
    ),
    _CONVERSATIONS.c.begun_by != "",
)


@dataclass(frozen=True, slots=True)
class Readers:
    """Wakes them once it is so. ``bus_of`` returns the bus of a connection, by its id.

    A wake-up may get lost: how a talk stands is read from the database, and read again by whoever
    comes back.
    """

    bus_of: Callable[[int], Bus]

    def turned(self, settlement: Settlement, home_id: int) -> None:
        """Wake those who read a conversation that is filed in this one's ticket."""
        for connection_id, begun_by in run(settlement.connection, _READERS, {"home": home_id}):
            publish = self.bus_of(connection_id).publish
            settlement.afterwards(partial(publish, topic_of(begun_by), THREADS_TURNED))

    def turned_ticket(self, settlement: Settlement, helpdesk_id: int, remote_id: str) -> None:
        """Wake those who read what is filed in this ticket."""
        ticket = conversations.of_ticket(settlement.connection, helpdesk_id, remote_id)
        if ticket is not None:
            self.turned(settlement, ticket.conversation_id)
