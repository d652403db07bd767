"""The two writes that there are: a comment in a ticket, and a ticket."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from balie.api import Batch, OutcomeUnknown, TransientError
from balie_crm_zendesk import records
from balie_crm_zendesk.client import Client
from balie_crm_zendesk.errors import Refusal
from balie_crm_zendesk.files import uploads

from . import labels, opening, standing, traces
from .pieces import Piece

#: What a refusal may be about that no rule of the tenant's sets.
_OTHERS = frozenset({"requester", "requester_id", "author", "comment", "description", "uploads"})


@dataclass(frozen=True, slots=True)
class Writing:
    """Writes a batch's comments in the name of its customer, or as Balie where it is internal."""

    client: Client
    batch: Batch
    requester_id: int

    def append(self, piece: Piece, ticket_id: int, status: dict[str, Any]) -> traces.Trace:
        """Add a comment. Raises Refusal, NotFound, and OutcomeUnknown where it may be there."""
        ticket = {
            "metadata": traces.metadata(self.batch, piece.key),
            **status,
            **labels.fields(self.client.ctx, self.batch),
        }

        def put(comment: dict[str, Any]) -> dict[str, Any]:
            body = {"ticket": {"comment": comment, **ticket}}
            return self.client.write("PUT", f"/tickets/{ticket_id}", body)

        answer = self._with_files(piece, put)
        trace = self._written(answer, ticket_id)
        labels.keep(self.client, records.ticket(answer["ticket"]))
        return trace

    def open(self, piece: Piece, follows: records.Ticket | None) -> traces.Trace:
        """Make a ticket; one without what the tenant's rules add, where Zendesk refuses that."""
        ctx = self.client.ctx
        ticket = opening.ticket(ctx, self.batch, piece, self.requester_id, follows)
        ticket = labels.labelled(ctx, self.batch, ticket)
        if self.batch.solves:
            ticket["status"] = "solved"
        key = piece.key if follows is None else f"{piece.key}:follow-up"

        def post(comment: dict[str, Any]) -> dict[str, Any]:
            return self._posted({"comment": comment, **ticket}, key)

        return self._written(self._with_files(piece, post))

    def _posted(self, ticket: dict[str, Any], key: str) -> dict[str, Any]:
        try:
            return self.client.write("POST", "/tickets", {"ticket": ticket}, key=key)
        except Refusal as refusal:
            plain = {name: value for name, value in ticket.items() if name not in opening.OPTIONAL}
            if refusal.status != 422 or plain == ticket or not _blames_the_rules(refusal):
                raise
            self.client.ctx.log.warning("ticket_rules_refused", reason=refusal.text)
            return self.client.write("POST", "/tickets", {"ticket": plain}, key=f"{key}:plain")

    def _with_files(
        self, piece: Piece, write: Callable[[dict[str, Any]], dict[str, Any]]
    ) -> dict[str, Any]:
        """Write the comment; once more with files uploaded anew, where their tokens are over."""
        try:
            return write(self._comment(piece))
        except Refusal as refusal:
            if "uploads" not in refusal.fields or not piece.files:
                raise
        uploads.forget(self.client, piece.key, piece.files)
        return write(self._comment(piece))

    def _comment(self, piece: Piece) -> dict[str, Any]:
        attached = uploads.attach(self.client, piece.key, piece.files)
        body = "\n".join((piece.text, *attached.lines))
        tokens = {"uploads": list(attached.tokens)} if attached.tokens else {}
        # `public` is said every time: left out, it is whatever it was when the ticket was made.
        if self.batch.internal:
            return {"body": body, "public": False, **tokens}
        return {"body": body, "public": True, "author_id": self.requester_id, **tokens}

    def _written(self, answer: dict[str, Any], ticket_id: int | None = None) -> traces.Trace:
        """Return what was written. What cannot be read is unknown: written it is, somewhere."""
        try:
            comment_id = records.audit(answer.get("audit")).comment_id
            ticket = records.ticket(answer.get("ticket"))
        except TransientError as failure:
            raise OutcomeUnknown(str(failure)) from failure
        if comment_id is None:
            raise OutcomeUnknown("Zendesk took the comment and does not say its id.")
        standing.note(self.client.ctx, ticket.id, ticket.status)
        return traces.Trace(
            ticket_id=ticket_id or ticket.id,
            comment_id=comment_id,
            requester_id=None if ticket_id is None else ticket.requester_id,
        )


def _blames_the_rules(refusal: Refusal) -> bool:
    """Say whether it may be what the tenant's rules set; Zendesk puts some of that under "base"."""
    return not refusal.fields & _OTHERS
