"""How far a message of ours came, as WhatsApp's statuses tell it."""

from collections.abc import Mapping
from typing import Any

from balie.api import Context, PayloadInvalid, RawEvent, Refused, Status, StatusReported
from balie_whatsapp.errors.graph_error import code_of, failure_text
from balie_whatsapp.untrusted import identifier, mappings, one_line, written

_KNOWN = {
    "sent": Status.SENT,
    "delivered": Status.DELIVERED,
    "read": Status.READ,
    "played": Status.READ,  # a voice message that was listened to
    "failed": Status.FAILED,
}


def read_status(ctx: Context, raw: RawEvent) -> StatusReported | Refused:
    """Return the status, or why it is none. Raises PayloadInvalid where the body is not ours."""
    status = raw.body.get("status")
    if not isinstance(status, Mapping):
        raise PayloadInvalid(f"the stored event {raw.id} holds no status")
    message_id = identifier(status.get("id"))
    if not message_id:
        return Refused(reason="The status names no message.")
    reached = _KNOWN.get(written(status.get("status")))
    if reached is None:
        word = one_line(status.get("status"), 60) or "none"
        return Refused(reason=f"The status is {word!r}, which Balie does not follow.")
    code, text = _failure(ctx, status) if reached is Status.FAILED else ("", "")
    return StatusReported(
        message_id=message_id,
        status=reached,
        at=raw.at,
        reference=written(status.get("biz_opaque_callback_data")),
        code=code,
        text=text,
    )


def _failure(ctx: Context, status: Mapping[str, Any]) -> tuple[str, str]:
    errors = mappings(status.get("errors"))
    error: Mapping[str, Any] = errors[0] if errors else {}
    code = code_of(error)
    return (
        "" if code is None else str(code),
        failure_text(error, locale=ctx.tenant.locale, secret=ctx.config["access_token"]),
    )
