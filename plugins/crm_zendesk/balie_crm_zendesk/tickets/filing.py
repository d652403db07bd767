"""Filing: a conversation's lines become a ticket, a comment in it, or a follow-up ticket.

A closed ticket takes nothing any more, so lines for it open a follow-up: the customer's, and our
own internal notes too, because a note about an answer that never arrived must meet an agent's eye.
"""

from dataclasses import dataclass
from typing import Any

from balie.api import Batch, Context, Filed, OutcomeUnknown, TransientError
from balie_crm_zendesk import records
from balie_crm_zendesk.client import Client
from balie_crm_zendesk.customers import lookup as customers
from balie_crm_zendesk.errors import NotFound, Refusal

from . import traces, wording

_MISMATCH = "IdempotentRequestError"


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
    filing = _Filing(client, batch, customers.requester_id(client, batch))
    first, *rest = wording.comments(batch, ctx.tenant.region)
    filed = filing.place(_Piece(batch.key, first), batch.ticket_id)
    for number, text in enumerate(rest, 2):
        try:
            filed = filing.place(_Piece(f"{batch.key}/{number}", text), filed.ticket_id)
        except TransientError as failure:
            raise OutcomeUnknown(
                f"Only a part of the lines is in the ticket: {failure}",
                retry_after=failure.retry_after,
            ) from failure
    return filed


@dataclass(frozen=True, slots=True)
class _Piece:
    """One comment to be. ``key`` is its own."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class _Filing:
    client: Client
    batch: Batch
    requester_id: int

    def place(self, piece: _Piece, ticket_id: str | None) -> Filed:
        if ticket_id is None:
            return self._open(piece)
        if self.batch.uncertain:
            trace = traces.in_ticket(self.client, int(ticket_id), piece.key)
            if trace is not None:
                return self._filed(trace)
        try:
            return self._append(piece, int(ticket_id))
        except NotFound:  # deleted: the conversation goes on in a new ticket
            return self._open(piece)
        except Refusal as refusal:
            return self._open(piece, follows=self._closed(int(ticket_id), refusal))

    def _append(self, piece: _Piece, ticket_id: int) -> Filed:
        ticket: dict[str, Any] = {
            "comment": self._comment(piece),
            "metadata": traces.metadata(self.batch, piece.key),
        }
        if not self.batch.internal:
            # Zendesk reopens by itself only when an end user acts; here its API user does.
            ticket["status"] = "open"
        answer = self.client.write("PUT", f"/tickets/{ticket_id}", {"ticket": ticket})
        return self._filed(_written(answer, ticket_id))

    def _closed(self, ticket_id: int, refusal: Refusal) -> records.Ticket:
        """Return the ticket if it is closed, which its status tells in every language."""
        if refusal.status != 422:
            raise refusal
        ticket = records.ticket(self.client.get(f"/tickets/{ticket_id}").get("ticket"))
        if ticket.status != "closed":
            raise refusal
        return ticket

    def _open(self, piece: _Piece, follows: records.Ticket | None = None) -> Filed:
        if self.batch.uncertain and (trace := self._trace(piece)) is not None:
            return self._filed(trace)
        key = piece.key if follows is None else f"{piece.key}:follow-up"
        try:
            answer = self.client.write(
                "POST", "/tickets", {"ticket": self._ticket(piece, follows)}, key=key
            )
        except Refusal as refusal:
            # The key was used, with other words (a renamed customer): the ticket is there.
            if refusal.code != _MISMATCH or (trace := self._trace(piece)) is None:
                raise
            return self._filed(trace)
        return self._filed(_written(answer))

    def _ticket(self, piece: _Piece, follows: records.Ticket | None) -> dict[str, Any]:
        tag = self.client.ctx.config["tag"]
        ticket: dict[str, Any] = {
            "subject": wording.subject(self.batch, self.client.ctx.tenant.region),
            "external_id": traces.external_id(self.batch.conversation_id),
            "requester_id": self.requester_id,
            "comment": self._comment(piece),
            "tags": [tag],
            "metadata": traces.metadata(self.batch, piece.key),
        }
        if not self.batch.internal:
            ticket["submitter_id"] = self.requester_id  # the first comment's author
        if follows is not None:
            ticket["via_followup_source_id"] = follows.id
            # Tags that are sent replace those a follow-up inherits.
            ticket["tags"] = sorted({tag, *follows.tags} - {"closed_by_merge"})
        return ticket

    def _comment(self, piece: _Piece) -> dict[str, Any]:
        # `public` is said every time: left out, it is whatever it was when the ticket was made.
        if self.batch.internal:
            return {"body": piece.text, "public": False}
        return {"body": piece.text, "public": True, "author_id": self.requester_id}

    def _trace(self, piece: _Piece) -> traces.Trace | None:
        return traces.in_conversation(self.client, self.batch.conversation_id, piece.key)

    def _filed(self, trace: traces.Trace) -> Filed:
        return Filed(
            ticket_id=str(trace.ticket_id),
            comment_id=str(trace.comment_id),
            customer_id=str(self.requester_id),
        )


def _written(answer: dict[str, Any], ticket_id: int | None = None) -> traces.Trace:
    """Return what was written. What cannot be read is unknown: written it is, somewhere."""
    try:
        comment_id = records.audit(answer.get("audit")).comment_id
        ticket_id = ticket_id or records.ticket(answer.get("ticket")).id
    except TransientError as failure:
        raise OutcomeUnknown(str(failure)) from failure
    if comment_id is None:
        raise OutcomeUnknown("Zendesk took the comment and does not say its id.")
    return traces.Trace(ticket_id=ticket_id, comment_id=comment_id)
