"""Sending: an agent's answer goes to the customer, once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from balie.api import Receipt, Rejected, Reply, Status
from balie.desk import people, statuses
from balie.desk.enclosures import Enclosures
from balie.desk.models import CHANNEL_ID_LENGTH, ConversationRow, MessageRow
from balie.desk.texts import say
from balie.desk.work import Work
from balie.hooks import Hooks
from balie.ledger.drain import Handler
from balie.ledger.job import Job, Settlement
from balie.ledger.models import Item
from balie.ledger.retry import Postponed
from balie.store import fitted
from balie.tenants.contexts import Contexts
from balie.tenants.models import TenantRow


@dataclass(frozen=True, slots=True)
class Sending:
    """Works the lane of a conversation's outbound messages.

    ``listening_since`` is when this process began: while none ran, no status could come in.
    """

    hooks: Hooks
    contexts: Contexts
    enclosures: Enclosures
    listening_since: datetime

    def handlers(self) -> dict[str, Handler]:
        """Return the handler of sending."""
        return {Work.SEND: Handler(self._work, self._parked)}

    def _work(self, job: Job) -> None:
        item = job.head
        ctx = self.contexts.get(job.lease.connection_id).ctx
        with job.store.reading() as session:
            message = session.get_one(MessageRow, item.body["message"])
            conversation = session.get_one(ConversationRow, message.conversation_id)
            to = people.addresses(session, conversation.person_id)
        if message.channel_id is not None:
            # A status proved a send whose answer never reached us.
            self._sent(job, message.channel_id)
            return
        if item.attempted_at is not None:
            self._wait_for_proof(job, item)
        try:
            abilities = self.hooks.capabilities(ctx)
            ready = self.enclosures.bring(job, message, conversation, abilities, ctx.tenant.locale)
            job.attempt([item], f"send-{message.id}")
            reply = Reply(
                id=str(message.id), to=to, parts=ready, author=message.author, quotes=message.quotes
            )
            receipt: Receipt = self.hooks.reply_dispatch(ctx, reply)
        except Rejected as rejection:
            with job.settle() as settlement:
                row = settlement.session.get_one(MessageRow, message.id)
                statuses.fail(
                    settlement,
                    row,
                    code=rejection.code,
                    why=rejection.text,
                    locale=ctx.tenant.locale,
                    root_id=item.root_id,
                )
                settlement.refuse(item, str(rejection))
            return
        self._sent(job, receipt.message_id)

    def _sent(self, job: Job, channel_id: str) -> None:
        item = job.head
        channel_id = fitted(channel_id, CHANNEL_ID_LENGTH)
        with job.settle() as settlement:
            session = settlement.session
            statuses.alone_with(session, item.connection_id, channel_id)
            message = session.get_one(MessageRow, item.body["message"])
            if message.channel_id is None:
                # One that had failed was parked, and replayed since.
                message.channel_id = channel_id
                message.status, message.error = Status.ACCEPTED, ""
            session.flush()
            locale = _locale(session, item)
            statuses.catch_up(settlement, message, locale=locale, root_id=item.root_id)
            settlement.deliver(item)

    def _wait_for_proof(self, job: Job, item: Item) -> None:
        """Give the channel time to report a status of what may have been sent already."""
        assert item.attempted_at is not None  # noqa: S101 -- the caller looked; for mypy
        ctx = self.contexts.get(job.lease.connection_id).ctx
        patience = timedelta(seconds=self.hooks.capabilities(ctx).reconcile_seconds)
        since = max(item.attempted_at, self.listening_since)
        left = (since + patience - job.clock.now()).total_seconds()
        if left > 0:
            raise Postponed(
                "an earlier attempt may have been sent; waiting for a status that proves it",
                min(left, 5.0),
            )

    def _parked(self, settlement: Settlement, item: Item, reason: str) -> None:
        message = settlement.session.get_one(MessageRow, item.body["message"])
        locale = _locale(settlement.session, item)
        statuses.fail(
            settlement,
            message,
            code="",
            why=say("gave_up", locale, why=reason),
            locale=locale,
            root_id=item.root_id,
        )


def _locale(session: Session, item: Item) -> str:
    """Return the tenant's language, also where the connection's settings cannot be used."""
    return session.get_one(TenantRow, item.tenant_id).locale
