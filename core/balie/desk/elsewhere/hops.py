"""Going on in another channel: whoever brings a code is the customer that it was given to.

Their conversation there shares the ticket from then on, and both are one person where nothing
speaks against it.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from balie.api import Address, Clock, Hop, Part, Text
from balie.desk.elsewhere import accepting, links
from balie.desk.elsewhere.codes import HopCodes, digest
from balie.desk.elsewhere.texts import say
from balie.desk.elsewhere.threads import in_a_plugins_words
from balie.desk.records import notes
from balie.desk.records.groups import home_of
from balie.desk.records.models import ConversationRow, HopRow, PersonRow
from balie.desk.window import hold
from balie.ledger.job import Settlement
from balie.store import Store, table_of
from balie.tenants.contexts import Live
from balie.tenants.models import ConnectionRow

LASTS = timedelta(minutes=30)
_CODE = insert(table_of(HopRow))


@dataclass(frozen=True, slots=True)
class HopDesk:
    """Codes for the threads of one connection (:class:`balie.api.Hops`)."""

    store: Store
    clock: Clock
    codes: HopCodes
    connection_id: int

    def issue(self, address: Address, thread: str) -> Hop:
        """Return a new code for a thread that this address began."""
        with in_a_plugins_words(), self.store.writing() as session:
            conversation = session.scalar(
                select(ConversationRow).where(
                    ConversationRow.connection_id == self.connection_id,
                    ConversationRow.begun_by == address.value,
                    ConversationRow.thread == thread,
                )
            )
            if conversation is None:
                raise LookupError("there is no such thread")
            return issue(session, self.codes, conversation, self.clock)


def issue(
    session: Session,
    codes: HopCodes,
    conversation: ConversationRow,
    clock: Clock,
    lasts: timedelta = LASTS,
) -> Hop:
    """Return a new code for a conversation, good for so long."""
    hop = Hop(code=codes.make(), expires_at=clock.now() + lasts)
    session.execute(
        _CODE,
        {
            "tenant_id": conversation.tenant_id,
            "conversation_id": conversation.id,
            "digest": digest(hop.code),
            "expires_at": hop.expires_at,
            "used_at": None,
        },
    )
    return hop


def code_in(codes: HopCodes, parts: tuple[Part, ...]) -> str:
    """Return the code in a customer's words, or ''."""
    for part in parts:
        if isinstance(part, Text) and "BAL-" in part.text.upper():
            return codes.find(part.text)
    return ""


def redeem(
    settlement: Settlement, live: Live, conversation: ConversationRow, code: str, root_id: int
) -> None:
    """Let a conversation go on where the code was given, if the code still opens that."""
    session, now = settlement.session, settlement.now
    opened = session.execute(
        # One statement decides who was first.
        update(HopRow)
        .where(
            HopRow.tenant_id == live.tenant_id,
            HopRow.digest == digest(code),
            HopRow.used_at.is_(None),
            HopRow.expires_at > now,
        )
        .values(used_at=now)
        .returning(HopRow.conversation_id)
    ).scalar()
    if opened is None or opened == conversation.id:
        return
    source = session.get_one(ConversationRow, opened)
    joined = _join(session, conversation, source)
    evidence = f"brought a code of conversation {source.id} to conversation {conversation.id}"
    here = session.get_one(PersonRow, conversation.person_id)
    there = session.get_one(PersonRow, source.person_id)
    is_one = any(
        links.make_one(session, one, other, evidence=evidence, now=now)
        for one, other in ((here, there), (there, here))
    )
    if not is_one:
        accepting.remember(settlement, source, conversation, evidence=evidence)
    hold.hurry(settlement, conversation)  # an answer may wait to be accepted here
    text = _told(session, live, source, joined=joined, is_one=is_one)
    key = f"hop:{conversation.id}:{now.isoformat()}"
    notes.tell(settlement, source, key=key, text=text, root_id=root_id)


def _join(session: Session, conversation: ConversationRow, source: ConversationRow) -> bool:
    """Let a conversation share another's ticket. False where they are in different helpdesks."""
    if conversation.helpdesk_id != source.helpdesk_id:
        return False
    ids = sorted((conversation.id, source.id))
    session.flush()
    rows = select(ConversationRow).where(ConversationRow.id.in_(ids)).order_by(ConversationRow.id)
    # Locked in one order, so that two who go on to each other cannot both be the other's guest.
    session.scalars(rows.with_for_update().execution_options(populate_existing=True)).all()
    home = home_of(source)
    if home in (conversation.id, conversation.files_with):
        return True
    session.execute(
        update(ConversationRow)
        .where(ConversationRow.files_with == conversation.id)
        .values(files_with=home)
    )
    conversation.files_with = home
    session.flush()
    return True


def _told(
    session: Session, live: Live, source: ConversationRow, *, joined: bool, is_one: bool
) -> str:
    locale = live.ctx.tenant.locale
    old = session.get_one(ConnectionRow, source.connection_id).name
    new = live.ctx.connection.name
    text = say("went_on" if joined else "went_on_elsewhere", locale, old=old, new=new)
    return text if is_one else f"{text}\n{say('stay_two', locale)}"
