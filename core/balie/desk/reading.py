"""Marks for the customer: what stands in the ticket has been read by those it is for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from balie.api import BalieError, PluginCrashed, PluginError, ReadMark, TransientError
from balie.desk.models import ConversationRow, Direction, MessageRow
from balie.desk.work import Work
from balie.hooks import Hooks
from balie.ledger.drain import Handler
from balie.ledger.job import Job, Settlement
from balie.ledger.priority import Priority
from balie.ledger.retry import said
from balie.ledger.rows import NewItem
from balie.tenants.contexts import Contexts

PATIENCE = timedelta(hours=1)
"""After that a mark tells the customer nothing any more, and nobody misses it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Sets marks, and works the lanes in which they wait."""

    hooks: Hooks
    contexts: Contexts

    def handlers(self) -> dict[str, Handler]:
        """Return the handler of marks."""
        return {Work.READ: Handler(self._work)}

    def filed(
        self, settlement: Settlement, conversation: ConversationRow, messages: Sequence[MessageRow]
    ) -> None:
        """Let the newest of these be marked, where the channel does that; it marks the others too.

        ``messages`` are filed by this settlement.
        """
        read = [
            message
            for message in messages
            if message.direction == Direction.INBOUND and message.channel_id is not None
        ]
        if not read or not self._marks(conversation.connection_id):
            return
        newest = max(read, key=lambda message: (message.at, message.id))
        settlement.enqueue(
            # A root of its own: what the customer said is filed, marked or not.
            NewItem(
                tenant_id=conversation.tenant_id,
                connection_id=conversation.connection_id,
                kind=Work.READ,
                dedupe=f"{Work.READ}:{newest.id}",
                lane=f"{Work.READ}:{conversation.id}",
                order_at=newest.at,
                priority=Priority.STATUS,
                body={"id": newest.channel_id},
            )
        )

    def _marks(self, connection_id: int) -> bool:
        try:
            return self.hooks.capabilities(self.contexts.get(connection_id).ctx).marks_read
        except BalieError:  # the channel cannot be asked now; the ticket does not wait for it
            return False

    def _work(self, job: Job) -> None:
        newest = job.items[-1]
        why = ""
        try:
            ctx = self.contexts.get(job.lease.connection_id).ctx
            self.hooks.read_mark(ctx, ReadMark(message_id=newest.body["id"]))
        except PluginError as error:
            lasts = not isinstance(error, TransientError) or isinstance(error, PluginCrashed)
            if not lasts and job.clock.now() - job.head.accepted_at < PATIENCE:
                raise
            why = said(error)
        with job.settle() as settlement:
            for item in job.items:
                if why:
                    settlement.refuse(item, why)
                else:
                    settlement.deliver(item)
