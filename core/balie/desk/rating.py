"""How was it? Asked when a ticket is solved, where the tenant wants it, and answered with a tap."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from balie.api import (
    Capabilities,
    Choice,
    Option,
    Options,
    Part,
    Rating,
    ServiceWindow,
    TicketChanged,
    TicketState,
)
from balie.desk.records import conversations, groups, notes
from balie.desk.records.keys import RATING
from balie.desk.records.models import (
    ID_DIGITS,
    ConversationRow,
    Direction,
    MessageRow,
    TicketRow,
)
from balie.desk.texts import pick
from balie.desk.window import hold, standing
from balie.ledger.job import Settlement
from balie.ledger.models import Item

TAKEN_FOR = timedelta(days=3)
"""A tap counts for so long. After four days Zendesk closes a solved ticket by itself."""
_TAP = re.compile(rf"balie-rating:(good|bad):([0-9]{{1,{ID_DIGITS}}})")
_TEXTS = {
    "question-u": {
        "nl": "Uw vraag is afgehandeld. Bent u goed geholpen?",
        "en": "Your question has been dealt with. Did we help you well?",
    },
    "question-je": {
        "nl": "Je vraag is afgehandeld. Ben je goed geholpen?",
        "en": "Your question has been dealt with. Did we help you well?",
    },
    "good": {"nl": "👍 Ja, goed", "en": "👍 Yes, well"},
    "bad": {"nl": "👎 Nee, niet goed", "en": "👎 No, not well"},
    "rated": {
        "nl": "De klant beoordeelt de hulp zo: {title}",
        "en": "The customer rates the help: {title}",
    },
}


def ask(
    settlement: Settlement,
    event: TicketChanged,
    item: Item,
    rules: Rating,
    abilities: Capabilities,
    locale: str,
) -> str:
    """Ask the customer of a ticket that was solved, if now is the time. Returns why not, or ''.

    Once for what the customer last wrote: whoever solves again what nobody asked anew, asks not.
    ``abilities`` are those of the channel that :func:`asked_on` names.
    """
    session = settlement.session
    found = _asked(session, item.connection_id, event)
    if found is None:
        return "the ticket is not one to be rated"
    ticket, conversation = found
    last = conversation.last_inbound_at
    if last is None or last > event.at or waits(session, conversation):
        return "the customer wrote again"
    window = abilities.window
    if "Options" not in abilities.sends or not _is_open(conversation, window, settlement.now):
        return "the customer cannot be asked on this channel now"
    question = conversations.add_message(
        session,
        conversation,
        direction=Direction.OUTBOUND,
        parts=[_question(rules, ticket, locale)],
        at=settlement.now,
        note_key=f"{RATING}{ticket.id}:{last.isoformat()}",
    )
    if question is not None:
        hold.line_up(settlement, conversation, question, item.root_id or item.id)
    return ""


def asked_on(session: Session, helpdesk_id: int, event: TicketChanged) -> int | None:
    """Return the channel connection on which the customer would be asked, if there is one."""
    if event.state is not TicketState.SOLVED:
        return None
    found = _asked(session, helpdesk_id, event)
    return None if found is None else found[1].connection_id


def is_over(
    message: MessageRow,
    conversation: ConversationRow,
    window: ServiceWindow | None,
    now: datetime,
) -> bool:
    """Say whether a question that waits to be sent is no longer to be asked."""
    if not is_question(message):
        return False
    last = conversation.last_inbound_at
    went_on = last is not None and last > message.at
    return went_on or not _is_open(conversation, window, now)


def is_question(message: MessageRow) -> bool:
    """Say whether a message of ours asks how it was."""
    return (message.note_key or "").startswith(RATING)


def tapped(
    settlement: Settlement,
    conversation: ConversationRow,
    parts: Sequence[Part],
    root_id: int,
    locale: str,
) -> bool:
    """Tell the ticket of a tap on our question; return whether it was one.

    It opens nothing again: what the customer writes does. A tap on what was never asked here, or on
    what is long over, is filed as what it says, like any other.
    """
    tap = next((one for one in parts if isinstance(one, Choice)), None)
    found = None if tap is None else _TAP.fullmatch(tap.id)
    if tap is None or found is None:
        return False
    ticket = settlement.session.get(TicketRow, int(found[2]))
    if ticket is None or not _was_asked(settlement, conversation, ticket):
        return False
    title = pick(_TEXTS[found[1]], locale)
    key = f"rated_{found[1]}:{ticket.id}:{settlement.now:%Y%m%d%H%M%S}"
    text = pick(_TEXTS["rated"], locale, title=title)
    notes.tell(settlement, conversation, key=key, text=text, root_id=root_id)
    return True


def _asked(
    session: Session, helpdesk_id: int, event: TicketChanged
) -> tuple[TicketRow, ConversationRow] | None:
    """Return the ticket and where its customer wrote last, while the talk is still in it."""
    ticket = conversations.of_ticket(session, helpdesk_id, event.ticket_id)
    if ticket is None or not ticket.is_current:
        return None
    filed = session.get_one(ConversationRow, ticket.conversation_id)
    last = groups.last_heard(session.connection(), groups.home_of(filed))
    return ticket, session.get_one(ConversationRow, last)


def _was_asked(settlement: Settlement, conversation: ConversationRow, ticket: TicketRow) -> bool:
    """Say whether this customer was asked about this ticket, not too long ago."""
    home = groups.home_of(conversation)
    if not ticket.is_current or ticket.conversation_id != home:
        return False
    since = settlement.now - TAKEN_FOR
    question = select(MessageRow.id).where(
        MessageRow.conversation_id == conversation.id,
        MessageRow.note_key.startswith(f"{RATING}{ticket.id}:"),
        MessageRow.at > since,
    )
    return settlement.session.scalar(question.limit(1)) is not None


def waits(session: Session, conversation: ConversationRow) -> bool:
    """Say whether something of the customer's is not in the ticket yet: it will open it again."""
    unfiled = select(MessageRow.id).where(
        MessageRow.conversation_id == conversation.id,
        MessageRow.direction == Direction.INBOUND,
        MessageRow.at == conversation.last_inbound_at,
        MessageRow.comment_id.is_(None),
    )
    return session.scalar(unfiled.limit(1)) is not None


def _is_open(conversation: ConversationRow, window: ServiceWindow | None, now: datetime) -> bool:
    return window is None or standing.is_open(hold.standing(conversation), window, now)


def _question(rules: Rating, ticket: TicketRow, locale: str) -> Options:
    text = rules.question or pick(_TEXTS[f"question-{rules.tone}"], locale)
    options = tuple(
        Option(id=f"balie-rating:{score}:{ticket.id}", title=pick(_TEXTS[score], locale))
        for score in ("good", "bad")
    )
    return Options(text=text, options=options)
