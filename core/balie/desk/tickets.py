"""What happens to tickets in the helpdesk, past Balie."""

from sqlalchemy import update

from balie.api import TicketChanged, TicketState
from balie.desk.records import conversations
from balie.desk.records.models import ConversationRow, TicketRow
from balie.ledger.job import Settlement


def changed(settlement: Settlement, helpdesk_id: int, event: TicketChanged) -> str:
    """Follow a ticket's change. Returns the reason where it is not one of ours.

    What comes next in a merged one's conversation goes into the other ticket; after a deleted
    one, into a new ticket.
    """
    session = settlement.session
    ticket = conversations.of_ticket(session, helpdesk_id, event.ticket_id)
    if ticket is None:
        return f"ticket {event.ticket_id} is not one that Balie files in"
    session.execute(update(TicketRow).where(TicketRow.id == ticket.id).values(state=event.state))
    if event.state is TicketState.MERGED and event.into:
        conversation = session.get_one(ConversationRow, ticket.conversation_id)
        if ticket.is_current:
            conversations.filed_in(settlement.connection, conversation, event.into, settlement.now)
    elif event.state is TicketState.GONE:
        session.execute(update(TicketRow).where(TicketRow.id == ticket.id).values(is_current=False))
    return ""
