"""Where a ticket stands, as an event."""

from datetime import datetime

from balie.api import TicketChanged, TicketState
from balie_crm_zendesk import records
from balie_crm_zendesk.client import Client
from balie_crm_zendesk.records.shapes import EPOCH
from balie_crm_zendesk.tickets import standing


def gone(ticket_id: str, at: datetime) -> TicketChanged:
    """Return that the ticket is there no more."""
    return TicketChanged(ticket_id=ticket_id, at=at, state=TicketState.GONE)


def of_ticket(client: Client, ticket: records.Ticket, at: datetime) -> TicketChanged:
    """Return how the ticket stands now, whatever the webhook said: those come in any order.

    ``at`` is when we heard of it, for a ticket that does not say when it changed.
    """
    into = standing.merged_into(client, ticket)
    state = TicketState.OPEN
    if ticket.is_deleted:
        state = TicketState.GONE
    elif ticket.is_merged:
        state = TicketState.MERGED
    elif ticket.is_closed:
        state = TicketState.CLOSED
    elif ticket.status == "solved":
        state = TicketState.SOLVED
    return TicketChanged(
        ticket_id=str(ticket.id),
        at=at if ticket.updated_at == EPOCH else ticket.updated_at,
        state=state,
        into="" if into is None else str(into.id),
    )
