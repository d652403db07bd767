"""Deleting tickets, bringing them back, and deleting them for good."""

from dataclasses import dataclass

from balie_sandbox.zendesk.clock_source import ClockSource

from .model import Actor, Ticket
from .store import TicketStore
from .writing import TicketWriting


@dataclass(frozen=True, slots=True)
class Removal:
    """No triggers run; webhooks that subscribe to events hear of each step."""

    writing: TicketWriting
    tickets: TicketStore
    source: ClockSource

    def delete(self, actor: Actor, ticket: Ticket) -> None:
        ticket.deleted_at, ticket.deleted_by_id = self.source.now(), actor.user.id
        self.tickets.delete(ticket)
        self._tell(actor, ticket, "soft_deleted")

    def restore(self, actor: Actor, ticket: Ticket) -> None:
        ticket.deleted_at = ticket.deleted_by_id = None
        self.tickets.restore(ticket)
        self._tell(actor, ticket, "undeleted")

    def forget(self, actor: Actor, ticket: Ticket) -> None:
        """For good, comments and all."""
        self._tell(actor, ticket, "permanently_deleted")
        self.tickets.forget(ticket)

    def _tell(self, actor: Actor, ticket: Ticket, name: str) -> None:
        change = self.writing.open(actor, ticket, {})
        change.quiet = True
        status = "deleted" if ticket.deleted_at else ticket.status
        event = {"type": "Change", "field_name": "status", "value": status}
        change.happen(event, f"ticket.{name}", {})
        self.writing.finish(change)
