"""A customer stops or resumes marketing from the chat (field ``user_preferences``)."""

from typing import Any

from balie_sandbox.graph.account import GraphAccount
from balie_sandbox.graph.model import Number
from balie_sandbox.graph.notify import announce, contact_of
from balie_sandbox.graph.phones import Persona, Phone
from balie_sandbox.graph.visibility import hidden, shares_number


def prefer(account: GraphAccount, phone: Phone, number: Number, value: str) -> None:
    """Set the customer's wish, "stop" or "resume", and tell the business."""
    phone.marketing_stopped = value == "stop"
    shown = shares_number(account, number, phone)
    wish: dict[str, Any] = {"wa_id": phone.wa_id} if shown else hidden(account, "wa_id")
    if phone.persona is not Persona.LEGACY:
        wish["user_id"] = phone.user_id
    wish |= {
        "detail": f"User requested to {value} marketing messages",
        "category": "marketing_messages",
        "value": value,
        "timestamp": int(account.clock.now().timestamp()),
    }
    contact = contact_of(account, number, phone, username=True)
    parts = {"contacts": [contact], "user_preferences": [wish]}
    announce(account, number, "user_preferences", parts, about=phone.wa_id)
