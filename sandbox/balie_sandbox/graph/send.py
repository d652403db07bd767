"""POST /{phone-number-id}/messages: send, mark as read, show typing."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import gevent

from .account import GraphAccount
from .addresses import digits_of, is_user_id, wa_id_of
from .errors import GraphError, invalid_parameter
from .messages import Message
from .model import App, Number
from .outbound.content import read_content
from .outbound.draft import Draft
from .outbound.group import send_to_group
from .outbound.links import bring
from .parameters import Parameters, invalid_value, object_of, required_text, text_of
from .phones import Phone
from .pricing import window_is_open
from .statuses import send_off

OPAQUE_LENGTH = 512
#: How long the dots stay without a message. Source: Meta's page on typing indicators.
TYPING = timedelta(seconds=25)
#: Older messages can no longer be marked as read.
MARKABLE = timedelta(days=30)
#: How long the answer waits for the first status when that is to come before it.
STATUS_FIRST_SECONDS = 2.0


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
    if number.refuses_with is not None:
        raise GraphError(number.refuses_with)
    if "status" in found:
        return mark_read(account, number, found)
    match text_of(found, "recipient_type"):
        case None | "individual":
            return send(account, number, found)
        case "group":
            return send_to_group(account, number, found)
    raise invalid_parameter("Param recipient_type must be one of {GROUP, INDIVIDUAL}.")


def post_marketing(
    account: GraphAccount, _app: App, number: Number, found: Parameters
) -> dict[str, Any]:
    """POST /{phone-number-id}/marketing_messages: marketing templates only. Raises 134100."""
    draft = Draft(account, number, found)
    if text_of(found, "type") != "template":
        raise GraphError(134100)
    read_content("template", draft)
    if draft.category != "marketing":
        raise GraphError(134100)
    return post_message(account, number, found)


def send(account: GraphAccount, number: Number, found: Parameters) -> dict[str, Any]:
    """Accept a message: 200 means that, not that it will be delivered."""
    addressee = addressee_of(account, number, found)
    draft = Draft(account, number, found)
    type_ = text_of(found, "type") or "text"
    content = read_content(type_, draft)
    opaque = text_of(found, "biz_opaque_callback_data", OPAQUE_LENGTH)
    quoted = text_of(object_of(found, "context") or {}, "message_id")
    if addressee.phone is not None:
        check_limits(account, number, addressee.phone, type_)
        check_identity(draft, addressee.phone)
    message = Message(
        id=account.ids.wamid(addressee.contact.get("wa_id", number.display)),
        number_id=number.id,
        wa_id=addressee.phone.wa_id if addressee.phone else "",
        direction="in",
        type=type_,
        content=content,
        at=account.clock.now(),
        status="accepted",
        # A reply by template or reaction shows no quote (reference/whatsapp.md 6.6).
        quoted_id=None if type_ in ("template", "reaction") else quoted,
        opaque=opaque,
        by_user_id="wa_id" not in addressee.contact,
        category=draft.category,
    )
    account.messages[message.id] = message
    if addressee.phone is not None:
        deliver(account, draft, addressee.phone, message)
    accepted = {"id": message.id}
    if draft.message_status is not None:
        accepted["message_status"] = draft.message_status
    return {
        "messaging_product": "whatsapp",
        "contacts": [addressee.contact],
        "messages": [accepted],
    }


def deliver(account: GraphAccount, draft: Draft, phone: Phone, message: Message) -> None:
    """Send the message on its way; one with links goes when its files have come."""

    def fetch_and_go() -> None:
        for link in draft.links:
            trouble = bring(account, message.number_id, link)
            if trouble is not None and draft.failure is None:
                draft.failure = (131053, trouble)
        # A reset meanwhile has thrown the message away.
        if message.id in account.messages:
            send_off(account, phone, message, draft.failure)

    if draft.links:
        gevent.spawn(fetch_and_go)
        return
    send_off(account, phone, message, draft.failure)
    if account.settings.status_before_answer:
        with gevent.Timeout(STATUS_FIRST_SECONDS, exception=False):
            while account.delivery.pending.get("graph"):
                gevent.sleep(0.005)


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
    allowed = account.settings.allowed_recipients.split()
    if allowed and digits not in allowed:
        raise GraphError(131030)
    phone = account.phone(digits)
    return Addressee({"input": to, "wa_id": wa_id_of(digits)}, phone)


def user_addressee(account: GraphAccount, recipient: str) -> Addressee:
    """Find the customer by business-scoped user id. Raises 131009 for one of nobody."""
    phone = account.phone_of_user(recipient)
    if phone is None:
        raise invalid_value("Param recipient is not a user id of this business portfolio.")
    return Addressee({"input": recipient, "user_id": recipient}, phone)


def check_identity(draft: Draft, phone: Phone) -> None:
    """Let the message fail when it was for the phone as it was before (137000)."""
    expected = text_of(draft.found, "recipient_identity_key_hash")
    if expected is not None and expected != phone.identity_hash:
        draft.failure = (137000, "")


def check_limits(account: GraphAccount, number: Number, phone: Phone, type_: str) -> None:
    """Raise what Meta answers at once: 130429, 131056, and 131047 when that is switched on."""
    now = account.clock.now()
    settings = account.settings
    per_second = 20 if number.coexists_since is not None else settings.messages_per_second
    fits = account.limits.take_throughput(number.id, now, per_second)
    if settings.throughput_limit and not fits:
        raise GraphError(130429)
    if settings.pair_limit and not account.limits.take_pair(number.id, phone.wa_id, now):
        raise GraphError(131056)
    is_open = type_ == "template" or window_is_open(number, phone.wa_id, now)
    if settings.window_error_sync and not is_open:
        raise GraphError(131047)


def mark_read(account: GraphAccount, number: Number, found: Parameters) -> dict[str, Any]:
    """Mark a customer's message and those before it as read; show typing when asked to."""
    if text_of(found, "status") != "read":
        raise invalid_parameter("Param status must be one of {READ}.")
    message = account.messages.get(required_text(found, "message_id"))
    now = account.clock.now()
    if message is None or message.direction != "out" or message.number_id != number.id:
        raise invalid_value("Param message_id is not a message that this number received.")
    if message.group_id is not None:
        raise invalid_value("Messages of groups cannot be marked as read.")
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
