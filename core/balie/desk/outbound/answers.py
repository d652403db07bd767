"""Agents' answers: from a comment in a ticket to messages on their way to the customer."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from balie.api import AgentCommanded, AgentReplied, Capabilities
from balie.desk import dead_ends, tickets
from balie.desk.outbound.split import split
from balie.desk.records import conversations, groups, notes, people
from balie.desk.records.models import ConversationRow, Direction, TicketRow
from balie.desk.records.work import Work, filing_lane
from balie.desk.texts import say
from balie.desk.window import hold
from balie.hooks import Hooks
from balie.ledger.job import Settlement
from balie.ledger.models import Item, Lane, State
from balie.ledger.retry import Postponed
from balie.ledger.rows import believed
from balie.tenants.contexts import Contexts


def answer(
    settlement: Settlement, event: AgentReplied, item: Item, locale: str, channels: "Channels"
) -> str:
    """Let an agent's answer be sent, once. Returns the reason where there is nothing to send."""
    heard = hear(settlement, event, item)
    if isinstance(heard, str):
        return heard
    session, conversation, at = settlement.session, heard.conversation, heard.at
    root_id = item.root_id or item.id
    if is_to_nobody(settlement, heard, root_id, locale):
        return "the customer was erased"
    tickets.tell_if_anothers(settlement, heard.ticket, event.other_requester, locale, root_id)
    abilities = channels.abilities(conversation.connection_id)
    links = channels.gives_links(conversation.connection_id)
    found = split(event.parts, abilities, locale, links=links)
    if found.left_out:
        text = say("left_out", locale, what="\n".join(f"- {what}" for what in found.left_out))
        key = f"left_out:{heard.comment_id}"
        notes.tell(settlement, conversation, key=key, text=text, root_id=root_id)
    for parts in found.messages:
        message = conversations.add_message(
            session,
            conversation,
            direction=Direction.OUTBOUND,
            parts=parts,
            at=at,
            author=event.author,
        )
        assert message is not None  # noqa: S101 -- it has no key that could exist; for mypy
        message.comment_id = heard.comment_id
        hold.line_up(settlement, conversation, message, root_id)
    return "" if found.messages else "it holds nothing that can be sent"


def is_to_nobody(settlement: Settlement, heard: "Heard", root_id: int, locale: str) -> bool:
    """Say whether the customer was erased, and tell the agent so."""
    conversation = heard.conversation
    if people.addresses(settlement.connection, conversation.person_id):
        return False
    text = say("answer_to_nobody", locale)
    key = f"nobody:{heard.comment_id}"
    notes.tell(settlement, conversation, key=key, text=text, root_id=root_id)
    return True


@dataclass(frozen=True, slots=True)
class Heard:
    """What an agent said, told for the first time: where, when, and to whom."""

    comment_id: int
    at: datetime
    ticket: TicketRow
    conversation: ConversationRow


def hear(settlement: Settlement, event: AgentReplied | AgentCommanded, item: Item) -> Heard | str:
    """Write down that an agent's comment was heard; return why not, where it is none of ours.

    Raises Postponed while that cannot be told.
    """
    ticket = _ticket(settlement.session, item, event.ticket_id)
    if ticket is None:
        if event.looks_ours:
            settlement.enqueue(dead_ends.warning(settlement, item, event.ticket_id))
        return f"ticket {event.ticket_id} is not one that Balie files in"
    at = believed(event.at, settlement.now)
    comment_id = conversations.add_comment(
        settlement.connection, ticket, event.comment_id, is_ours=False, at=at
    )
    if comment_id is None:
        return f"comment {event.comment_id} was heard before"
    return Heard(comment_id, at, ticket, _addressed(settlement, ticket))


def _ticket(session: Session, item: Item, remote_id: str) -> TicketRow | None:
    ticket = conversations.of_ticket(session, item.connection_id, remote_id)
    _wait_for_filings(session, item, ticket)
    if ticket is None:
        # The filing that makes it may have ended between the two looks. Then this comment would
        # be refused, and those after it heard.
        ticket = conversations.of_ticket(session, item.connection_id, remote_id)
    return ticket


def _addressed(settlement: Settlement, ticket: TicketRow) -> ConversationRow:
    """Return where the customer of this ticket wrote last."""
    filed = settlement.session.get_one(ConversationRow, ticket.conversation_id)
    found = groups.last_heard(settlement.connection, groups.home_of(filed))
    return settlement.session.get_one(ConversationRow, found)


class Channels:
    """What channels can do, asked from a helpdesk's lane."""

    def __init__(self, hooks: Hooks, contexts: Contexts) -> None:
        self._hooks = hooks
        self._contexts = contexts

    def abilities(self, connection_id: int) -> Capabilities:
        """Return the abilities of a channel connection."""
        return self._hooks.capabilities(self._contexts.get(connection_id).ctx)

    def gives_links(self, connection_id: int) -> bool:
        """Say whether what a channel does not take can be fetched by a link instead."""
        return self._contexts.get(connection_id).ctx.files.gives_links


def _wait_for_filings(session: Session, item: Item, ticket: TicketRow | None) -> None:
    """Raise Postponed while a filing from before this event may still tell what it is about.

    A filing whose answer was lost, or has not been written yet, may have made this very ticket or
    this very comment. Later filings cannot, so that this wait ends.
    """
    under_way = select(Item.id).where(
        Item.connection_id == item.connection_id,
        Item.kind == Work.FILE,
        Item.state == text(f"'{State.PENDING}'"),  # for the sake of the partial index
        Item.attempted_at <= item.accepted_at,
    )
    if ticket is not None:
        lane = (
            Lane.connection_id == item.connection_id,
            Lane.name == filing_lane(ticket.conversation_id),
        )
        under_way = under_way.join(Lane, Lane.id == Item.lane_id).where(*lane)
    if session.scalar(under_way.limit(1)) is not None:
        raise Postponed("a filing under way may be what this is about", 1.0)
