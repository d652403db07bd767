"""A customer wants to be forgotten: what was said is removed, and the ticket is told."""

from collections.abc import Iterable

from sqlalchemy import and_, delete, or_, select, update

from balie.api import AddressKind, ErasureAsked, EventKind, Media, Unknown
from balie.desk.elsewhere.texts import say
from balie.desk.outbound.answers import Channels
from balie.desk.privacy.erasing import erasing
from balie.desk.privacy.holdings import Extent
from balie.desk.privacy.texts import say as too
from balie.desk.records import notes, parts, people
from balie.desk.records.groups import home_of
from balie.desk.records.keys import INSTEAD
from balie.desk.records.models import (
    AddressRow,
    ConversationRow,
    Direction,
    HopRow,
    MessageRow,
    PersonRow,
)
from balie.ledger.job import Settlement
from balie.ledger.models import Item
from balie.tenants.contexts import Live
from balie.tenants.models import ConnectionRow


def erase(
    settlement: Settlement, live: Live, event: ErasureAsked, root_id: int, channels: Channels
) -> str:
    """Remove what an address began and said here. Returns the reason where there is nothing.

    Where the helpdesk allows it, these talks are erased there too; else an agent is asked to.
    """
    session = settlement.session
    person = people.known(session, live.tenant_id, [event.sender])
    if person is None:
        return "there is nothing to be erased"
    locale = live.ctx.tenant.locale
    begun = session.scalars(
        select(ConversationRow).where(
            ConversationRow.connection_id == live.ctx.connection.id,
            ConversationRow.begun_by == event.sender.value,
        )
    ).all()
    for conversation in begun:
        goes_on = channels.abilities(conversation.helpdesk_id).erases_on_request
        _erase_messages(settlement, live, conversation, say("erased", locale))
        _erase_copies(settlement, conversation, say("erased", locale))
        session.execute(delete(HopRow).where(HopRow.conversation_id == conversation.id))
        conversation.begun_by = ""
        if goes_on:
            _erase_there(settlement, conversation, event)
        text = too("erased_here_too", locale) if goes_on else say("wants_erasure", locale)
        key = f"erased:{event.id}"
        notes.tell(settlement, conversation, key=key, text=text, root_id=root_id)
    _forget(settlement, live, event, person)
    return ""


def _erase_there(
    settlement: Settlement, conversation: ConversationRow, event: ErasureAsked
) -> None:
    """Let the talk be erased in its ticket. Never the user: they may be known by more than this."""
    helpdesk = settlement.session.get_one(ConnectionRow, conversation.helpdesk_id)
    extent = Extent(conversation.person_id, (conversation.id,))
    key = f"{event.id}:{conversation.id}"
    # What is being filed at this moment is to be there when it is looked for.
    settlement.enqueue(erasing(helpdesk, extent, settlement.now, under_way=True, key=key))


def _erase_messages(
    settlement: Settlement, live: Live, conversation: ConversationRow, line: str
) -> None:
    session = settlement.session
    messages = session.scalars(
        select(MessageRow).where(MessageRow.conversation_id == conversation.id)
    ).all()
    _delete_files(live, messages)
    items = []
    for message in messages:
        if message.direction == Direction.NOTE:
            continue
        message.parts = parts.dump([Unknown(type="erased", text=line)])
        message.author, message.quotes, message.place = "", None, None
        items.append(f"{EventKind.MESSAGE}:{message.channel_id}")
    session.execute(
        update(Item)
        .where(Item.connection_id == conversation.connection_id, Item.dedupe.in_(items))
        .values(body=None)
    )


def _erase_copies(settlement: Settlement, conversation: ConversationRow, line: str) -> None:
    """Erase what was sent another way in place of answers here: letters hold what was asked."""
    session = settlement.session
    own = select(MessageRow.id).where(MessageRow.conversation_id == conversation.id)
    ids = {str(found) for found in session.scalars(own)}
    copies = session.scalars(
        select(MessageRow)
        .join(ConversationRow, ConversationRow.id == MessageRow.conversation_id)
        .where(
            ConversationRow.files_with == home_of(conversation),
            MessageRow.note_key.startswith(INSTEAD),
        )
    )
    for copy in copies:
        if (copy.note_key or "").removeprefix(INSTEAD).partition(":")[0] in ids:
            copy.parts = parts.dump([Unknown(type="erased", text=line)])
            copy.author = ""


def _delete_files(live: Live, messages: Iterable[MessageRow]) -> None:
    for message in messages:
        for part in parts.load(message.parts):
            if isinstance(part, Media) and part.stored:
                live.ctx.files.delete(part.stored)


def _forget(settlement: Settlement, live: Live, event: ErasureAsked, person: PersonRow) -> None:
    """Take away the address, the numbers that were left, and the name if no address is left.

    E-mail addresses too: they were kept to be answered at.
    """
    session = settlement.session
    session.execute(
        delete(AddressRow).where(
            AddressRow.person_id == person.id,
            or_(
                and_(AddressRow.kind == AddressKind.PHONE, AddressRow.scope != ""),
                AddressRow.kind == AddressKind.EMAIL,
            ),
        )
    )
    row = session.scalar(
        select(AddressRow).where(
            AddressRow.tenant_id == live.tenant_id,
            AddressRow.kind == event.sender.kind,
            AddressRow.scope == "",
            AddressRow.value == event.sender.value,
        )
    )
    if row is not None:
        row.scope, row.evidence = f"erased {row.id}", ""
    left = select(AddressRow.id).where(AddressRow.person_id == person.id, AddressRow.scope == "")
    session.flush()
    if session.scalar(left.limit(1)) is None:
        person.name = ""
