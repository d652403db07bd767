"""Webhooks of field ``calls`` (reference/whatsapp.md 10.1)."""

from typing import Any

from balie_sandbox.graph.account import GraphAccount
from balie_sandbox.graph.errors import status_error
from balie_sandbox.graph.notify import announce, contact_of
from balie_sandbox.graph.phones import Persona, Phone
from balie_sandbox.graph.visibility import hidden, shares_number

from .model import Call

#: A session description without a session: nothing is ever heard here.
SDP = (
    "v=0\r\no=- 7602563789789945080 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
    "m=audio 9 UDP/TLS/RTP/SAVPF 111 126\r\nc=IN IP4 127.0.0.1\r\n"
    "a=rtpmap:111 opus/48000/2\r\na=rtpmap:126 telephone-event/8000\r\n"
)


def tell(
    account: GraphAccount, call: Call, entry: dict[str, Any], error: int | None = None
) -> None:
    """Send one ``calls`` entry with its customer, and an error at the value's level."""
    number, phone = account.numbers[call.number_id], account.phones[call.wa_id]
    parts: dict[str, Any] = {
        "contacts": [contact_of(account, number, phone, username=True)],
        "calls": [entry],
    }
    if error is not None:
        parts["errors"] = [status_error(error)]
    announce(account, number, "calls", parts, about=call.wa_id)


def base_entry(account: GraphAccount, call: Call, event: str) -> dict[str, Any]:
    """Return what each entry of a call begins with."""
    number, phone = account.numbers[call.number_id], account.phones[call.wa_id]
    by_user = call.direction == "USER_INITIATED"
    shown: dict[str, Any] = {"id": call.id}
    business, customer = ("to", "from") if by_user else ("from", "to")
    shown[business] = number.display
    share = shares_number(account, number, phone)
    shown |= {customer: call.wa_id} if share else hidden(account, customer)
    shown |= user_ids(phone, customer)
    return shown | {
        "event": event,
        "timestamp": str(int(account.clock.now().timestamp())),
        "direction": call.direction,
    }


def user_ids(phone: Phone, side: str) -> dict[str, str]:
    """Return the user id of the customer's side."""
    return {} if phone.persona is Persona.LEGACY else {f"{side}_user_id": phone.user_id}


def tell_connect(account: GraphAccount, call: Call, more: dict[str, Any]) -> None:
    """Tell that a call begins, with an offer, or an answer to the business's."""
    kind = "offer" if call.direction == "USER_INITIATED" else "answer"
    session = {"session": {"sdp_type": kind, "sdp": SDP}}
    tell(account, call, base_entry(account, call, "connect") | session | more)


def tell_terminate(account: GraphAccount, call: Call, error: int | None = None) -> None:
    """Tell that a call is over; one that was not answered has no times."""
    entry = base_entry(account, call, "terminate")
    entry["status"] = "COMPLETED" if call.accepted_at is not None and error is None else "FAILED"
    if call.accepted_at is not None:
        now = account.clock.now()
        entry |= {
            "start_time": str(int(call.accepted_at.timestamp())),
            "end_time": str(int(now.timestamp())),
            "duration": int((now - call.accepted_at).total_seconds()),
        }
    if call.opaque is not None:
        entry["biz_opaque_callback_data"] = call.opaque
    tell(account, call, entry, error)


def tell_status(account: GraphAccount, call: Call, status: str) -> None:
    """Tell what became of a call that the business began: RINGING, ACCEPTED or REJECTED."""
    number, phone = account.numbers[call.number_id], account.phones[call.wa_id]
    entry: dict[str, Any] = {
        "id": call.id,
        "type": "call",
        "status": status,
        "timestamp": str(int(account.clock.now().timestamp())),
    }
    share = shares_number(account, number, phone)
    entry |= {"recipient_id": call.wa_id} if share else hidden(account, "recipient_id")
    if phone.persona is not Persona.LEGACY:
        entry["recipient_user_id"] = phone.user_id
    if call.opaque is not None:
        entry["biz_opaque_callback_data"] = call.opaque
    contact = contact_of(account, number, phone, username=True)
    parts = {"contacts": [contact], "statuses": [entry]}
    announce(account, number, "calls", parts, about=call.wa_id)
