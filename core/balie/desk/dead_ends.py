"""A ticket that only looks like one of ours: its agents are told that answers reach nobody."""

import uuid
from dataclasses import dataclass

from balie.api import Batch, Line, PermanentError, Text
from balie.desk.records.work import Work
from balie.desk.texts import say
from balie.hooks import Hooks
from balie.ledger.drain import Handler
from balie.ledger.job import Job, Settlement
from balie.ledger.models import Item
from balie.ledger.retry import said
from balie.ledger.rows import NewItem
from balie.tenants.contexts import Contexts


def warning(settlement: Settlement, item: Item, ticket_id: str) -> NewItem:
    """Return the work of warning those who answer in a ticket, once per ticket."""
    name = f"{Work.DEAD_END}:{ticket_id}"
    return NewItem(
        tenant_id=item.tenant_id,
        connection_id=item.connection_id,
        kind=Work.DEAD_END,
        dedupe=name,
        lane=name,
        order_at=settlement.now,
        body={"ticket": ticket_id},
        root_id=item.root_id or item.id,
    )


@dataclass(frozen=True, slots=True)
class DeadEnds:
    """Works the lanes of such warnings. No conversation and no customer belongs to them."""

    hooks: Hooks
    contexts: Contexts

    def handlers(self) -> dict[str, Handler]:
        """Return the handler of warnings."""
        return {Work.DEAD_END: Handler(self._work)}

    def _work(self, job: Job) -> None:
        item = job.head
        ctx = self.contexts.get(job.lease.connection_id).ctx
        uncertain = item.attempted_at is not None
        if uncertain:
            job.give_time(self.hooks.capabilities(ctx).reconcile_seconds)
        else:
            job.attempt([item], uuid.uuid4().hex)
        why = ""
        try:
            self.hooks.ticket_file(ctx, _batch(item, ctx.tenant.locale, uncertain=uncertain))
        except PermanentError as error:  # closed or deleted meanwhile: nobody answers in it
            why = said(error)
        with job.settle() as settlement:
            if why:
                settlement.refuse(item, why)
            else:
                settlement.deliver(item)


def _batch(item: Item, locale: str, *, uncertain: bool) -> Batch:
    assert item.batch is not None  # noqa: S101 -- attempt() wrote it; for mypy
    text = Text(text=say("answer_to_no_talk", locale))
    return Batch(
        key=item.batch,
        conversation_id="",
        channel="",
        person_name="",
        addresses=(),
        lines=(Line(id=item.dedupe, at=item.accepted_at, parts=(text,)),),
        ticket_id=item.body["ticket"],
        internal=True,
        uncertain=uncertain,
    )
