"""Whose number a business may see (reference/whatsapp.md 3.3)."""

from typing import Any

from .account import GraphAccount
from .model import Number
from .phones import SHARED_FOR, Persona, Phone


def shares_number(account: GraphAccount, number: Number, phone: Phone) -> bool:
    """Say whether the customer's number is shown to this business now."""
    if phone.persona is Persona.BSUID_ONLY:
        return False
    if phone.persona is not Persona.RECENT:
        return True
    last = number.last_contact.get(phone.wa_id)
    return last is not None and account.clock.now() - last < SHARED_FOR


def hidden(account: GraphAccount, key: str) -> dict[str, Any]:
    """Return how a number that is not shown is written: left out, null or empty.

    Meta's page says left out; early texts and reports show the others.
    """
    match account.settings.hidden_fields:
        case "null":
            return {key: None}
        case "empty":
            return {key: ""}
    return {}
