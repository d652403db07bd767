"""Marks for the customer: what stands in the ticket has been read by those it is for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from balie.api import BalieError, PluginCrashed, PluginError, ReadMark, TransientError
from balie.desk.records.models import Direction, MessageRow
from balie.desk.records.work import Work
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

    def filed(self, settlement: Settlement, messages: Sequence[MessageRow]) -> None:
        """Let the newest of each conversation be marked, where its channel does that.

        That marks the others too. ``messages`` are filed by this settlement.
        """
        newest: dict[int, MessageRow] = {}
        for message in sorted(messages, key=lambda message: (message.at, message.id)):
            if message.direction == Direction.INBOUND and message.channel_id is not None:
                newest[message.conversation_id] = message
        for message in newest.values():
            if self._marks(message.connection_id):
                settlement.enqueue(_marking(message))

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
            job.vendor_answered = True
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


def _marking(message: MessageRow) -> NewItem:
    # A root of its own: what the customer said is filed, marked or not.
    return NewItem(
        tenant_id=message.tenant_id,
        connection_id=message.connection_id,
        kind=Work.READ,
        dedupe=f"{Work.READ}:{message.id}",
        lane=f"{Work.READ}:{message.conversation_id}",
        order_at=message.at,
        priority=Priority.STATUS,
        body={"id": message.channel_id},
    )
