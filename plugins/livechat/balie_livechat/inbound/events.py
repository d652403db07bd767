"""What visitors do, as events for the door. All of one visitor's stand in one lane, in order."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from balie.api import Context, EventKind, RawEvent, Status
from balie_livechat.identity.visitors import Visitor

MESSAGE, SIGN_IN, NUMBER, ERASURE = "message", "sign_in", "number", "erasure"


def said(ctx: Context, visitor: Visitor, message: dict[str, Any]) -> RawEvent:
    """Return the event of a message. Its id is the client's, so sending again changes nothing."""
    return _event(ctx, visitor, MESSAGE, message["id"], message)


def signed_in(ctx: Context, before: Visitor, now: Visitor) -> RawEvent:
    """Return the event of a visitor who has turned out to be a customer."""
    facts = {"same_as": now.id}
    return _event(ctx, before, SIGN_IN, f"{SIGN_IN}-{before.session}-{now.id}", facts)


def number_left(
    ctx: Context, visitor: Visitor, number: str, consent: str, begins_on: str
) -> RawEvent:
    """Return the event of a number to be answered at, or to be written to now."""
    at = ctx.clock.now().isoformat()
    facts = {"number": number, "consent": consent, "begins_on": begins_on}
    return _event(ctx, visitor, NUMBER, f"{NUMBER}-{at}", facts)


def erasure(ctx: Context, visitor: Visitor) -> RawEvent:
    """Return the event of a visitor who wants to be forgotten."""
    return _event(ctx, visitor, ERASURE, f"{ERASURE}-{visitor.session}", {})


def receipts(
    visitor: Visitor, message_ids: Sequence[str], status: Status, at: datetime
) -> list[RawEvent]:
    """Return the events of messages that a visitor got, or has seen."""
    return [
        RawEvent(
            id=f"{message_id}:{status}",
            kind=EventKind.STATUS,
            lane=visitor.id,
            at=at,
            body={"message": message_id, "status": status},
        )
        for message_id in message_ids
    ]


def channel_id(visitor_id: str, client_id: str) -> str:
    """Return the channel's id of a visitor's message: no visitor can name another's."""
    return f"{visitor_id}.{client_id}"


def _event(
    ctx: Context, visitor: Visitor, what: str, event_id: str, facts: dict[str, Any]
) -> RawEvent:
    who = {
        "visitor": visitor.id,
        "name": visitor.name,
        "phone": visitor.phone,
        "email": visitor.email,
        "recognised": visitor.recognised,
        "consent": visitor.consent,
        "consent_mark": visitor.consent_mark,
        "consent_at": visitor.consent_at,
        "consent_language": visitor.consent_language,
    }
    return RawEvent(
        id=channel_id(visitor.id, event_id),
        # Also what is no message: a lane is of one kind, and all this has one order.
        kind=EventKind.MESSAGE,
        lane=visitor.id,
        at=ctx.clock.now(),
        body={"is": what, "by": {key: value for key, value in who.items() if value}, **facts},
    )
