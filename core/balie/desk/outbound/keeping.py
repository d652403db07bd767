"""What happens to an answer that comes outside the service window: kept, or failed with advice."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select

from balie.api import (
    Context,
    Option,
    Options,
    Part,
    ServiceWindow,
    Status,
    TemplateUse,
    Text,
)
from balie.desk.elsewhere import accepting
from balie.desk.outbound import absent, statuses
from balie.desk.outbound.onward import Kept, Onward
from balie.desk.records import conversations, notes, parts
from balie.desk.records.keys import LEFT, WAITING, is_automatic
from balie.desk.records.models import ConversationRow, Direction, MessageRow, PersonRow
from balie.desk.records.work import sending
from balie.desk.templates import catalogue
from balie.desk.templates.values import Facts, TemplateUnusable, by_itself
from balie.desk.window import hold, standing
from balie.desk.window.local_time import written
from balie.desk.window.texts import say
from balie.ledger.job import Settlement
from balie.ledger.models import Item

HELD = "held:"
"""Begins the key of a note that an answer is kept."""
_QUOTE = 200
_LOOK_AGAIN = timedelta(hours=1)
"""What is held is hurried when the customer writes; looking now and then costs nothing."""


def tell_of_release(
    settlement: Settlement, message: MessageRow, *, locale: str, item: Item
) -> None:
    """Tell the agents that an answer which they were told was kept has been sent."""
    session = settlement.session
    conversation = accepting.told_in(session, message)
    told = select(MessageRow.id).where(
        MessageRow.conversation_id == conversation.id,
        MessageRow.note_key.startswith(f"{HELD}{message.id}:"),
    )
    if session.scalar(told.limit(1)) is None:
        return
    notes.tell(
        settlement,
        conversation,
        key=f"released:{message.id}",
        text=say("released", locale, quote=parts.words(message.parts, _QUOTE)),
        root_id=item.root_id,
    )


class _Fails(Exception):
    """It cannot be kept; the message says why, for the agent."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was asked of the customer, and since when, as nothing else may be sent: ``closed``."""

    text: str
    at: datetime
    closed: str


@dataclass(frozen=True, slots=True)
class Keeping:
    """Keeps answers of one channel connection. ``rules`` are those of its window, if it ``closes``.

    ``has_buttons``: it takes :class:`balie.api.Options`.
    """

    ctx: Context
    rules: ServiceWindow
    onward: Onward
    closes: bool = True
    has_buttons: bool = False

    def is_closed(self, conversation: ConversationRow) -> bool:
        """Say whether nothing but a template may be sent, as far as this row tells."""
        return self.closes and not standing.is_open(
            hold.standing(conversation), self.rules, self.ctx.clock.now()
        )

    def keep(self, settlement: Settlement, items: Sequence[Item]) -> None:
        """Keep the answers that wait in a lane, of which the head is due, and tell the agents.

        Where the customer wrote meanwhile, or it cannot be kept, the head is worked on instead.
        What goes to a number that was typed elsewhere is kept in an open window, too.
        """
        head = items[0]
        session = settlement.session
        messages = {item.id: session.get_one(MessageRow, item.body["message"]) for item in items}
        message = messages[head.id]
        conversation = session.get_one(ConversationRow, message.conversation_id)
        if accepting.stands_in(message):
            session.refresh(conversation, with_for_update=True)
        origin = accepting.awaited(session, message, conversation)
        is_closed = self.is_closed(conversation)
        if is_closed and not hold.shut(session, conversation, settlement):
            is_closed, origin = False, None
        if not is_closed and origin is None:
            settlement.wait(head, settlement.now, "")
            return
        closed = self._closed(conversation) if is_closed else self._typed()
        try:
            _refuse_automatic(message, closed)
            asked = self._ask(settlement, conversation, head, closed, origin)
        except _Fails as failure:
            why = str(failure)
            locale, root_id = self.ctx.tenant.locale, head.root_id
            statuses.fail(settlement, message, code="", why=why, locale=locale, root_id=root_id)
            settlement.refuse(head, why)
            return
        looks = [settlement.now + _LOOK_AGAIN]
        for item in items:
            message = messages[item.id]
            if hold.is_template(message):
                self._send_ahead(settlement, conversation, item, message)
                continue
            kept = self.onward.kept(session, item, message, asked.at, self.rules)
            if kept.goes_on and kept.until <= settlement.now:
                self._let_go_on(settlement, item, message, closed)
                continue
            self._tell(settlement, item, message, asked, kept)
            if kept.goes_on or item is head:
                looks.append(kept.until)
        if not settlement.has_ended(head):
            settlement.wait(head, min(looks), "waits until the customer writes")

    def _let_go_on(
        self, settlement: Settlement, item: Item, message: MessageRow, closed: str
    ) -> None:
        """End an answer here, so that no tap brings it any more, and let it go the next way."""
        why = self._say("untapped", closed=closed)
        message.status, message.error = Status.FAILED, why
        absent.go_on(settlement, message, untapped=True)
        settlement.refuse(item, why)

    def _ask(
        self,
        settlement: Settlement,
        conversation: ConversationRow,
        head: Item,
        closed: str,
        origin: ConversationRow | None,
    ) -> _Asked:
        """Ask the customer to respond, once per window; or to accept, once for that talk."""
        if standing.held_until(head.accepted_at, self.rules) <= settlement.now:
            raise _Fails(self._say("expired", closed=closed, days=f"{self.rules.hold_days:g}"))
        is_closed = self.is_closed(conversation)
        key = f"{WAITING}{standing.key(hold.standing(conversation))}"
        if origin is not None:
            key = f"{LEFT}{origin.id}:{'template' if is_closed else 'plain'}"
        same = select(MessageRow).where(
            MessageRow.conversation_id == conversation.id, MessageRow.note_key == key
        )
        there = settlement.session.scalar(same)
        if there is not None and there.status == Status.FAILED:
            raise _Fails(self._say("failed_template", closed=closed, why=there.error))
        if there is not None:
            return _Asked(parts.words(there.parts, _QUOTE), there.at, closed)
        use: Part = (
            self._waiting_template(settlement, conversation, closed)
            if origin is None or is_closed
            else self._invitation(origin)
        )
        message = conversations.add_message(
            settlement.session,
            conversation,
            direction=Direction.OUTBOUND,
            parts=[use],
            at=settlement.now,
            note_key=key,
        )
        assert message is not None  # noqa: S101 -- it was looked for above; for mypy
        work = sending(conversation, message, head.root_id)
        settlement.enqueue(replace(work, lane=hold.ahead_lane(conversation.id)))
        return _Asked(use.text, settlement.now, closed)

    def _invitation(self, origin: ConversationRow) -> Part:
        """Return what asks whoever has a number whether they typed it. It tells nothing else."""
        locale = origin.language or self.ctx.tenant.locale
        text = say("is_it_you", locale, name=self.ctx.tenant.name)
        if not self.has_buttons:
            return Text(text=text)
        option = Option(id=accepting.option_id(origin), title=say("it_is", locale))
        return Options(text=text, options=(option,))

    def _waiting_template(
        self, settlement: Settlement, conversation: ConversationRow, closed: str
    ) -> TemplateUse:
        if self.rules.waiting_template is None:
            raise _Fails(self._say("no_template", closed=closed))
        session = settlement.session
        name, language = self.rules.waiting_template
        if not catalogue.were_read(session, conversation.connection_id):
            # Whether it is there, the vendor says when it is sent.
            return TemplateUse(
                text=self._say("unread_template", name=name), name=name, language=language
            )
        try:
            template = catalogue.usable(
                session, conversation.connection_id, name, language=language
            )
            facts = Facts(name=session.get_one(PersonRow, conversation.person_id).name)
            values = by_itself(template.name, template.variables, facts)
        except TemplateUnusable as problem:
            why = problem.said(self.ctx.tenant.locale)
            raise _Fails(self._say("bad_template", closed=closed, why=why)) from problem
        return catalogue.made_use(template, values)

    def _send_ahead(
        self, settlement: Settlement, conversation: ConversationRow, item: Item, message: MessageRow
    ) -> None:
        work = sending(conversation, message, item.root_id)
        settlement.enqueue(
            replace(work, lane=hold.ahead_lane(conversation.id), dedupe=f"{work.dedupe}:ahead")
        )
        settlement.deliver(item)

    def _tell(
        self, settlement: Settlement, item: Item, message: MessageRow, asked: _Asked, kept: Kept
    ) -> None:
        conversation = settlement.session.get_one(ConversationRow, message.conversation_id)
        notes.tell(
            settlement,
            accepting.told_in(settlement.session, message),
            key=f"{HELD}{message.id}:{standing.key(hold.standing(conversation))}",
            text=self._say(
                "held_then_mailed" if kept.goes_on else "held",
                closed=asked.closed,
                until=self._time(kept.until),
                quote=parts.words(message.parts, _QUOTE),
                asked=asked.text,
            ),
            root_id=item.root_id,
        )

    def _closed(self, conversation: ConversationRow) -> str:
        """Say why no free answer may be sent."""
        channel = self.ctx.connection.name
        end = standing.closes_at(hold.standing(conversation), self.rules)
        if end is None:
            return self._say("never_open", channel=channel)
        if end > self.ctx.clock.now():
            return self._say("shut", channel=channel)
        return self._say("closed", channel=channel, time=self._time(end))

    def _typed(self) -> str:
        return self._say("typed", channel=self.ctx.connection.name)

    def _time(self, at: datetime) -> str:
        return written(at, self.ctx.tenant.region, self.ctx.tenant.locale)

    def _say(self, text: str, /, **values: str) -> str:
        return say(text, self.ctx.tenant.locale, **values)


def _refuse_automatic(message: MessageRow, closed: str) -> None:
    """Raise _Fails for what was to be said by itself: nobody waits for it."""
    if is_automatic(message):
        raise _Fails(closed)
