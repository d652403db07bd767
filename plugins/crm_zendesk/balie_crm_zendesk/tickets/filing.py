"""Filing: a conversation's lines become a ticket, a comment in it, or a follow-up ticket.

A closed ticket takes nothing any more, so lines for it open a follow-up: the customer's, and our
own internal notes too, because a note about an answer that never arrived must meet an agent's eye.
"""

from dataclasses import dataclass, replace

from balie.api import (
    Batch,
    Context,
    Filed,
    OutcomeUnknown,
    PermanentError,
    PluginError,
    TransientError,
)
from balie_crm_zendesk.client import Client
from balie_crm_zendesk.customers import requester
from balie_crm_zendesk.errors import NotFound, Refusal

from . import labels, refused, requesters, standing, traces
from .pieces import Piece, pieces
from .standing import Ends, Goes, Standing
from .writing import Writing

#: A ticket that was merged, whose target was merged, and so on: longer chains are not followed.
MOST_PLACES = 5


def file(ctx: Context, batch: Batch) -> Filed:
    """Put the batch where it belongs and return where it went, once however often it is asked.

    Raises OutcomeUnknown where part of it may be in Zendesk; the next call then looks first.
    """
    try:
        return _file(ctx, batch)
    except TransientError as failure:
        if not batch.uncertain or isinstance(failure, OutcomeUnknown):
            raise
        # This call changed nothing, but what the earlier attempt did is still not known.
        raise OutcomeUnknown(
            f"Whether the lines are in the ticket is not known yet: {failure}",
            retry_after=failure.retry_after,
        ) from failure


def _file(ctx: Context, batch: Batch) -> Filed:
    client = Client(ctx)
    whose = _requester(client, batch)
    filing = _Filing(client, batch, whose.id, whose.remark)
    first, *rest = pieces(batch, ctx.tenant)
    filed = filing.place(first, batch.ticket_id)
    remark = filed.remark
    for piece in rest:
        try:
            filed = filing.place(piece, filed.ticket_id)
        except TransientError as failure:
            raise OutcomeUnknown(
                f"Only a part of the lines is in the ticket: {failure}",
                retry_after=failure.retry_after,
            ) from failure
    return replace(filed, remark=remark)


def _requester(client: Client, batch: Batch) -> requester.Requester:
    """Return whose ticket it is; nobody's for a note about somebody who was erased."""
    if batch.internal and not batch.addresses:
        return requester.Requester(int(batch.customer.id) if batch.customer is not None else 0)
    return requester.requester(client, batch)


@dataclass(frozen=True, slots=True)
class _Filing:
    client: Client
    batch: Batch
    requester_id: int
    remark: str = ""
    places_left: int = MOST_PLACES
    labelling: bool = True
    solving: bool = True

    def place(self, piece: Piece, ticket_id: str | None) -> Filed:
        if ticket_id is None:
            return self.open(piece, Ends())
        number = int(ticket_id)
        guard = {}
        if self.batch.uncertain:
            # Read before looking: what arrives after the look then refuses a second writing.
            guard = standing.guard(self.client, number)
            trace = traces.in_ticket(self.client, number, piece.key)
            if trace is not None:
                return self._filed(trace)
        stands = self._standing(number)
        if isinstance(stands, Ends):
            return self.open(piece, stands)
        if stands.ticket_id != number:
            return self._elsewhere(piece, stands.ticket_id)
        return self._append(piece, replace(stands, status=stands.status | guard))

    def _standing(self, ticket_id: int) -> Standing:
        if self.batch.internal:
            # A note leaves the status as it is, but for one that ends the conversation.
            ends = self.batch.solves and self.solving
            return Goes(ticket_id, {"status": "solved"} if ends else {})
        return standing.known(self.client.ctx, ticket_id) or standing.asked(self.client, ticket_id)

    def _append(self, piece: Piece, goes: Goes) -> Filed:
        try:
            if self.labelling:
                labels.add(self.client, self.batch, goes.ticket_id)
            return self._filed(self._writing.append(piece, goes.ticket_id, goes.status))
        except NotFound:  # deleted: the conversation goes on in a new ticket
            return self.open(piece, Ends())
        except Refusal as refusal:
            return self._after(refusal, piece, goes.ticket_id)

    def _after(self, refusal: Refusal, piece: Piece, ticket_id: int) -> Filed:
        """Go on after a refusal that has a way on; raise it again where there is none."""
        match refused.reason(self.client, refusal, ticket_id, self.requester_id):
            case refused.Elsewhere(into):
                return self._elsewhere(piece, into)
            case refused.Over(follows):
                return self.open(piece, Ends(follows))
            case refused.Full(ticket):
                told = refused.continued(self.client.ctx, piece, ticket)
                return self.open(told, Ends(ticket))
            case refused.CustomerGone():
                return self._renamed().place(piece, str(ticket_id))
        if self.solving and self.batch.solves:
            told = refused.not_solved(self.client.ctx, piece, refusal)
            return replace(self, solving=False).place(told, str(ticket_id))
        if self.labelling and self.batch.tags:
            # A view without its label is better than a note that nobody reads.
            self.client.ctx.log.warning("labels_refused", reason=refusal.text)
            return replace(self, labelling=False).place(piece, str(ticket_id))
        raise refusal

    def open(self, piece: Piece, ends: Ends) -> Filed:
        if not self.requester_id:
            raise PermanentError("The ticket takes no notes any more, and no customer is known.")
        if self.batch.uncertain and (trace := self._trace(piece)) is not None:
            return self._filed(trace)
        try:
            return self._filed(self._writing.open(piece, ends.follows))
        except Refusal as refusal:
            # The key was used, with other words (a renamed customer): the ticket is there.
            if refusal.code == refused.KEY_USED and (trace := self._trace(piece)) is not None:
                return self._filed(trace)
            if refused.is_of_the_customer(self.client, refusal, self.requester_id):
                return self._renamed().open(piece, ends)
            raise

    def _elsewhere(self, piece: Piece, ticket_id: int) -> Filed:
        if not self.places_left:
            return self.open(piece, Ends())
        return replace(self, places_left=self.places_left - 1).place(piece, str(ticket_id))

    def _renamed(self) -> "_Filing":
        """Return the filing in the name of whoever the customer is now."""
        found = requester.whoever_now(self.client, self.batch, self.requester_id)
        told = "\n".join(filter(None, (self.remark, found.remark)))
        return replace(self, requester_id=found.id, remark=told)

    @property
    def _writing(self) -> Writing:
        batch = self.batch if self.labelling else replace(self.batch, tags=())
        return Writing(self.client, batch, self.requester_id)

    def _trace(self, piece: Piece) -> traces.Trace | None:
        return traces.in_conversation(self.client, self.batch.conversation_id, piece.key)

    def _filed(self, trace: traces.Trace) -> Filed:
        return Filed(
            ticket_id=str(trace.ticket_id),
            comment_id=str(trace.comment_id),
            customer_id=str(self.requester_id or ""),
            remark=self.remark,
            other_requester=self._other(trace),
        )

    def _other(self, trace: traces.Trace) -> str:
        """Return whose the ticket is where that is another's. What is written stays written."""
        if not self.requester_id or trace.requester_id == self.requester_id:
            return ""
        try:
            return requesters.other(self.client, trace.ticket_id, trace.requester_id)
        except PluginError as problem:  # asked again at the next message or answer
            self.client.ctx.log.warning("requester_not_known", reason=str(problem))
            return ""
