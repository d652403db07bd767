"""Finding what a caller of the control names."""

from typing import Any

from balie_sandbox.bad_input import BadInput
from balie_sandbox.graph.account import GraphAccount
from balie_sandbox.graph.addresses import digits_of
from balie_sandbox.graph.messages import Message
from balie_sandbox.graph.model import Number, Waba
from balie_sandbox.graph.phones import Phone


def number_named(account: GraphAccount, number_id: str | None) -> Number:
    """Return the business number with this id, or the only one. Raises BadInput."""
    if number_id is not None and number_id in account.numbers:
        return account.numbers[number_id]
    if number_id is None and len(account.numbers) == 1:
        return next(iter(account.numbers.values()))
    known = ", ".join(account.numbers)
    raise BadInput(f"to must be one of the phone number ids there are: {known}.")


def waba_named(account: GraphAccount, waba_id: str | None) -> Waba:
    """Return the account with this id, or the only one. Raises BadInput."""
    if waba_id is not None and waba_id in account.wabas:
        return account.wabas[waba_id]
    if waba_id is None and len(account.wabas) == 1:
        return next(iter(account.wabas.values()))
    raise BadInput(f"waba_id must be one of the accounts there are: {', '.join(account.wabas)}.")


def phone_named(account: GraphAccount, text: str) -> Phone:
    """Return the phone with this number, in any notation. Raises BadInput."""
    business = next(iter(account.numbers.values()))
    digits = digits_of(text, business.display)
    if digits is None:
        raise BadInput(f"{text!r} is not a phone number; write it like +31655501234.")
    return account.phone(digits)


def message_named(account: GraphAccount, message_id: str) -> Message:
    """Return the message with this id. Raises BadInput."""
    if message_id not in account.messages:
        raise BadInput(f"There is no message {message_id}.")
    return account.messages[message_id]


def phone_as_json(account: GraphAccount, phone: Phone) -> dict[str, Any]:
    """Return what the phone shows and how it is set."""
    now = account.clock.now()
    return {
        "number": phone.wa_id,
        "user_id": phone.user_id,
        "parent_user_id": phone.parent_user_id,
        "name": phone.name,
        "username": phone.username,
        "persona": phone.persona,
        "identity_hash": phone.identity_hash,
        "online": phone.online,
        "read_receipts": phone.read_receipts,
        "auto_read": phone.auto_read,
        "chat_open": phone.chat_open,
        "not_on_whatsapp": phone.not_on_whatsapp,
        "blocks_business": phone.blocks_business,
        "marketing_stopped": phone.marketing_stopped,
        "failures": phone.failures,
        "call_permission": phone.call_permission,
        "typing": phone.typing_until is not None and now < phone.typing_until,
        "version": account.changes.version(phone.wa_id),
        "messages": [message.as_json() for message in phone.shown],
    }
