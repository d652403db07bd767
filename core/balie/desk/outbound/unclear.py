"""What agents are told of an answer that may have been sent, where nothing will ever prove it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from balie.api import Context, Status
from balie.desk.elsewhere import accepting
from balie.desk.outbound.instead import replaced
from balie.desk.records import notes, parts
from balie.desk.records.models import MessageRow
from balie.desk.texts import say
from balie.ledger.job import Job, Settlement
from balie.ledger.models import Item

_QUOTE = 200
_TOLD = "unclear:{id}"


def tell(job: Job, message_id: int, ctx: Context) -> None:
    """Say, once, that it is sent again and may come twice; before it is, whatever comes of that."""
    with job.settle() as settlement:
        message = settlement.session.get_one(MessageRow, message_id)
        notes.tell(
            settlement,
            accepting.told_in(settlement.session, message),
            key=_TOLD.format(id=message_id),
            text=say(
                "unclear",
                ctx.tenant.locale,
                channel=ctx.connection.name,
                quote=_quote(settlement.session, message),
            ),
            root_id=job.head.root_id,
        )


def is_told(session: Session, message: MessageRow) -> bool:
    """Say whether agents know that this may have been sent."""
    told = select(MessageRow.id).where(
        MessageRow.conversation_id == accepting.told_in(session, message).id,
        MessageRow.note_key == _TOLD.format(id=message.id),
    )
    return session.scalar(told) is not None


def end(settlement: Settlement, message: MessageRow, item: Item, *, why: str, locale: str) -> None:
    """Mark as failed what is sent no more, and say that it may have come all the same."""
    message.status, message.error = Status.FAILED, why
    notes.tell(
        settlement,
        accepting.told_in(settlement.session, message),
        key=f"unclear_end:{message.id}",
        text=say("unclear_end", locale, quote=_quote(settlement.session, message), why=why),
        root_id=item.root_id,
    )


def _quote(session: Session, message: MessageRow) -> str:
    """Return the agent's words: a letter holds more than those."""
    said = replaced(session, message) or message
    return parts.words(said.parts, _QUOTE)
