"""POST /{phone-number-id}/messages: send, mark as read, show typing."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from .account import GraphAccount
from .addresses import digits_of, is_user_id, wa_id_of
from .errors import GraphError, invalid_parameter
from .message_types import read_content
from .model import Message, Number, Phone
from .parameters import Parameters, invalid_value, object_of, required_text, text_of
from .statuses import send_off, window_is_open

OPAQUE_LENGTH = 512
#: How long the dots stay without a message. Source: Meta's page on typing indicators.
TYPING = timedelta(seconds=25)
#: Older messages can no longer be marked as read.
MARKABLE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a message is for: the entry of ``contacts`` in the answer, and the phone if any."""

    contact: dict[str, str]
    phone: Phone | None


def post_message(account: GraphAccount, number: Number, found: Parameters) -> dict[str, Any]:
    """Do what the body asks and return the answer. Raises GraphError."""
    if required_text(found, "messaging_product") != "whatsapp":
        raise invalid_parameter("Param messaging_product must be one of {WHATSAPP}.")
    if not number.registered:
        raise GraphError(133010, details="Register the number before sending from it.")
    if "status" in found:
        return mark_read(account, number, found)
    return send(account, number, found)


def send(account: GraphAccount, number: Number, found: Parameters) -> dict[str, Any]:
    """Accept a message: 200 means that, not that it will be delivered."""
    if text_of(found, "recipient_type") not in (None, "individual"):
        raise invalid_parameter("Param recipient_type must be one of {INDIVIDUAL}.")
    addressee = addressee_of(account, number, found)
    content = read_content(text_of(found, "type") or "text", found)
    opaque = text_of(found, "biz_opaque_callback_data", OPAQUE_LENGTH)
    quoted = text_of(object_of(found, "context") or {}, "message_id")
    if addressee.phone is not None:
        check_limits(account, number, addressee.phone)
    message = Message(
        id=account.ids.wamid(addressee.contact.get("wa_id", number.display)),
        number_id=number.id,
        wa_id=addressee.phone.wa_id if addressee.phone else "",
        direction="in",
        type=text_of(found, "type") or "text",
        content=content,
        at=account.clock.now(),
        status="accepted",
        quoted_id=quoted,
        opaque=opaque,
        by_user_id="wa_id" not in addressee.contact,
    )
    account.messages[message.id] = message
    if addressee.phone is not None:
        send_off(account, addressee.phone, message)
    return {
        "messaging_product": "whatsapp",
        "contacts": [addressee.contact],
        "messages": [{"id": message.id}],
    }


def addressee_of(account: GraphAccount, number: Number, found: Parameters) -> Addressee:
    """Find the customer by ``to`` (which wins) or ``recipient``. Raises 100, 131009, 131021."""
    to = text_of(found, "to")
    recipient = text_of(found, "recipient")
    if not to and recipient:
        return user_addressee(account, recipient)
    if not to:
        raise invalid_parameter("The parameter to is required.")
    if is_user_id(to):
        # Accepted and never delivered, without any status: seen at Meta.
        return Addressee({"input": to, "wa_id": to.partition(".")[2]}, None)
    digits = digits_of(to, number.display)
    if digits is None:
        raise invalid_value("Param to is not a phone number.")
    if digits == number.display:
        raise GraphError(131021)
    phone = account.phone(digits)
    return Addressee({"input": to, "wa_id": wa_id_of(digits)}, phone)


def user_addressee(account: GraphAccount, recipient: str) -> Addressee:
    """Find the customer by business-scoped user id. Raises 131009 for one of nobody."""
    phone = account.phone_of_user(recipient)
    if phone is None:
        raise invalid_value("Param recipient is not a user id of this business portfolio.")
    return Addressee({"input": recipient, "user_id": recipient}, phone)


def check_limits(account: GraphAccount, number: Number, phone: Phone) -> None:
    """Raise what Meta answers at once: 130429, 131056, and 131047 when that is switched on."""
    now = account.clock.now()
    settings = account.settings
    fits = account.limits.take_throughput(number.id, now, settings.messages_per_second)
    if settings.throughput_limit and not fits:
        raise GraphError(130429)
    if settings.pair_limit and not account.limits.take_pair(number.id, phone.wa_id, now):
        raise GraphError(131056)
    if settings.window_error_sync and not window_is_open(account, number, phone):
        raise GraphError(131047)


def mark_read(account: GraphAccount, number: Number, found: Parameters) -> dict[str, Any]:
    """Mark a customer's message and those before it as read; show typing when asked to."""
    if text_of(found, "status") != "read":
        raise invalid_parameter("Param status must be one of {READ}.")
    message = account.messages.get(required_text(found, "message_id"))
    now = account.clock.now()
    if message is None or message.direction != "out" or message.number_id != number.id:
        raise invalid_value("Param message_id is not a message that this number received.")
    if now - message.at > MARKABLE:
        raise invalid_value("The message is older than 30 days.")
    phone = account.phones[message.wa_id]
    for earlier in phone.shown:
        if earlier.direction == "out" and earlier.number_id == number.id:
            earlier.status = "read"
        if earlier is message:
            break
    if object_of(found, "typing_indicator") is not None:
        phone.typing_until = now + TYPING
    account.show(phone)
    return {"success": True}
