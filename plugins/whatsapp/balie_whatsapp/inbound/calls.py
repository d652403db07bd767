"""Calls to the business number. Balie answers none; the tenant says what it does instead."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from balie.api import (
    Action,
    AddressKind,
    Call,
    Context,
    CustomerNotice,
    Event,
    MessageReceived,
    Note,
    PluginError,
    RawEvent,
    Refused,
    ReplyOnce,
    for_people,
)
from balie_whatsapp.config import IGNORE, REJECT
from balie_whatsapp.graph.client import GraphClient
from balie_whatsapp.inbound.sender import addresses, name_of
from balie_whatsapp.untrusted import decimal, identifier, mapping, written
from balie_whatsapp.words import labelled, say, word

RINGS_FOR = timedelta(seconds=60)
"""A business has 30 to 60 seconds to answer, says Meta's page "User-initiated calls"."""
_KEPT_SECONDS = 3600.0


def read_call(ctx: Context, raw: RawEvent, call: Mapping[str, Any]) -> list[Event]:
    """Return the call as a message: it opens the window as one. Rejects it if so agreed.

    Its beginning and its end may come in either order and both make the same message, which
    the core keeps once.
    """
    call_id, contact = identifier(call.get("id")), mapping(raw.body.get("contact"))
    sender = addresses(call, contact)
    seconds = int(decimal(call.get("duration")) or 0)
    if not call_id or not sender:
        return [Refused(reason="The call names no caller, or has no id.")]
    lasted: list[Event] = []
    if seconds > 0:
        text = labelled(ctx.tenant.locale, "call_lasted", f"{seconds // 60}:{seconds % 60:02}")
        lasted = [CustomerNotice(id=raw.id, sender=sender, at=raw.at, text=text)]
    if call.get("direction") == "BUSINESS_INITIATED":
        return lasted or [Refused(reason="The organisation called, and nobody spoke.")]
    ended = call.get("event") == "terminate"
    outcome = _ended(seconds) if ended else _outcome(ctx, raw, call_id)
    received = MessageReceived(
        id=call_id,
        sender=sender,
        at=raw.at,
        parts=(Call(text=_line(ctx.tenant.locale, outcome), id=call_id, outcome=outcome),),
        name=name_of(contact),
    )
    return [received, *lasted]


def read_call_status(ctx: Context, raw: RawEvent, status: Mapping[str, Any]) -> list[Event]:
    """Return what the customer did about a call of the organisation's."""
    given = written(status.get("status")).upper()
    number, user = (identifier(status.get(key)) for key in ("recipient_id", "recipient_user_id"))
    sender = addresses({"from": number, "from_user_id": user}, {})
    if given not in ("ACCEPTED", "REJECTED") or not sender:
        return [Refused(reason=f"The call's status is {given[:30] or 'none'}; nothing to do.")]
    label = "call_accepted" if given == "ACCEPTED" else "call_declined"
    text = labelled(ctx.tenant.locale, label)
    return [CustomerNotice(id=raw.id, sender=sender, at=raw.at, text=text)]


def answer_call(ctx: Context, event: MessageReceived) -> list[Action]:
    """Say what is done because a customer called, by the tenant's policy."""
    calls = [part for part in event.parts if isinstance(part, Call)]
    policy = ctx.config["calls"]
    if event.connection != ctx.connection.slug or not calls or policy == IGNORE:
        return []
    if policy == REJECT:
        # Once a day: who goes on calling is not told the same again and again.
        return [ReplyOnce(key=f"call:{event.at:%Y-%m-%d}", text=_reply_text(ctx))]
    return [Note(key=f"call:{calls[0].id}", text=_callback(ctx, event))]


def _reply_text(ctx: Context) -> str:
    return str(ctx.config["call_text"]) or say(
        ctx.tenant.locale,
        "U belde ons via WhatsApp. Dit nummer neemt geen oproepen aan. "
        "Stuur ons hier een bericht, dan helpen wij u graag.",
        "You called us on WhatsApp. This number takes no calls. "
        "Send us a message here and we will gladly help you.",
    )


def _callback(ctx: Context, event: MessageReceived) -> str:
    numbers = [
        for_people(address.value, ctx.tenant.region)
        for address in event.sender
        if address.kind is AddressKind.PHONE
    ]
    who = event.name or word(ctx.tenant.locale, "somebody")
    if not numbers:
        return say(
            ctx.tenant.locale,
            f"Terugbellen: {who} belde via WhatsApp. Het nummer is niet bekend; vraag ernaar.",
            f"Call back: {who} called on WhatsApp. The number is not known; ask for it.",
        )
    return say(
        ctx.tenant.locale,
        f"Terugbellen: {who} belde via WhatsApp, {numbers[0]}.",
        f"Call back: {who} called on WhatsApp, {numbers[0]}.",
    )


def _outcome(ctx: Context, raw: RawEvent, call_id: str) -> str:
    rings = ctx.clock.now() - raw.at < RINGS_FOR
    if ctx.config["calls"] != IGNORE and rings and _rejected(ctx, call_id):
        return "rejected"
    return "unanswered"


def _rejected(ctx: Context, call_id: str) -> bool:
    """Hang up. Doing it twice does no harm, and neither does failing: the ringing ends anyway."""
    if ctx.kv.get(f"call:{call_id}"):
        return True
    try:
        GraphClient(ctx).reject_call(call_id)
    except PluginError as error:
        ctx.log.warning("call_not_rejected", error=str(error))
        return False
    ctx.kv.set(f"call:{call_id}", "rejected", seconds=_KEPT_SECONDS)
    return True


def _ended(seconds: int) -> str:
    return "ended" if seconds > 0 else "unanswered"


def _line(locale: str, outcome: str) -> str:
    return labelled(locale, "call", word(locale, f"call_{outcome}"))
