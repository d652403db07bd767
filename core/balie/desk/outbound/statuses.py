"""How far an outbound message came: statuses climb, whenever and in whatever order they arrive."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from balie.api import Status, StatusReported, climbs
from balie.desk.elsewhere import accepting
from balie.desk.outbound import absent
from balie.desk.records import notes, parts
from balie.desk.records.keys import INSTEAD, WAITING
from balie.desk.records.models import (
    CHANNEL_ID_LENGTH,
    ID_DIGITS,
    ConversationRow,
    Direction,
    MessageRow,
    StatusRow,
)
from balie.desk.texts import say
from balie.desk.window import hold
from balie.ledger.job import Settlement
from balie.ledger.models import Item
from balie.store import exclusively, fitted

_QUOTE = 200


def report(
    settlement: Settlement,
    event: StatusReported,
    item: Item,
    *,
    locale: str,
    too_late: frozenset[str] = frozenset(),
) -> None:
    """Keep a status, and apply it to its message if that is known.

    A status may come before the answer to our own send; it is kept until then. Where the
    channel echoes our reference, it also proves a send whose outcome was unknown. A failure with
    a code in ``too_late`` means that the message is to be held.
    """
    session, connection_id = settlement.session, item.connection_id
    channel_id = fitted(event.message_id, CHANNEL_ID_LENGTH)
    exclusively(session, about(connection_id, channel_id))
    here = (StatusRow.connection_id == connection_id, StatusRow.channel_id == channel_id)
    known = select(StatusRow.id).where(*here, StatusRow.status == event.status)
    is_new = session.scalar(known) is None
    if is_new:
        session.add(
            StatusRow(
                tenant_id=item.tenant_id,
                connection_id=connection_id,
                channel_id=channel_id,
                status=event.status,
                at=event.at,
                code=event.code,
                text=event.text,
            )
        )
        session.flush()
    message = _message(session, connection_id, channel_id)
    if message is None:
        message = _by_reference(session, connection_id, event.reference)
        if message is not None and _came_too_late(session, here, too_late):
            # That send is over: nothing that is told of it is about the next one.
            if is_new and event.status is Status.FAILED:
                hold.take_back(settlement, message, channel_id, item)
            return
    if message is not None:
        message.channel_id = message.channel_id or channel_id
        catch_up(settlement, message, item, locale=locale, too_late=too_late)


def about(connection_id: int, channel_id: str) -> str:
    """Return the name to be alone with while tying a status to a message, or the message to its id.

    Else a status and the receipt of its message could pass each other unseen. It is locked before
    the lane in which the message is sent.
    """
    return f"message {connection_id} {channel_id}"


def catch_up(
    settlement: Settlement,
    message: MessageRow,
    item: Item,
    *,
    locale: str,
    too_late: frozenset[str] = frozenset(),
) -> None:
    """Bring a message to where all statuses reported for it say it is; tell the ticket of news.

    ``item`` is the work in hand: a status, or the sending of this very message, which ends now.
    The order in which they came makes no difference, so a failure is taken back by a proof that
    the message did reach the customer: it was another device's.
    """
    root_id = item.root_id or item.id
    rows = settlement.session.scalars(
        select(StatusRow)
        .where(
            StatusRow.connection_id == message.connection_id,
            StatusRow.channel_id == message.channel_id,
        )
        .order_by(StatusRow.at, StatusRow.id)
    ).all()
    by_status = {Status(row.status): row for row in rows}
    reported = [status for status in Status if status in by_status]
    reached = Status.DELIVERED in reported or Status.READ in reported
    failure = by_status.get(Status.FAILED)
    if failure is not None and not reached:
        if failure.code in too_late and message.channel_id and not hold.is_template(message):
            message.status, message.error = Status.QUEUED, ""
            hold.take_back(settlement, message, message.channel_id, item)
        elif message.status != Status.FAILED:
            why, code = failure.text, failure.code
            fail(settlement, message, code=code, why=why, locale=locale, root_id=root_id)
        return
    if message.status == Status.FAILED and reported:
        _recover(settlement, message, locale=locale, root_id=root_id)
    for status in reported:
        if climbs(Status(message.status), status):
            message.status = status


def _recover(
    settlement: Settlement, message: MessageRow, *, locale: str, root_id: int | None
) -> None:
    """Take back that a message failed."""
    message.status, message.error = Status.ACCEPTED, ""
    notes.tell(
        settlement,
        accepting.told_in(settlement.session, message),
        key=f"recovered:{message.id}",
        text=say("sent_after_all", locale, quote=parts.words(message.parts, _QUOTE)),
        root_id=root_id,
    )


def fail(
    settlement: Settlement,
    message: MessageRow,
    *,
    code: str,
    why: str,
    locale: str,
    root_id: int | None,
) -> None:
    """Mark a message as failed and say so in the ticket, once."""
    session = settlement.session
    reason = why or say("no_reason", locale)
    message.status = Status.FAILED
    message.error = f"{code}: {reason}" if code else reason
    conversation = session.get_one(ConversationRow, message.conversation_id)
    if message.note_key is not None and message.note_key.startswith(WAITING):
        hold.hurry(settlement, conversation)  # what waits for its effect waits in vain
    if message.note_key is not None and message.note_key.startswith(INSTEAD):
        absent.go_on(settlement, message)
    notes.tell(
        settlement,
        accepting.told_in(session, message),
        key=f"failed:{message.id}",
        text=say(
            "not_delivered",
            locale,
            why=f"{reason} ({code})" if code else reason,
            quote=parts.words(message.parts, _QUOTE),
        ),
        root_id=root_id,
    )


def _message(session: Session, connection_id: int, channel_id: str) -> MessageRow | None:
    return session.scalar(
        select(MessageRow).where(
            MessageRow.connection_id == connection_id,
            MessageRow.channel_id == channel_id,
            MessageRow.direction == Direction.OUTBOUND,
        )
    )


def _came_too_late(
    session: Session, here: tuple[ColumnElement[bool], ...], too_late: frozenset[str]
) -> bool:
    if not too_late:
        return False
    failure = select(StatusRow.code).where(*here, StatusRow.status == Status.FAILED)
    return session.scalar(failure) in too_late


def _by_reference(session: Session, connection_id: int, reference: str) -> MessageRow | None:
    if not reference.isdecimal() or len(reference) > ID_DIGITS:
        return None
    return session.scalar(
        select(MessageRow).where(
            MessageRow.id == int(reference),
            MessageRow.connection_id == connection_id,
            MessageRow.direction == Direction.OUTBOUND,
            MessageRow.channel_id.is_(None),
        )
    )
