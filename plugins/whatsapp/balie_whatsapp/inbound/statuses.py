"""How far a message of ours came, as WhatsApp's statuses tell it."""

from collections.abc import Mapping
from typing import Any

from balie.api import (
    Address,
    AddressKind,
    Context,
    Cost,
    Event,
    RawEvent,
    Refused,
    Status,
    StatusReported,
)
from balie_whatsapp.account.alarms import alarm, cleared
from balie_whatsapp.errors.graph_error import code_of, failure_text
from balie_whatsapp.inbound.sender import known_as
from balie_whatsapp.untrusted import identifier, mapping, mappings, one_line, written

_KNOWN = {
    "sent": Status.SENT,
    "delivered": Status.DELIVERED,
    "read": Status.READ,
    "played": Status.READ,  # a voice message that was listened to
    "failed": Status.FAILED,
}


def read_status(ctx: Context, raw: RawEvent, status: Mapping[str, Any]) -> list[Event]:
    """Return the status, or why it is none; and what it tells of the account."""
    message_id = identifier(status.get("id"))
    if not message_id:
        return [Refused(reason="The status names no message.")]
    reached = _KNOWN.get(written(status.get("status")))
    if reached is None:
        word = one_line(status.get("status"), 60) or "none"
        return [Refused(reason=f"The status is {word!r}, which Balie does not follow.")]
    failure = _first_error(status) if reached is Status.FAILED else {}
    code, text = _told(ctx, failure) if reached is Status.FAILED else ("", "")
    cost = _cost(status)
    report = StatusReported(
        message_id=message_id,
        status=reached,
        at=raw.at,
        reference=written(status.get("biz_opaque_callback_data")),
        code=code,
        text=text,
        cost=cost,
        to=_recipient(status),
    )
    if reached is Status.FAILED:
        return [report, *alarm(ctx, raw, code_of(failure), text)]
    if reached is Status.SENT:
        return [report, *cleared(ctx, raw, paid=cost is not None and cost.billable)]
    return [report]


def _first_error(status: Mapping[str, Any]) -> Mapping[str, Any]:
    errors = mappings(status.get("errors"))
    return errors[0] if errors else {}


def _told(ctx: Context, error: Mapping[str, Any]) -> tuple[str, str]:
    code = code_of(error)
    return (
        "" if code is None else str(code),
        failure_text(error, locale=ctx.tenant.locale, secret=ctx.config["access_token"]),
    )


def _cost(status: Mapping[str, Any]) -> Cost | None:
    """Return what the message is counted as.

    ``billable`` is to go; what remains says the same: only ``regular`` is paid for.
    """
    pricing = mapping(status.get("pricing"))
    category = one_line(pricing.get("category"), 60)
    if not category:
        return None
    kind, billable = one_line(pricing.get("type"), 60), pricing.get("billable")
    if not isinstance(billable, bool):
        billable = kind == "regular"
    return Cost(category=category, type=kind, billable=billable)


def _recipient(status: Mapping[str, Any]) -> tuple[Address, ...]:
    recipient = identifier(status.get("recipient_id"))
    if status.get("recipient_type") == "group":
        return (Address(kind=AddressKind.GROUP, value=recipient),) if recipient else ()
    return known_as(identifier(status.get("recipient_user_id")), recipient)
