"""What policies ask for, carried out: durably, and once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select, update

from balie.api import Action, CallOff, Later, Note, ReplyOnce, Text
from balie.desk.records import conversations, notes
from balie.desk.records.keys import ONCE
from balie.desk.records.models import ConversationRow, Direction
from balie.desk.records.work import Work
from balie.desk.texts import say
from balie.desk.window import hold
from balie.ledger.drain import Handler
from balie.ledger.job import Job, Settlement
from balie.ledger.models import LANE_LENGTH, Item, Lane, State
from balie.ledger.rows import NewItem
from balie.store import fitted
from balie.tenants.models import TenantRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who asked for an action, where, and because of which event.

    ``speaker_id`` is who of those that share the conversation had spoken.
    """

    plugin: str
    conversation: ConversationRow
    root_id: int | None
    speaker_id: int | None = None


def carry_out(settlement: Settlement, asked: Asked, action: Action) -> None:
    """Do what was asked, or see to it that it is done in time."""
    match action:
        case Note():
            key = f"note:{asked.plugin}:{action.key}"
            notes.tell(
                settlement,
                asked.conversation,
                key=key,
                text=action.text,
                root_id=asked.root_id,
                speaker_id=asked.speaker_id,
            )
        case ReplyOnce():
            _reply(settlement, asked, action)
        case Later():
            _set_timer(settlement, asked, action)
        case CallOff():
            _call_off(settlement, asked, action.key)


@dataclass(frozen=True, slots=True)
class Timers:
    """Works timers whose time has come."""

    def handlers(self) -> dict[str, Handler]:
        """Return the handler of timers."""
        return {Work.TIMER: Handler(self._work, asks=False)}

    def _work(self, job: Job) -> None:
        item = job.head
        with job.settle() as settlement:
            conversation = settlement.session.get_one(ConversationRow, item.body["conversation"])
            asked = Asked(plugin=item.body["plugin"], conversation=conversation, root_id=item.id)
            carry_out(settlement, asked, _action(item.body["action"]))
            settlement.deliver(item)


def _reply(settlement: Settlement, asked: Asked, action: ReplyOnce) -> None:
    reply = conversations.add_message(
        settlement.session,
        asked.conversation,
        direction=Direction.OUTBOUND,
        parts=[Text(text=action.text)],
        at=settlement.now,
        note_key=f"{ONCE}{asked.plugin}:{action.key}",
        author=asked.plugin,
    )
    if reply is None:
        return
    hold.line_up(settlement, asked.conversation, reply, asked.root_id)
    locale = settlement.session.get_one(TenantRow, asked.conversation.tenant_id).locale
    notes.tell(
        settlement,
        asked.conversation,
        key=f"auto:{reply.id}",
        text=say("said_automatically", locale, text=action.text),
        root_id=asked.root_id,
    )


def _set_timer(settlement: Settlement, asked: Asked, later: Later) -> None:
    lane = _timer_lane(asked, later.key)
    if any(item.lane == lane for item in settlement.new):
        return
    if settlement.session.scalar(select(Item.id).where(*_waiting(asked, lane))) is not None:
        return
    kind = "note" if isinstance(later.action, Note) else "reply"
    settlement.enqueue(
        # A root of its own: the event that led to it need not stay open until then.
        NewItem(
            tenant_id=asked.conversation.tenant_id,
            connection_id=asked.conversation.connection_id,
            kind=Work.TIMER,
            # By what led to it, too: one that was called off may be set again for the same time.
            dedupe=f"{lane}:{later.at.isoformat()}:{asked.root_id}",
            lane=lane,
            order_at=settlement.now,
            not_before=later.at,
            body={
                "conversation": asked.conversation.id,
                "plugin": asked.plugin,
                "action": {"is": kind, "key": later.action.key, "text": later.action.text},
            },
        )
    )


def _call_off(settlement: Settlement, asked: Asked, key: str) -> None:
    lane = _timer_lane(asked, key)
    settlement.new = [item for item in settlement.new if item.lane != lane]
    settlement.session.execute(
        update(Item)
        .where(*_waiting(asked, lane))
        .values(state=State.REFUSED, reason="called off", ended_at=settlement.now, next_at=None)
    )


def _waiting(asked: Asked, lane: str) -> tuple[ColumnElement[bool], ...]:
    lane_id = select(Lane.id).where(
        Lane.connection_id == asked.conversation.connection_id, Lane.name == lane
    )
    return Item.lane_id == lane_id.scalar_subquery(), Item.state == State.PENDING


def _timer_lane(asked: Asked, key: str) -> str:
    return fitted(f"{Work.TIMER}:{asked.conversation.id}:{asked.plugin}:{key}", LANE_LENGTH)


def _action(stored: Mapping[str, Any]) -> Note | ReplyOnce:
    made = Note if stored["is"] == "note" else ReplyOnce
    return made(key=stored["key"], text=stored["text"])
