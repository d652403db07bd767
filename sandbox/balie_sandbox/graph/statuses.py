"""What becomes of a message to a customer: sent, delivered, read, or failed."""

from datetime import timedelta
from typing import Any

from .account import GraphAccount
from .errors import status_error
from .model import Message, Number, Persona, Phone
from .notify import contact_of, notify
from .pricing import count_delivered, service_pricing

WINDOW = timedelta(hours=24)


def window_is_open(account: GraphAccount, number: Number, phone: Phone) -> bool:
    """Say whether the customer wrote to this number within the last 24 hours."""
    last = number.last_inbound.get(phone.wa_id)
    return last is not None and account.clock.now() - last < WINDOW


def send_off(account: GraphAccount, phone: Phone, message: Message) -> None:
    """Take an accepted message to its phone, and say so by statuses."""
    number = account.numbers[message.number_id]
    if phone.not_on_whatsapp:
        fail(account, phone, message, 131026)
    elif not window_is_open(account, number, phone):
        fail(account, phone, message, 131047)
    else:
        pricing = service_pricing(number, account.clock.now())
        climb(account, phone, message, "sent", pricing=pricing)
        if phone.online:
            arrive(account, phone, message)
        else:
            phone.waiting.append(message)


def arrive(account: GraphAccount, phone: Phone, message: Message) -> None:
    """Show the message on the phone, which is online."""
    number = account.numbers[message.number_id]
    now = account.clock.now()
    phone.shown.append(message)
    phone.typing_until = None
    climb(account, phone, message, "delivered", pricing=service_pricing(number, now))
    count_delivered(number, now)
    if phone.auto_read:
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


def climb(account: GraphAccount, phone: Phone, message: Message, status: str, **extra: Any) -> None:
    """Set the status and send its webhook. The username is not shown with ``sent``."""
    message.status = status
    entry = status_entry(account, phone, message) | extra
    parts: dict[str, Any] = {"statuses": [entry]}
    if phone.persona is not Persona.LEGACY:
        parts = {"contacts": [contact_of(phone, username=status != "sent")]} | parts
    notify(account, message, **parts)
    account.show(phone)


def fail(account: GraphAccount, phone: Phone, message: Message, code: int) -> None:
    """Send the ``failed`` status with its error; the phone never shows the message.

    Meta's page says that contacts[] is left out here, but it is seen with the wa_id alone,
    and a client that is in wide use depends on it.
    """
    message.status = "failed"
    message.error_code = code
    entry = status_entry(account, phone, message) | {"errors": [status_error(code)]}
    parts: dict[str, Any] = {"statuses": [entry]}
    if not message.by_user_id:
        entry.pop("recipient_user_id", None)
        parts = {"contacts": [{"wa_id": phone.wa_id}]} | parts
    notify(account, message, **parts)


def status_entry(account: GraphAccount, phone: Phone, message: Message) -> dict[str, Any]:
    """Return the ``statuses[]`` entry without what belongs to one status only."""
    entry: dict[str, Any] = {
        "id": message.id,
        "status": message.status,
        "timestamp": str(int(account.clock.now().timestamp())),
    }
    if not message.by_user_id or phone.persona is not Persona.BSUID_ONLY:
        entry["recipient_id"] = phone.wa_id
    if phone.persona is not Persona.LEGACY:
        entry["recipient_user_id"] = phone.user_id
    if message.opaque is not None:
        entry["biz_opaque_callback_data"] = message.opaque
    return entry
