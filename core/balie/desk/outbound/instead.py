"""An answer on another way: a copy of it, sent on another connection of the tenant's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

from sqlalchemy import select
from sqlalchemy.orm import Session

from balie.api import (
    Absence,
    Address,
    AddressKind,
    Capabilities,
    Earlier,
    Link,
    Part,
    Status,
    for_people,
)
from balie.desk.elsewhere import hops, links
from balie.desk.elsewhere.codes import HopCodes
from balie.desk.elsewhere.texts import say
from balie.desk.outbound.split import split
from balie.desk.records import conversations, notes, parts, people
from balie.desk.records.groups import home_of
from balie.desk.records.keys import INSTEAD
from balie.desk.records.models import ConversationRow, Direction, MessageRow
from balie.desk.templates.values import render
from balie.desk.texts import say as say_of_sending
from balie.desk.window import hold
from balie.ledger.job import Settlement
from balie.tenants.contexts import Contexts, Live
from balie.tenants.models import ConnectionRow, State

ARRIVED = (Status.DELIVERED, Status.READ)
"""An answer that got so far goes no other way: the customer was there."""
_QUOTE = 200
_EARLIER = 1_000
_LOOK_BACK = 20
_GOOD_FOR = timedelta(days=3)
"""How long the way back in a letter is good: it may lie in a mailbox over a weekend."""


@dataclass(frozen=True, slots=True)
class Way:
    """Another connection, and the customer's address there."""

    live: Live
    address: Address

    def told(self, region: str) -> str:
        """Return the address as people read it."""
        value = self.address.value
        return for_people(value, region) if self.address.kind is AddressKind.PHONE else value


@dataclass(frozen=True, slots=True)
class Origin:
    """The answer that nobody was there for. ``back`` leads to its talk, with ``{text}`` in it.

    ``untapped`` is where it was kept, if the customer did not respond there.
    """

    live: Live
    conversation: ConversationRow
    message: MessageRow
    back: str = ""
    untapped: str = ""


def replaced(session: Session, copy: MessageRow) -> MessageRow | None:
    """Return the answer that this was sent in place of, or None where it is no copy of one."""
    key = copy.note_key or ""
    told = key.removeprefix(INSTEAD).partition(":")[0]
    if not key.startswith(INSTEAD) or not told.isdecimal():
        return None
    return session.get(MessageRow, int(told))


def next_way(
    session: Session,
    contexts: Contexts,
    live: Live,
    rules: Absence,
    person_id: int,
    past: int | None = None,
) -> Way | None:
    """Return the first way by which this person may be answered, if there is one.

    ``past`` is the connection of the way that was tried already: those after it are left.
    """
    found = [(rules.by, links.left_number), (rules.mail, links.mail_address)]
    if past is not None:
        slugs = [slug for slug, _ in found]
        tried = session.get_one(ConnectionRow, past).slug
        found = found[slugs.index(tried) + 1 :] if tried in slugs else []
    for slug, look in found:
        other, address = connection(session, contexts, live, slug), look(session, person_id)
        if other is not None and address is not None:
            return Way(other, address)
    return None


def connection(session: Session, contexts: Contexts, live: Live, slug: str) -> Live | None:
    """Return the tenant's connection of this name, if it can be used."""
    found = session.scalar(
        select(ConnectionRow.id).where(
            ConnectionRow.tenant_id == live.tenant_id,
            ConnectionRow.slug == slug,
            ConnectionRow.state != State.OFF,
            ConnectionRow.files_into.is_not(None),
        )
    )
    return None if found is None else contexts.get(found)


@dataclass(frozen=True, slots=True)
class Copying:
    """Sends copies. ``codes`` are for the way back."""

    settlement: Settlement
    codes: HopCodes

    def send(self, origin: Origin, way: Way, abilities: Capabilities, root_id: int) -> None:
        """Let an answer go this way, and tell the ticket so."""
        message, locale = origin.message, origin.live.ctx.tenant.locale
        thread = str(origin.conversation.id) if abilities.stands_alone else ""
        target = self.conversation(way, origin.conversation, thread)
        said: Sequence[Part] = parts.load(message.parts)
        if abilities.stands_alone:
            said = (*said, *self._around(origin))
        found = split(said, abilities, locale)
        for place, one in enumerate(found.messages):
            copy = conversations.add_message(
                self.settlement.session,
                target,
                direction=Direction.OUTBOUND,
                parts=one,
                at=self.settlement.now,
                note_key=f"{INSTEAD}{message.id}:{place}",
                author=message.author,
            )
            if copy is not None:
                hold.line_up_left(self.settlement, target, copy, root_id, origin.conversation.id)
        self._tell(origin, way, target, found.left_out, root_id)

    def conversation(self, way: Way, origin: ConversationRow, thread: str = "") -> ConversationRow:
        """Return the conversation with an address.

        One that is new shares the ticket, if the address is known to be the customer's. A number
        that was left is not, until whoever has it accepts.
        """
        session, now = self.settlement.session, self.settlement.now
        other = way.live
        evidence = f"was left in conversation {origin.id}"
        person = people.recognise(
            session, other.tenant_id, [way.address], name="", evidence=evidence, now=now
        )
        assert other.files_into is not None  # noqa: S101 -- it was asked for; for mypy
        target = conversations.between(
            session,
            person,
            connection_id=other.ctx.connection.id,
            helpdesk_id=other.files_into,
            now=now,
            thread=thread,
        )
        is_new = target.last_inbound_at is None and target.files_with is None
        if (
            is_new
            and target.person_id == origin.person_id
            and target.helpdesk_id == origin.helpdesk_id
        ):
            target.files_with = home_of(origin)
            session.flush()
        return target

    def _around(self, origin: Origin) -> list[Part]:
        """Return what a letter says beside the answer: what was asked, and the way back."""
        session, found = self.settlement.session, list[Part]()
        asked = _asked(session, origin.message)
        if asked:
            found.append(Earlier(text=asked))
        if origin.back:
            clock = origin.live.ctx.clock
            code = hops.issue(session, self.codes, origin.conversation, clock, _GOOD_FOR).code
            url = render(origin.back, {"text": quote(code, safe="")})
            name = origin.live.ctx.connection.name
            locale = origin.conversation.language or origin.live.ctx.tenant.locale
            label = say("way_back", locale, name=name)
            found.append(Link(text=label, label=label, url=url))
        return found

    def _tell(
        self,
        origin: Origin,
        way: Way,
        target: ConversationRow,
        left_out: Sequence[str],
        root_id: int,
    ) -> None:
        tenant, message = origin.live.ctx.tenant, origin.message
        by_mail = "by_mail_untapped" if origin.untapped else "by_mail"
        text = say(
            by_mail if way.address.kind is AddressKind.EMAIL else "by_other_way",
            tenant.locale,
            untapped=origin.untapped,
            way=way.live.ctx.connection.name,
            number=way.told(tenant.region),
            quote=parts.words(message.parts, _QUOTE),
        )
        wrote_before = target.last_inbound_at is not None
        if wrote_before and home_of(target) != home_of(origin.conversation):
            text += "\n" + say("own_ticket", tenant.locale)
        if left_out:
            what = "\n".join(f"- {one}" for one in left_out)
            text += "\n" + say_of_sending("left_out", tenant.locale, what=what)
        key = f"absent:{message.id}:{way.live.ctx.connection.id}"
        notes.tell(self.settlement, origin.conversation, key=key, text=text, root_id=root_id)


def _asked(session: Session, answer: MessageRow) -> str:
    """Return what the customer had said before an answer, since the one before it."""
    rows = session.execute(
        select(MessageRow.direction, MessageRow.parts)
        .where(
            MessageRow.conversation_id == answer.conversation_id,
            MessageRow.id < answer.id,
            MessageRow.direction != Direction.NOTE,
        )
        .order_by(MessageRow.id.desc())
        .limit(_LOOK_BACK)
    )
    found: list[str] = []
    for direction, stored in rows:
        if direction == Direction.INBOUND:
            found.append(parts.words(stored, _EARLIER))
        elif found:
            break
    return "\n".join(reversed(found))[:_EARLIER]
