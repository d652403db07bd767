"""A customer is shown the way to another channel, to go on there in the same ticket."""

from dataclasses import dataclass
from urllib.parse import quote

from balie.api import Capabilities, Context, Link, Part, Text, WayIn
from balie.desk.commands.texts import say, say_to_customer
from balie.desk.elsewhere import hops
from balie.desk.elsewhere.codes import HopCodes
from balie.desk.records import conversations, notes
from balie.desk.records.models import ConversationRow, Direction
from balie.desk.records.work import Work
from balie.desk.templates.values import render
from balie.desk.window import hold
from balie.hooks import Hooks
from balie.ledger.drain import Handler
from balie.ledger.job import Job, Settlement
from balie.ledger.models import Item
from balie.ledger.rows import NewItem
from balie.tenants.contexts import Contexts
from balie.tenants.models import ConnectionRow, TenantRow

HOOK = "ways_in"


def elsewhere(hooks: Hooks, contexts: Contexts, conversation: ConversationRow) -> int | None:
    """Return the connection in which a conversation could go on: of another plugin, same desk."""
    here = contexts.get(conversation.connection_id).ctx.connection.plugin
    for ctx in contexts.roster(conversation.tenant_id):
        plugin, found = ctx.connection.plugin, ctx.connection.id
        tells = hooks.registry.function(plugin, HOOK) is not None and contexts.is_enabled(ctx)
        same_desk = contexts.get(found).files_into == conversation.helpdesk_id
        if plugin != here and tells and same_desk:
            return found
    return None


def moving(
    conversation: ConversationRow, target_id: int, comment_id: int, author: str, root_id: int
) -> NewItem:
    """Return the work of showing the customer the way, which is the target's to tell."""
    return NewItem(
        tenant_id=conversation.tenant_id,
        connection_id=target_id,
        kind=Work.MOVE,
        dedupe=f"{Work.MOVE}:{comment_id}",
        lane=f"{Work.MOVE}:{conversation.id}",
        order_at=conversation.opened_at,
        body={"conversation": conversation.id, "comment": comment_id, "author": author},
        root_id=root_id,
    )


@dataclass(frozen=True, slots=True)
class Moving:
    """Works the lanes of customers who are shown the way."""

    hooks: Hooks
    contexts: Contexts
    codes: HopCodes

    def handlers(self) -> dict[str, Handler]:
        """Return the handler of this work."""
        return {Work.MOVE: Handler(self._work, _failed)}

    def _work(self, job: Job) -> None:
        item = job.head
        target = self.contexts.get(job.lease.connection_id).ctx
        with job.store.reading() as session:
            conversation = session.get_one(ConversationRow, item.body["conversation"])
        here = self.contexts.get(conversation.connection_id).ctx
        abilities = self.hooks.capabilities(here)
        tone = abilities.tone or self.hooks.capabilities(target).tone
        ways = [way for way in self.hooks.ways_in(target) if way.text_url]
        locale = target.tenant.locale
        with job.settle() as settlement:
            if not ways:
                _tell(settlement, item, say("cannot_move", locale))
                settlement.refuse(item, "the channel tells no way in that takes words")
                return
            session = settlement.session
            code = hops.issue(session, self.codes, conversation, job.clock).code
            message = conversations.add_message(
                session,
                conversation,
                direction=Direction.OUTBOUND,
                parts=[_Invitation(target, conversation, tone).part(ways[0], code, abilities)],
                at=settlement.now,
                author=item.body["author"],
            )
            assert message is not None  # noqa: S101 -- it has no key that could exist; for mypy
            message.comment_id = item.body["comment"]
            hold.line_up(settlement, conversation, message, item.root_id)
            _tell(settlement, item, say("moves", locale, channel=target.connection.name))
            settlement.deliver(item)


@dataclass(frozen=True, slots=True)
class _Invitation:
    """What the customer is shown, in their language where it is known, and in the chat's tone."""

    target: Context
    conversation: ConversationRow
    tone: str

    def part(self, way: WayIn, code: str, abilities: Capabilities) -> Part:
        """Return it as a button where the channel has those."""
        url = render(way.text_url, {"text": quote(self._say("move_words", code=code), safe="")})
        channel = self.target.connection.name
        text = self._say("move_text", channel=channel)
        if Link.__name__ in abilities.sends:
            return Link(text=text, label=self._say("move_label", channel=channel), url=url)
        return Text(text=f"{text} {url}")

    def _say(self, name: str, **values: str) -> str:
        locale = self.conversation.language or self.target.tenant.locale
        return say_to_customer(name, locale, self.tone, **values)


def _tell(settlement: Settlement, item: Item, text: str) -> None:
    conversation = settlement.session.get_one(ConversationRow, item.body["conversation"])
    key = f"command:{item.body['comment']}"
    notes.tell(settlement, conversation, key=key, text=text, root_id=item.root_id)


def _failed(settlement: Settlement, item: Item, reason: str) -> None:
    session = settlement.session
    locale = session.get_one(TenantRow, item.tenant_id).locale
    channel = session.get_one(ConnectionRow, item.connection_id).name
    _tell(settlement, item, say("move_failed", locale, channel=channel, why=reason))
