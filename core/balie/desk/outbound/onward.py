"""How long an answer is kept for the customer's tap, and whether it goes the next way then."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from balie.api import PluginError, ServiceWindow
from balie.desk.outbound.instead import ARRIVED, next_way, replaced
from balie.desk.records.keys import INSTEAD
from balie.desk.records.models import ConversationRow, MessageRow
from balie.desk.window import standing
from balie.hooks import Hooks
from balie.ledger.models import Item
from balie.tenants.contexts import Contexts


@dataclass(frozen=True, slots=True)
class Kept:
    """Until when an answer is kept here, and whether it ``goes_on`` another way then."""

    until: datetime
    goes_on: bool


@dataclass(frozen=True, slots=True)
class Onward:
    """Knows the next way of what was sent in place of another message."""

    hooks: Hooks
    contexts: Contexts

    def kept(
        self,
        session: Session,
        item: Item,
        message: MessageRow,
        asked_at: datetime,
        rules: ServiceWindow,
    ) -> Kept:
        """Say until when an answer is kept, the customer having been asked then to respond."""
        until = standing.held_until(item.accepted_at, rules)
        # What may have been sent already goes no other way.
        patience = None if item.attempted_at is not None else self._patience(session, message)
        if patience is None or max(asked_at, item.accepted_at) + patience >= until:
            return Kept(until, goes_on=False)
        return Kept(max(asked_at, item.accepted_at) + patience, goes_on=True)

    def _patience(self, session: Session, message: MessageRow) -> timedelta | None:
        """Return how long this waits for a tap before it goes the next way.

        None where it does not: it is no copy, the customer has seen the original, a piece of it was
        sent here, or no way is left by which this customer may be answered.
        """
        answer = replaced(session, message)
        if answer is None or answer.status in ARRIVED or _is_partly_sent(session, message, answer):
            return None
        try:
            live = self.contexts.get(answer.connection_id)
            rules = self.hooks.capabilities(live.ctx).absence
            if rules is None or not rules.tap_seconds:
                return None
            person_id = session.get_one(ConversationRow, answer.conversation_id).person_id
            past = message.connection_id
            way = next_way(session, self.contexts, live, rules, person_id, past)
        except PluginError:
            return None  # it is kept, and looked at again
        return None if way is None else timedelta(seconds=rules.tap_seconds)


def _is_partly_sent(session: Session, message: MessageRow, answer: MessageRow) -> bool:
    """Say whether another piece of the same answer went out: a letter would bring it again."""
    sent = select(MessageRow.id).where(
        MessageRow.conversation_id == message.conversation_id,
        MessageRow.note_key.startswith(f"{INSTEAD}{answer.id}:"),
        MessageRow.channel_id.is_not(None),
    )
    return session.scalar(sent.limit(1)) is not None
