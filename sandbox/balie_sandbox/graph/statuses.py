"""What becomes of a message to a customer: sent, delivered, read, played, or failed."""

from typing import Any

from .account import GraphAccount
from .errors import status_error
from .limits import TIERS, tier_is_full
from .messages import Message
from .model import Number
from .notify import contact_of, identity_is_checked, notify
from .phones import Persona, Phone
from .pricing import (
    FREE_ENTRY,
    WINDOW,
    conversation_of,
    count_delivered,
    old_conversation,
    pricing_of,
    window_is_open,
)
from .visibility import hidden, shares_number


def send_off(
    account: GraphAccount, phone: Phone, message: Message, failure: tuple[int, str] | None = None
) -> None:
    """Take an accepted message to its phone, and say so by statuses."""
    number = account.numbers[message.number_id]
    trouble = failure or trouble_with(account, number, phone, message)
    if trouble is not None:
        fail(account, phone, message, *trouble)
        return
    now = account.clock.now()
    number.last_contact[phone.wa_id] = now
    open_free_entry(account, number, phone)
    if not window_is_open(number, phone.wa_id, now):
        number.reached[phone.wa_id] = now
    climb(account, phone, message, "sent")
    if message.type == "reaction":
        react(account, phone, message)
    elif phone.online:
        arrive(account, phone, message)
    else:
        phone.waiting.append(message)


def trouble_with(
    account: GraphAccount, number: Number, phone: Phone, message: Message
) -> tuple[int, str] | None:
    """Return the code and details this message fails with, or None."""
    now = account.clock.now()
    is_open = window_is_open(number, phone.wa_id, now)
    code = phone.failures.pop(0) if phone.failures else None
    if code is None and (phone.not_on_whatsapp or phone.blocks_business):
        code = 131026
    elif code is None and phone.wa_id in number.blocked:
        code = 130403
    elif code is None and not is_open and message.type != "template":
        code = 131047
    elif code is None and message.category == "marketing" and phone.marketing_stopped:
        code = 131050
    elif code is None and not is_open and account.settings.tier_limit:
        most = TIERS.get(str(number.changed.get("messaging_limit", "TIER_250")))
        code = 131048 if tier_is_full(number.reached, phone.wa_id, now, most) else None
    if code is None and message.type == "reaction":
        code = reaction_trouble(account, message)
    return None if code is None else (code, "")


def reaction_trouble(account: GraphAccount, message: Message) -> int | None:
    """Return 131009 when there is nothing to react to (any more)."""
    target = account.messages.get(message.content["message_id"])
    usable = (
        target is not None
        and target.wa_id == message.wa_id
        and target.type != "reaction"
        and not target.revoked
        and (account.clock.now() - target.at).days < 30
    )
    return None if usable else 131009


def react(account: GraphAccount, phone: Phone, message: Message) -> None:
    """Put the business's emoji on the message, or take it off."""
    target = account.messages[message.content["message_id"]]
    target.reactions.pop("business", None)
    if message.content["emoji"]:
        target.reactions["business"] = message.content["emoji"]
    account.show(phone)


def open_free_entry(account: GraphAccount, number: Number, phone: Phone) -> None:
    """Begin the 72 free hours when the business answers one who came through an ad in time."""
    came = number.referred.pop(phone.wa_id, None)
    now = account.clock.now()
    if came is not None and now - came < WINDOW:
        number.free_entry[phone.wa_id] = now + FREE_ENTRY


def arrive(account: GraphAccount, phone: Phone, message: Message) -> None:
    """Show the message on the phone, which is online."""
    number = account.numbers[message.number_id]
    phone.shown.append(message)
    phone.typing_until = None
    if phone.chat_open and phone.read_receipts:
        climb(account, phone, message, "read", paid=True)
    else:
        climb(account, phone, message, "delivered")
    count_delivered(number, message, account.clock.now())
    if phone.auto_read and message.status == "delivered":
        read(account, phone, message)


def come_online(account: GraphAccount, phone: Phone) -> None:
    """Let in what waited for the phone."""
    phone.online = True
    waiting, phone.waiting = phone.waiting, []
    for message in waiting:
        arrive(account, phone, message)


def read_all(account: GraphAccount, phone: Phone) -> int:
    """Mark everything on the phone as read and return how many messages were new."""
    unread = [entry for entry in phone.shown if (entry.direction, entry.status) == UNREAD]
    for message in unread:
        read(account, phone, message)
    return len(unread)


UNREAD = ("in", "delivered")


def read(account: GraphAccount, phone: Phone, message: Message) -> None:
    """Mark one message as read; the business hears of it only with read receipts on."""
    if phone.read_receipts:
        climb(account, phone, message, "read")
    else:
        message.status = "read"
        account.show(phone)


def play(account: GraphAccount, phone: Phone, message: Message) -> None:
    """Play a voice message for the first time, which the business hears of."""
    if message.status != "played":
        climb(account, phone, message, "played")


def climb(
    account: GraphAccount, phone: Phone, message: Message, status: str, *, paid: bool = False
) -> None:
    """Set the status and send its webhook. The username is not shown with ``sent``.

    ``paid``: this status tells the price though it is not sent or delivered.
    """
    message.status = status
    number = account.numbers[message.number_id]
    entry = status_entry(account, phone, message)
    if paid or status in ("sent", "delivered"):
        entry |= cost_of(account, number, message)
    parts: dict[str, Any] = {"statuses": [entry]}
    if phone.persona is not Persona.LEGACY:
        contact = contact_of(account, number, phone, username=status != "sent")
        parts = {"contacts": [contact]} | parts
    notify(account, message, **parts)
    account.show(phone)


def cost_of(account: GraphAccount, number: Number, message: Message) -> dict[str, Any]:
    """Return ``conversation`` and ``pricing`` as far as this app's version shows them."""
    now = account.clock.now()
    shown = conversation_of(number, message, now)
    if shown is None and account.settings.conversations:
        shown = old_conversation(message, now)
    pricing = {"pricing": pricing_of(number, message, now)}
    return ({"conversation": shown} if shown else {}) | pricing


def fail(
    account: GraphAccount, phone: Phone, message: Message, code: int, details: str = ""
) -> None:
    """Send the ``failed`` status with its error; the phone never shows the message.

    Meta's page says that contacts[] is left out here, but it is seen with the wa_id alone,
    and a client that is in wide use depends on it.
    """
    message.status = "failed"
    message.error_code = code
    error = status_error(code, details or None)
    entry = status_entry(account, phone, message) | {"errors": [error]}
    parts: dict[str, Any] = {"statuses": [entry]}
    if not message.by_user_id:
        entry.pop("recipient_user_id", None)
        entry.pop("recipient_parent_user_id", None)
        parts = {"contacts": [{"wa_id": phone.wa_id}]} | parts
    notify(account, message, **parts)


def status_entry(account: GraphAccount, phone: Phone, message: Message) -> dict[str, Any]:
    """Return the ``statuses[]`` entry without what belongs to one status only."""
    number = account.numbers[message.number_id]
    entry: dict[str, Any] = {
        "id": message.id,
        "status": message.status,
        "timestamp": str(int(account.clock.now().timestamp())),
    }
    if not message.by_user_id or shares_number(account, number, phone):
        entry["recipient_id"] = phone.wa_id
    else:
        entry |= hidden(account, "recipient_id")
    if phone.persona is not Persona.LEGACY:
        entry["recipient_user_id"] = phone.user_id
        if phone.parent_user_id is not None:
            entry["recipient_parent_user_id"] = phone.parent_user_id
    if message.opaque is not None:
        entry["biz_opaque_callback_data"] = message.opaque
    if phone.identity_hash is not None and identity_is_checked(number):
        entry["recipient_identity_key_hash"] = phone.identity_hash
    return entry
