"""Agents' commands carried out, once, with the result written back as an internal note."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from balie.api import AgentCommanded, Options, Part, Reaction, TemplateUse
from balie.desk import rating
from balie.desk.commands import moving
from balie.desk.commands.grammar import (
    Ask,
    Close,
    Command,
    Help,
    Misread,
    MoveToWhatsApp,
    Send,
    SendTemplate,
    read,
)
from balie.desk.commands.texts import say
from balie.desk.outbound.answers import Channels, Heard, hear, is_to_nobody
from balie.desk.records import conversations, notes
from balie.desk.records.keys import SOLVES
from balie.desk.records.models import ConversationRow, Direction, MessageRow, PersonRow
from balie.desk.templates import catalogue
from balie.desk.templates.values import Facts, TemplateUnusable
from balie.desk.window import hold
from balie.hooks import Hooks
from balie.ledger.job import Settlement
from balie.ledger.models import Item
from balie.tenants.contexts import Contexts
from balie.tenants.models import ConnectionRow

_NAMES = 20
"""So many templates are named in a note."""


@dataclass(frozen=True, slots=True)
class Obeying:
    """Carries out what agents command in a ticket."""

    hooks: Hooks
    contexts: Contexts

    def obey(self, settlement: Settlement, event: AgentCommanded, item: Item, locale: str) -> str:
        """Carry out a command, once. Returns the reason where there is nothing to carry out."""
        heard = hear(settlement, event, item)
        if isinstance(heard, str):
            return heard
        conversation = heard.conversation
        root_id = item.root_id or item.id
        if is_to_nobody(settlement, heard, root_id, locale):
            return "the customer was erased"
        abilities = Channels(self.hooks, self.contexts).abilities
        desk = _Desk(
            settlement,
            heard,
            locale,
            sends=abilities(conversation.connection_id).sends,
            solves=abilities(item.connection_id).solves,
        )
        command = read(event.text)
        if isinstance(command, MoveToWhatsApp):
            target = moving.elsewhere(self.hooks, self.contexts, conversation)
            if target is not None:
                work = moving.moving(conversation, target, heard.comment_id, event.author, root_id)
                settlement.enqueue(work)  # it tells the agent itself
                return ""
        try:
            answer, part = desk.carried_out(command)
        except _Refused as refusal:
            answer, part = say("refused", locale, why=str(refusal)), None
        if part is not None:
            message = conversations.add_message(
                settlement.session,
                conversation,
                direction=Direction.OUTBOUND,
                parts=[part],
                at=heard.at,
                quotes=desk.last_said() if isinstance(part, Reaction) else None,
                author=event.author,
            )
            assert message is not None  # noqa: S101 -- it has no key that could exist; for mypy
            message.comment_id = heard.comment_id
            hold.line_up(settlement, conversation, message, root_id)
        key = f"{SOLVES if desk.ends_with(command) else 'command:'}{heard.comment_id}"
        notes.tell(settlement, conversation, key=key, text=answer, root_id=root_id)
        return ""


class _Refused(Exception):
    """It cannot be done; the message says why, for the agent."""


@dataclass(frozen=True, slots=True)
class _Desk:
    """One command's surroundings.

    ``sends`` are the parts that the channel takes; ``solves``: the helpdesk solves tickets for us.
    """

    settlement: Settlement
    heard: Heard
    locale: str
    sends: frozenset[str]
    solves: bool

    @property
    def conversation(self) -> ConversationRow:
        return self.heard.conversation

    @property
    def session(self) -> Session:
        return self.settlement.session

    def carried_out(self, command: Command) -> tuple[str, Part | None]:
        """Return what is said to the agent, and what is sent to the customer. Raises _Refused."""
        match command:
            case SendTemplate():
                use = self._template(command)
                return self._say("sends", name=use.name, language=use.language, text=use.text), use
            case Ask():
                self._must_send(Options, "cannot_options")
                titles = ", ".join(option.title for option in command.options.options)
                return self._say("asks", text=command.options.text, options=titles), command.options
            case Send():
                self._must_send(type(command.part), "cannot_part")
                if command.answers and self.last_said() is None:
                    raise _Refused(self._say("nothing_said"))
                return self._say("sends_part", text=command.part.text), command.part
            case Help():
                return self._say("help", templates=self._known()), None
            case Close() if not self.solves:
                raise _Refused(self._say("cannot_close", channel=self._channel()))
            case Close():
                return self._say("closes" if self.ends_with(command) else "went_on"), None
            case MoveToWhatsApp():
                raise _Refused(self._say("cannot_move"))
            case Misread():
                raise _Refused(self._how(command))

    def ends_with(self, command: Command) -> bool:
        """Say whether the conversation ends now: closing it must not hide what agents never saw."""
        last = self.conversation.last_inbound_at
        return (
            isinstance(command, Close)
            and self.solves
            and self.heard.ticket.is_current
            and (last is None or last <= self.heard.at)
            and not rating.waits(self.session, self.conversation)
        )

    def last_said(self) -> str | None:
        """Return the channel's id of the customer's last message."""
        return self.session.scalar(
            select(MessageRow.channel_id)
            .where(
                MessageRow.conversation_id == self.conversation.id,
                MessageRow.direction == Direction.INBOUND,
                MessageRow.channel_id.is_not(None),
            )
            .order_by(MessageRow.at.desc(), MessageRow.id.desc())
            .limit(1)
        )

    def _template(self, command: SendTemplate) -> TemplateUse:
        self._must_send(TemplateUse, "cannot_template")
        person = self.session.get_one(PersonRow, self.conversation.person_id)
        facts = Facts(name=person.name, ticket=self.heard.ticket.remote_id)
        try:
            template = catalogue.usable(
                self.session,
                self.conversation.connection_id,
                command.name,
                language=command.language,
                locale=self.locale,
            )
            return catalogue.use(template, command.values, facts)
        except TemplateUnusable as problem:
            raise _Refused(problem.said(self.locale)) from problem

    def _must_send(self, part: type[Part], problem: str) -> None:
        if part.__name__ not in self.sends:
            raise _Refused(self._say(problem, channel=self._channel()))

    def _how(self, misread: Misread) -> str:
        known = self._known()
        overview = self._say("help", templates=known)
        return self._say(misread.problem, word=misread.word, templates=known, help=overview)

    def _known(self) -> str:
        if TemplateUse.__name__ not in self.sends:
            return ""
        rows = catalogue.all_of(self.session, self.conversation.connection_id)
        usable = [row.name for row in rows if row.as_template().is_usable]
        names = list(dict.fromkeys(usable))
        if not names:
            return self._say("no_templates")
        more = ", …" if len(names) > _NAMES else ""
        return self._say("templates", names=", ".join(names[:_NAMES]) + more)

    def _channel(self) -> str:
        return self.session.get_one(ConnectionRow, self.conversation.connection_id).name

    def _say(self, text: str, /, **values: str) -> str:
        return say(text, self.locale, **values)
