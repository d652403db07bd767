"""What happens to tickets in the helpdesk, past Balie."""

from sqlalchemy import update

from balie.api import AddressKind, TicketChanged, TicketState
from balie.desk.records import conversations, groups, notes, people
from balie.desk.records.models import ConversationRow, PersonRow, TicketRow
from balie.desk.texts import say
from balie.ledger.job import Settlement
from balie.ledger.models import Item
from balie.tenants.models import ConnectionRow

#: No key of a note is longer.
_KEY = 100


def changed(settlement: Settlement, event: TicketChanged, item: Item, locale: str) -> str:
    """Follow a ticket's change. Returns the reason where it is not one of ours.

    What comes next in the conversation of a merged one, or of one that an agent follows, goes into
    the other ticket; after a deleted one, into a new ticket.
    """
    session = settlement.session
    ticket = conversations.of_ticket(session, item.connection_id, event.ticket_id)
    if ticket is None:
        return f"ticket {event.ticket_id} is not one that Balie files in"
    session.execute(update(TicketRow).where(TicketRow.id == ticket.id).values(state=event.state))
    if event.into:
        _go_on(settlement, ticket, event, item, locale)
    elif event.state is TicketState.GONE:
        session.execute(update(TicketRow).where(TicketRow.id == ticket.id).values(is_current=False))
    return ""


def tell_if_anothers(
    settlement: Settlement, ticket: TicketRow, requester: str, locale: str, root_id: int | None
) -> None:
    """Tell agents, once, to whom answers go in a ticket that they made somebody else's.

    Who writes stays who writes: most often the right customer was another record of the same
    person. ``requester`` is the helpdesk's id of that somebody, '' where there is none.
    """
    if not requester:
        return
    session = settlement.session
    home_id = groups.home_of(session.get_one(ConversationRow, ticket.conversation_id))
    home = session.get_one(ConversationRow, home_id)
    last = groups.last_heard(settlement.connection, home_id)
    talk = session.get_one(ConversationRow, last)
    addresses = people.addresses(session, talk.person_id)
    if not addresses:  # erased
        return
    name = session.get_one(PersonRow, talk.person_id).name
    number = next((one.value for one in addresses if one.kind is AddressKind.PHONE), "")
    text = say(
        "other_requester",
        locale,
        ticket=ticket.remote_id,
        who=name or number or say("the_customer", locale),
        channel=session.get_one(ConnectionRow, talk.connection_id).name,
    )
    key = f"requester:{ticket.id}:{requester}"[:_KEY]
    notes.tell(settlement, home, key=key, text=text, root_id=root_id)


def _go_on(
    settlement: Settlement, ticket: TicketRow, event: TicketChanged, item: Item, locale: str
) -> None:
    """File in the other ticket from now on, and take answers there for the customer."""
    connection, now = settlement.connection, settlement.now
    conversation = settlement.session.get_one(ConversationRow, ticket.conversation_id)
    known = conversations.of_ticket(connection, item.connection_id, event.into)
    # Where an agent goes on by hand, that is the newest there is.
    if ticket.is_current or (known is None and event.state is TicketState.CLOSED):
        into = conversations.filed_in(connection, conversation, event.into, now)
        if event.state is TicketState.MERGED and into.conversation_id == conversation.id:
            _tell_of_merge(settlement, conversation, ticket, item, locale)
    elif known is None:
        conversations.answered_in(connection, conversation, event.into, now)


def _tell_of_merge(
    settlement: Settlement,
    conversation: ConversationRow,
    ticket: TicketRow,
    item: Item,
    locale: str,
) -> None:
    """Say in the ticket that took over whom answers in it reach, and where.

    The helpdesk marks that ticket as ours when the note is filed.
    """
    session = settlement.session
    if not people.addresses(settlement.connection, conversation.person_id):
        return  # the customer was erased
    last = groups.last_heard(settlement.connection, conversation.id)
    channel = session.get_one(ConversationRow, last).connection_id
    text = say("merged_here", locale, channel=session.get_one(ConnectionRow, channel).name)
    root_id = item.root_id or item.id
    notes.tell(settlement, conversation, key=f"merged:{ticket.id}", text=text, root_id=root_id)
