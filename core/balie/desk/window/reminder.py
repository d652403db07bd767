"""Agents are told that a window closes, once per window, unless they have answered since."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from balie.api import ServiceWindow, Status
from balie.desk.records import notes
from balie.desk.records.keys import is_automatic
from balie.desk.records.models import ConversationRow, Direction, MessageRow
from balie.desk.records.work import Work
from balie.desk.templates.values import render
from balie.desk.window import standing
from balie.desk.window.local_time import written
from balie.desk.window.standing import Standing
from balie.desk.window.texts import say
from balie.hooks import Hooks
from balie.ledger.drain import Handler
from balie.ledger.job import Job, Settlement
from balie.ledger.models import Item, Lane, State
from balie.ledger.priority import Priority
from balie.ledger.rows import NewItem
from balie.tenants.contexts import Contexts


def set_for(settlement: Settlement, conversation: ConversationRow, rules: ServiceWindow) -> None:
    """Let there be one reminder; one that waits already moves by itself when its time comes."""
    at = standing.remind_at(Standing(conversation.last_inbound_at), rules)
    lane = f"{Work.REMIND}:{conversation.id}"
    if at is None or _waits(settlement.session, conversation.connection_id, lane):
        return
    settlement.enqueue(
        # A root of its own: the message that led to it need not stay open until then.
        NewItem(
            tenant_id=conversation.tenant_id,
            connection_id=conversation.connection_id,
            kind=Work.REMIND,
            dedupe=f"{lane}:{at.isoformat()}",
            lane=lane,
            order_at=settlement.now,
            not_before=at,
            priority=Priority.STATUS,
            body={"conversation": conversation.id},
        )
    )


@dataclass(frozen=True, slots=True)
class Reminding:
    """Works reminders whose time has come."""

    hooks: Hooks
    contexts: Contexts

    def handlers(self) -> dict[str, Handler]:
        """Return the handler of reminders."""
        return {Work.REMIND: Handler(self._work, asks=False)}

    def _work(self, job: Job) -> None:
        item = job.head
        ctx = self.contexts.get(job.lease.connection_id).ctx
        rules = self.hooks.capabilities(ctx).window
        with job.settle() as settlement:
            # Locked: a message that comes in now must find this one waiting, or set another.
            conversation = settlement.session.get_one(
                ConversationRow, item.body["conversation"], with_for_update=True
            )
            at = None if rules is None else standing.remind_at(_standing(conversation), rules)
            if rules is None or at is None:
                settlement.refuse(item, "reminders are switched off")
            elif at > settlement.now:
                settlement.wait(item, at, "the customer wrote again")
            elif (why := _needless(settlement, conversation, rules)) != "":
                settlement.refuse(item, why)
            else:
                _tell(settlement, conversation, rules, item, ctx.tenant.region, ctx.tenant.locale)
                settlement.deliver(item)


def _standing(conversation: ConversationRow) -> Standing:
    return Standing(conversation.last_inbound_at)


def _needless(settlement: Settlement, conversation: ConversationRow, rules: ServiceWindow) -> str:
    end = standing.closes_at(_standing(conversation), rules)
    if end is None or end <= settlement.now:
        return "the window closed before anybody could be reminded"
    since = settlement.session.scalars(
        select(MessageRow).where(
            MessageRow.conversation_id == conversation.id,
            MessageRow.at >= conversation.last_inbound_at,
            MessageRow.direction == Direction.OUTBOUND,
            MessageRow.status != Status.FAILED,
        )
    )
    answered = any(not is_automatic(message) for message in since)
    return "the customer was answered" if answered else ""


def _tell(
    settlement: Settlement,
    conversation: ConversationRow,
    rules: ServiceWindow,
    item: Item,
    region: str,
    locale: str,
) -> None:
    end = standing.closes_at(_standing(conversation), rules)
    assert end is not None  # noqa: S101 -- there would be no time to remind at; for mypy
    time = written(end, region, locale)
    notes.tell(
        settlement,
        conversation,
        key=f"closes:{standing.key(_standing(conversation))}",
        text=render(rules.remind_text, {"time": time}) or say("closes", locale, time=time),
        root_id=item.id,
    )


_WAITING = (
    select(Item.id)
    .join(Lane, Lane.id == Item.lane_id)
    .where(
        Lane.connection_id == bindparam("connection"),
        Lane.name == bindparam("lane"),
        Item.state == State.PENDING,
    )
    .limit(1)
)


def _waits(session: Session, connection_id: int, lane: str) -> bool:
    asked = {"connection": connection_id, "lane": lane}
    return session.connection().execute(_WAITING, asked).first() is not None
