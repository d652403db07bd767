"""A number that was only typed may be anybody's: its holder accepts, and is answered there then.

They accept with a tap on our invitation, or a reply to it, or by bringing a code of the talk.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from balie.api import AddressKind, Choice, MessageReceived
from balie.desk.records import people
from balie.desk.records.groups import home_of
from balie.desk.records.keys import INSTEAD, LEFT
from balie.desk.records.models import (
    ID_DIGITS,
    AddressRow,
    ConversationRow,
    MessageRow,
    PersonRow,
)
from balie.desk.window import hold
from balie.ledger.job import Settlement

BEGIN = f"{INSTEAD}begin:"
"""What is said first in a talk that begins at a number that was left."""
_ACCEPTED = "accepted"
_OPTION = "balie-left:"


def option_id(origin: ConversationRow) -> str:
    """Return the id of the button that accepts the answers of this talk."""
    return f"{_OPTION}{origin.id}"


def awaited(
    session: Session, message: MessageRow, conversation: ConversationRow
) -> ConversationRow | None:
    """Return the talk whose answers are to be accepted before this may be sent, or None."""
    origin = _origin(session, message)
    if origin is None or is_accepted(session, origin, conversation):
        return None
    return origin


def told_in(session: Session, message: MessageRow) -> ConversationRow:
    """Return where agents are told of a message: of one to a number, in the talk it is from."""
    key, origin = message.note_key or "", None
    if key.startswith(LEFT):
        origin = session.get(ConversationRow, int(key.removeprefix(LEFT).partition(":")[0]))
    elif stands_in(message):
        origin = _origin(session, message)
    return origin or session.get_one(ConversationRow, message.conversation_id)


def stands_in(message: MessageRow) -> bool:
    """Say whether a message is sent in place of another, and so may have waited."""
    return (message.note_key or "").startswith(INSTEAD)


def is_accepted(session: Session, origin: ConversationRow, conversation: ConversationRow) -> bool:
    """Say whether who is written to here is the customer of that talk, or takes its answers."""
    if conversation.person_id == origin.person_id:
        return True
    if conversation.last_inbound_at is None:
        return False
    theirs = select(AddressRow.value).where(
        AddressRow.person_id == conversation.person_id,
        AddressRow.kind == AddressKind.PHONE,
        AddressRow.scope == "",
    )
    accepted = select(AddressRow.id).where(
        AddressRow.person_id == origin.person_id,
        AddressRow.kind == AddressKind.PHONE,
        AddressRow.scope.like(f"{_ACCEPTED} %"),
        AddressRow.value.in_(theirs),
    )
    return session.scalar(accepted.limit(1)) is not None


def heard(settlement: Settlement, conversation: ConversationRow, event: MessageReceived) -> None:
    """See whether the customer accepts with this message; called before it is noted as heard.

    Whoever never wrote before goes on in the ticket of the talk.
    """
    session = settlement.session
    origin = _invited_from(session, conversation, event)
    if origin is None:
        return
    remember(settlement, origin, conversation, evidence=f"accepted with message {event.id}")
    hold.hurry(settlement, conversation)
    is_new = conversation.last_inbound_at is None and conversation.files_with is None
    if is_new and conversation.helpdesk_id == origin.helpdesk_id:
        conversation.files_with = home_of(origin)
        session.flush()


def remember(
    settlement: Settlement, origin: ConversationRow, conversation: ConversationRow, *, evidence: str
) -> None:
    """Write down that answers of a talk are accepted here."""
    session, now = settlement.session, settlement.now
    session.refresh(conversation, with_for_update=True)  # who keeps an answer for it looks so, too
    person = session.get_one(PersonRow, origin.person_id)
    scope = f"{_ACCEPTED} {person.id}"
    known = set(
        session.scalars(
            select(AddressRow.value).where(
                AddressRow.tenant_id == person.tenant_id, AddressRow.scope == scope
            )
        )
    )
    for address in people.addresses(session, conversation.person_id):
        if address.kind is AddressKind.PHONE and address.value not in known:
            people.link(session, person, address, evidence=evidence, now=now, scope=scope)


def _origin(session: Session, message: MessageRow) -> ConversationRow | None:
    if not stands_in(message):
        return None
    key = message.note_key or ""
    if key.startswith(BEGIN):
        return session.get(ConversationRow, int(key.removeprefix(BEGIN)))
    answer = session.get_one(MessageRow, int(key.removeprefix(INSTEAD).partition(":")[0]))
    return session.get_one(ConversationRow, answer.conversation_id)


def _invited_from(
    session: Session, conversation: ConversationRow, event: MessageReceived
) -> ConversationRow | None:
    """Return the talk of the invitation that was tapped or replied to, if it was one of ours."""
    tapped = (part.id for part in event.parts if isinstance(part, Choice))
    told = next((one.removeprefix(_OPTION) for one in tapped if one.startswith(_OPTION)), "")
    same = MessageRow.conversation_id == conversation.id, MessageRow.note_key.startswith(LEFT)
    if told.isascii() and told.isdecimal() and len(told) <= ID_DIGITS:
        here = MessageRow.note_key.startswith(f"{LEFT}{told}:")
    elif event.quotes:
        here = MessageRow.channel_id == event.quotes
    else:
        return None
    key = session.scalar(select(MessageRow.note_key).where(*same, here).limit(1))
    if key is None:
        return None
    return session.get(ConversationRow, int(key.removeprefix(LEFT).partition(":")[0]))
