"""A customer gets another number or user id, and businesses are told (reference 2.8)."""

import hashlib
from typing import Any

from balie_sandbox.graph.account import GraphAccount
from balie_sandbox.graph.model import Number
from balie_sandbox.graph.phones import Persona, Phone

from .writing import Written, customer_writes


def change_number(account: GraphAccount, phone: Phone, target: Phone) -> None:
    """Let the customer move to the number of ``target``, with a new user id.

    Businesses that were in touch hear of it from the old number. What the phone showed
    goes along.
    """
    parts: dict[str, Any] = {
        "type": "user_changed_number",
        "body": f"User {phone.name} changed from {phone.wa_id} to {target.wa_id}",
        "wa_id": target.wa_id,
    }
    if phone.persona is not Persona.LEGACY:
        parts |= {"user_id": target.user_id, "previous_user_id": phone.user_id}
        if phone.parent_user_id is not None:
            parts["previous_parent_user_id"] = phone.parent_user_id
    for number in known_by(account, phone):
        customer_writes(account, phone, number, Written(type="system", parts={"system": parts}))
    for name in ("name", "username", "persona", "read_receipts", "auto_read"):
        setattr(target, name, getattr(phone, name))
    target.shown, phone.shown = phone.shown, []
    for message in target.shown:
        message.wa_id = target.wa_id
    account.show(phone)
    account.show(target)


def change_user_id(account: GraphAccount, phone: Phone) -> None:
    """Give the customer another user id and tell the businesses that were in touch."""
    previous = phone.user_id
    country, _, number_part = previous.partition(".")
    digest = hashlib.sha256(number_part.encode()).digest()
    phone.user_id = f"{country}.{int.from_bytes(digest[:8]):020d}"
    parts = {
        "type": "user_changed_user_id",
        "body": f"User {phone.name} changed user id",
        "user_id": phone.user_id,
        "previous_user_id": previous,
    }
    for number in known_by(account, phone):
        customer_writes(account, phone, number, Written(type="system", parts={"system": parts}))


def known_by(account: GraphAccount, phone: Phone) -> list[Number]:
    """Return the business numbers this customer was in touch with."""
    return [one for one in account.numbers.values() if phone.wa_id in one.last_contact]
