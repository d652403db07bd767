"""A customer writes to a business."""

from dataclasses import dataclass, field
from typing import Any

from .account import GraphAccount
from .model import Message, Number, Persona, Phone
from .notify import contact_of, notify

#: These do not open the 24-hour window (reference/whatsapp.md 8.1; Meta does not say).
NOT_OPENING = {"reaction", "system", "unsupported"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What the customer sent. ``extra`` goes into the webhook's message as it is."""

    type: str = "text"
    text: str = ""
    reply_to: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)


def customer_writes(
    account: GraphAccount, phone: Phone, number: Number, written: Written
) -> Message:
    """Put the message on the phone, open the service window, and send the webhook."""
    now = account.clock.now()
    content = {"body": written.text} if written.type == "text" else written.extra
    message = Message(
        id=str(written.extra.get("id") or account.ids.wamid(phone.wa_id)),
        number_id=number.id,
        wa_id=phone.wa_id,
        direction="out",
        type=written.type,
        content=content,
        at=now,
        status="pending",
        quoted_id=written.reply_to,
    )
    account.messages[message.id] = message
    phone.shown.append(message)
    if written.type not in NOT_OPENING:
        number.last_inbound[phone.wa_id] = now
    account.limits.take_throughput(number.id, now, account.settings.messages_per_second)

    def accepted() -> None:
        if message.status == "pending":
            message.status = "sent"
            account.show(phone)

    parts: dict[str, Any] = {"messages": [webhook_message(message, phone, number, written)]}
    # A system message says what became of a contact and has none (reference/whatsapp.md 2.8).
    if written.type != "system":
        parts = {"contacts": [contact_of(phone, username=True)]} | parts
    notify(account, message, then=accepted, **parts)
    account.show(phone)
    return message


def webhook_message(
    message: Message, phone: Phone, number: Number, written: Written
) -> dict[str, Any]:
    """Return the ``messages[]`` entry."""
    entry: dict[str, Any] = {}
    if written.reply_to is not None:
        quoted = {"from": number.display, "id": written.reply_to}
        entry["context"] = quoted
    if phone.persona is not Persona.BSUID_ONLY:
        entry["from"] = phone.wa_id
    if phone.persona is not Persona.LEGACY:
        entry["from_user_id"] = phone.user_id
    entry |= {"id": message.id, "timestamp": str(int(message.at.timestamp()))}
    if message.type == "text":
        entry["text"] = message.content
    return entry | {"type": message.type} | written.extra
