"""Where a ticket stands, as an event."""

from datetime import datetime

from balie.api import TicketChanged, TicketState
from balie_crm_zendesk import records
from balie_crm_zendesk.records.shapes import EPOCH

#: Zendesk's words. A merged ticket is closed.
NAMED = {
    "new": TicketState.OPEN,
    "open": TicketState.OPEN,
    "pending": TicketState.OPEN,
    "hold": TicketState.OPEN,
    "solved": TicketState.SOLVED,
    "closed": TicketState.CLOSED,
    "deleted": TicketState.GONE,
}


def gone(ticket_id: str, at: datetime) -> TicketChanged:
    """Return that the ticket is there no more."""
    return TicketChanged(ticket_id=ticket_id, at=at, state=TicketState.GONE)


def of_ticket(ticket: records.Ticket, into: records.Ticket | None, at: datetime) -> TicketChanged:
    """Return how the ticket stands now, whatever the webhook said: those come in any order.

    ``into`` is the one that it was merged into. ``at`` is when we heard of it, for a ticket that
    does not say when it changed.
    """
    state = NAMED.get(ticket.status, TicketState.OPEN)
    return TicketChanged(
        ticket_id=str(ticket.id),
        at=at if ticket.updated_at == EPOCH else ticket.updated_at,
        state=TicketState.MERGED if ticket.is_merged else state,
        into="" if into is None else str(into.id),
    )


def followed(closed: records.Ticket, by: records.Ticket) -> TicketChanged:
    """Return that an agent goes on in another ticket than the one that is closed."""
    return TicketChanged(
        ticket_id=str(closed.id),
        at=by.updated_at,
        state=TicketState.MERGED if closed.is_merged else TicketState.CLOSED,
        into=str(by.id),
    )
