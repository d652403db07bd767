"""A customer writes to a business."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from balie_sandbox.graph.account import GraphAccount
from balie_sandbox.graph.messages import Message
from balie_sandbox.graph.model import Number
from balie_sandbox.graph.notify import contact_of, notify
from balie_sandbox.graph.phones import Persona, Phone
from balie_sandbox.graph.visibility import hidden, shares_number

#: These do not open the 24-hour window (reference/whatsapp.md 8.1; Meta does not say).
NOT_OPENING = {"reaction", "system", "unsupported", "edit", "revoke"}
#: These change what is on the phone instead of adding to it.
NOT_SHOWN = {"reaction", "system", "edit", "revoke", "request_welcome"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What the customer sent. ``parts`` go into the webhook's message as they are."""

    type: str = "text"
    parts: dict[str, Any] = field(default_factory=dict)
    reply_to: str | None = None
    #: Merged into ``context``: forwarded, referred_product.
    context: dict[str, Any] = field(default_factory=dict)
    group_id: str | None = None
    #: When the sender says it was sent; None: now.
    at: datetime | None = None
    #: A change to another message that the business does not hear of as such.
    silently: tuple[str, dict[str, Any]] | None = None


def customer_writes(
    account: GraphAccount, phone: Phone, number: Number, written: Written
) -> Message:
    """Put the message on the phone, open the service window, and send the webhook."""
    now = account.clock.now()
    message = Message(
        id=str(written.parts.get("id") or account.ids.wamid(phone.wa_id)),
        number_id=number.id,
        wa_id=phone.wa_id,
        direction="out",
        type=written.type,
        content=written.parts.get(written.type, written.parts),
        at=written.at or now,
        status="pending",
        quoted_id=written.reply_to,
        group_id=written.group_id,
    )
    account.messages[message.id] = message
    if written.silently is None:
        put_on_phone(account, phone, message.type, message.content)
    else:
        put_on_phone(account, phone, *written.silently)
    if message.type not in NOT_SHOWN and written.silently is None:
        phone.shown.append(message)
    account.limits.take_throughput(number.id, now, account.settings.messages_per_second)
    if phone.wa_id in number.blocked:
        # Whoever is blocked sees one tick and is not heard.
        message.status = "sent"
        return message
    tell(account, phone, number, written, message)
    if written.type not in NOT_OPENING:
        number.last_inbound[phone.wa_id] = message.at
    number.last_contact[phone.wa_id] = now
    if "referral" in written.parts:
        number.referred[phone.wa_id] = now
    return message


def put_on_phone(account: GraphAccount, phone: Phone, type_: str, content: Any) -> None:
    """Carry out what a reaction, an edit or a taking back changes on the phone."""
    given = content if isinstance(content, dict) else {}
    target = account.messages.get(str(given.get("message_id") or given.get("original_message_id")))
    match type_:
        case "reaction" if target is not None:
            target.reactions.pop("customer", None)
            if given.get("emoji"):
                target.reactions["customer"] = given["emoji"]
        case "revoke" if target is not None:
            target.revoked = True
        case "edit" if target is not None:
            target.content = given.get("message", {}).get(target.type, target.content)
            target.edited = True
    account.show(phone)


def tell(
    account: GraphAccount, phone: Phone, number: Number, written: Written, message: Message
) -> None:
    """Send the webhook; the phone shows one tick once it was accepted."""

    def accepted() -> None:
        if message.status == "pending":
            message.status = "sent"
            account.show(phone)

    entry = webhook_message(account, message, phone, number, written)
    parts: dict[str, Any] = {"messages": [entry]}
    # A system message says what became of a contact and has none (reference/whatsapp.md 2.8).
    if written.type != "system":
        parts = {"contacts": [contact_of(account, number, phone, username=True)]} | parts
    notify(account, message, then=accepted, **parts)


def webhook_message(
    account: GraphAccount, message: Message, phone: Phone, number: Number, written: Written
) -> dict[str, Any]:
    """Return the ``messages[]`` entry."""
    entry: dict[str, Any] = {}
    context = dict(written.context)
    if written.reply_to is not None:
        quoted = account.messages.get(written.reply_to)
        own = quoted is not None and quoted.direction == "out"
        context = {"from": phone.wa_id if own else number.display, "id": written.reply_to} | context
    if context:
        entry["context"] = context
    shown = shares_number(account, number, phone)
    entry |= {"from": phone.wa_id} if shown else hidden(account, "from")
    if phone.persona is not Persona.LEGACY:
        entry["from_user_id"] = phone.user_id
        if phone.parent_user_id is not None:
            entry["from_parent_user_id"] = phone.parent_user_id
    if written.group_id is not None:
        entry["group_id"] = written.group_id
    entry |= {"id": message.id, "timestamp": str(int(message.at.timestamp()))}
    return entry | {"type": written.type} | written.parts
