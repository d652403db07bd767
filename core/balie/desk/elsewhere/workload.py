"""How many customers wait for an answer."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, func, select

from balie.api import Clock, Status, TicketState
from balie.desk.elsewhere.threads import in_a_plugins_words
from balie.desk.records.groups import HOME
from balie.desk.records.models import ConversationRow, Direction, MessageRow, TicketRow
from balie.store import Store, table_of

_TODAY = timedelta(hours=24)
_CONVERSATIONS = table_of(ConversationRow)
_MESSAGES = table_of(MessageRow)
_ASKED = _MESSAGES.alias("asked")
_TICKETS = table_of(TicketRow)
_LAST_QUESTION = (
    select(func.max(_ASKED.c.id))
    .where(
        _ASKED.c.conversation_id == _CONVERSATIONS.c.id,
        _ASKED.c.at == _CONVERSATIONS.c.last_inbound_at,
        _ASKED.c.direction == Direction.INBOUND,
    )
    .scalar_subquery()
)
_ANSWERED = (
    select(_MESSAGES.c.id)
    .where(
        _MESSAGES.c.conversation_id == _CONVERSATIONS.c.id,
        # By the order in which they came to us: the helpdesk's clock is another, and coarser.
        _MESSAGES.c.id > _LAST_QUESTION,
        _MESSAGES.c.direction == Direction.OUTBOUND,
        _MESSAGES.c.status != Status.FAILED,
        _MESSAGES.c.note_key.is_(None),  # what was sent by itself is no answer
    )
    .exists()
)
_SETTLED = (
    select(_TICKETS.c.id)
    .where(
        _TICKETS.c.conversation_id == HOME,
        _TICKETS.c.is_current.is_(True),
        _TICKETS.c.state.in_((TicketState.SOLVED, TicketState.CLOSED)),
    )
    .exists()
)
_WAITING = select(func.count()).where(
    _CONVERSATIONS.c.connection_id == bindparam("connection"),
    _CONVERSATIONS.c.last_inbound_at >= bindparam("since"),
    ~_ANSWERED,
    ~_SETTLED,
)


@dataclass(frozen=True, slots=True)
class WorkloadCount:
    """The load of one connection (:class:`balie.api.Workload`)."""

    store: Store
    clock: Clock
    connection_id: int

    def waiting(self) -> int:
        """Return how many customers of today wait for an answer."""
        asked = {"connection": self.connection_id, "since": self.clock.now() - _TODAY}
        with in_a_plugins_words(), self.store.looking() as db:
            found: int = db.execute(_WAITING, asked).scalar_one()
        return found
