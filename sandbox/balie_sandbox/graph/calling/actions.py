"""What a customer and a business do with calls (reference/whatsapp.md 10.1)."""

from typing import Any

from balie_sandbox.graph.account import GraphAccount
from balie_sandbox.graph.addresses import digits_of
from balie_sandbox.graph.errors import GraphError, invalid_parameter
from balie_sandbox.graph.model import App, Number
from balie_sandbox.graph.parameters import (
    Parameters,
    invalid_value,
    object_of,
    required_text,
    text_of,
)
from balie_sandbox.graph.phones import Phone

from .model import Call
from .webhooks import tell_connect, tell_status, tell_terminate

OPAQUE_LENGTH = 512
ACTIONS = ("connect", "pre_accept", "accept", "reject", "terminate")


def ring(account: GraphAccount, phone: Phone, number: Number, more: dict[str, Any]) -> Call:
    """Let a customer call; the call opens the service window. ``more`` goes into the webhook."""
    now = account.clock.now()
    call = Call(f"wacid.{account.ids.token(24)}", number.id, phone.wa_id, "USER_INITIATED", now)
    account.calls[call.id] = call
    number.last_inbound[phone.wa_id] = number.last_contact[phone.wa_id] = now
    tell_connect(account, call, more)
    return call


def hang_up(account: GraphAccount, call: Call, error: int | None = None) -> None:
    """End the call from the customer's side, or because of an error of Meta's table."""
    if call.state != "ended":
        call.state = "ended"
        tell_terminate(account, call, error)


def answer(account: GraphAccount, call: Call, *, accept: bool) -> None:
    """Let the customer take or refuse a call of the business."""
    if accept:
        call.state, call.accepted_at = "accepted", account.clock.now()
        tell_status(account, call, "ACCEPTED")
        return
    tell_status(account, call, "REJECTED")
    hang_up(account, call)


def act(account: GraphAccount, _app: App, number: Number, found: Parameters) -> dict[str, Any]:
    """POST /{phone-number-id}/calls. Raises 100, 131009, 138000, 138006 and what send raises."""
    required_text(found, "messaging_product")
    action = required_text(found, "action")
    if action not in ACTIONS:
        raise invalid_parameter(f"Param action must be one of {{{', '.join(ACTIONS)}}}.")
    opaque = text_of(found, "biz_opaque_callback_data", OPAQUE_LENGTH)
    if action == "connect":
        return begin(account, number, found, opaque)
    call = account.calls.get(required_text(found, "call_id"))
    if call is None or call.number_id != number.id or call.state == "ended":
        raise invalid_value("Param call_id is not a call that is going on.")
    call.opaque = opaque or call.opaque
    if action in ("pre_accept", "accept"):
        check_session(found)
    if action == "accept":
        call.state, call.accepted_at = "accepted", account.clock.now()
    elif action in ("reject", "terminate"):
        hang_up(account, call)
    return {"messaging_product": "whatsapp", "success": True}


def begin(
    account: GraphAccount, number: Number, found: Parameters, opaque: str | None
) -> dict[str, Any]:
    """Call a customer, who has to have allowed it."""
    if str(number.settings.get("calling", {}).get("status", "")).upper() != "ENABLED":
        raise GraphError(138000)
    check_session(found)
    phone = called_phone(account, number, found, "to")
    if phone.call_permission == "no_permission":
        raise GraphError(138006)
    now = account.clock.now()
    call = Call(f"wacid.{account.ids.token(24)}", number.id, phone.wa_id, "BUSINESS_INITIATED", now)
    call.opaque = opaque
    account.calls[call.id] = call
    tell_connect(account, call, {})
    tell_status(account, call, "RINGING")
    return {"messaging_product": "whatsapp", "calls": [{"id": call.id}], "success": True}


def called_phone(account: GraphAccount, number: Number, found: Parameters, key: str) -> Phone:
    """Return whom ``key`` or ``recipient`` means. Raises 100 and 131009."""
    recipient = text_of(found, "recipient")
    if recipient and not text_of(found, key):
        phone = account.phone_of_user(recipient)
        if phone is None:
            raise invalid_value("Param recipient is not a user id of this business portfolio.")
        return phone
    digits = digits_of(required_text(found, key), number.display)
    if digits is None:
        raise invalid_value(f"Param {key} is not a phone number.")
    return account.phone(digits)


def check_session(found: Parameters) -> None:
    """Raise 100 unless there is a session description."""
    session = object_of(found, "session") or {}
    required_text(session, "sdp_type")
    required_text(session, "sdp")


def show_permission(
    account: GraphAccount, _app: App, number: Number, found: Parameters
) -> dict[str, Any]:
    """GET /{phone-number-id}/call_permissions."""
    phone = called_phone(account, number, found, "user_wa_id")
    permission: dict[str, Any] = {"status": phone.call_permission}
    if phone.call_permission == "temporary":
        permission["expiration_time"] = int(account.clock.now().timestamp()) + 7 * 86400
    may_call = phone.call_permission != "no_permission"
    return {
        "messaging_product": "whatsapp",
        "permission": permission,
        "actions": [
            allowed("send_call_permission_request", not may_call, (("PT24H", 1), ("P7D", 2))),
            allowed("start_call", may_call, (("PT24H", 100),)),
        ],
    }


def allowed(name: str, can: bool, limits: tuple[tuple[str, int], ...]) -> dict[str, Any]:
    """Return one action with its limits."""
    return {
        "action_name": name,
        "can_perform_action": can,
        "limits": [
            {"time_period": period, "max_allowed": most, "current_usage": 0}
            for period, most in limits
        ],
    }
