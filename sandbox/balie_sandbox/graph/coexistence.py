"""A number that is used in the WhatsApp Business app as well (reference/whatsapp.md 5.2)."""

from datetime import timedelta
from typing import Any

from .account import GraphAccount
from .errors import GraphError, invalid_parameter, status_error
from .messages import Message
from .model import App, Number
from .notify import announce, contact_of
from .parameters import Parameters, required_text
from .phones import Persona, Phone
from .visibility import hidden, shares_number

#: How long after the beginning the sync can be asked for.
SYNC_WITHIN = timedelta(hours=24)
SYNCS = ("smb_app_state_sync", "history")
#: How old a message is in days, by phase.
PHASES = ((0, 0, 1), (1, 1, 90), (2, 90, 180))
CHUNK = 20


def echo(
    account: GraphAccount, phone: Phone, number: Number, type_: str, parts: dict[str, Any]
) -> Message:
    """Let the business write from its app: shown on the phone, told as an echo."""
    now = account.clock.now()
    message = Message(
        account.ids.wamid(phone.wa_id),
        number.id,
        phone.wa_id,
        "in",
        type_,
        parts.get(type_, parts),
        now,
        "delivered",
    )
    account.messages[message.id] = message
    if type_ not in ("edit", "revoke"):
        phone.shown.append(message)
    account.show(phone)
    shown: dict[str, Any] = {"from": number.display}
    share = shares_number(account, number, phone)
    shown |= {"to": phone.wa_id} if share else hidden(account, "to")
    if phone.persona is not Persona.LEGACY:
        shown["to_user_id"] = phone.user_id
    shown |= {"id": message.id, "timestamp": str(int(now.timestamp())), "type": type_}
    # Meta's page shows no contacts here; a client that is in wide use reads them.
    contact = contact_of(account, number, phone, username=True)
    entry = {"contacts": [contact], "message_echoes": [shown | parts]}
    announce(account, number, "smb_message_echoes", entry, about=phone.wa_id)
    return message


def ask_sync(account: GraphAccount, _app: App, number: Number, found: Parameters) -> dict[str, Any]:
    """POST /{phone-number-id}/smb_app_data. Raises 100, 2593107 and 2593108."""
    required_text(found, "messaging_product")
    kind = required_text(found, "sync_type")
    if kind not in SYNCS:
        raise invalid_parameter(f"Param sync_type must be one of {{{', '.join(SYNCS)}}}.")
    if number.coexists_since is None:
        raise invalid_parameter("This number is not used in the WhatsApp Business app.")
    if account.clock.now() - number.coexists_since > SYNC_WITHIN:
        raise GraphError(2593108)
    if kind in number.synced:
        raise GraphError(2593107)
    number.synced.add(kind)
    if kind == "history":
        send_history(account, number)
    else:
        send_contacts(account, number)
    return {"messaging_product": "whatsapp", "request_id": account.ids.token(32).upper()}


def send_contacts(account: GraphAccount, number: Number) -> None:
    """Send the app's contacts: the customers that were in touch."""
    known = [account.phones[wa_id] for wa_id in number.last_contact if wa_id in account.phones]
    for phone in known:
        send_contact(account, number, phone, "add")


def send_contact(account: GraphAccount, number: Number, phone: Phone, action: str) -> None:
    """Send that a contact was added (or changed), or removed."""
    contact = {
        "full_name": phone.name,
        "first_name": phone.name.partition(" ")[0],
        "phone_number": phone.wa_id,
        "user_id": phone.user_id,
        "username": phone.username,
    }
    entry = {
        "type": "contact",
        "contact": contact,
        "action": action,
        "metadata": {"timestamp": str(int(account.clock.now().timestamp()))},
    }
    announce(account, number, "smb_app_state_sync", {"state_sync": [entry]}, about=phone.wa_id)


def decline_history(account: GraphAccount, number: Number) -> None:
    """Send that the business did not want to share its history."""
    parts = {"history": [{"errors": [status_error(2593109)]}]}
    announce(account, number, "history", parts, about="history")


def send_history(account: GraphAccount, number: Number) -> None:
    """Send what was said with each customer, in phases and chunks, then the latest files."""
    now = account.clock.now()
    past = [one for one in account.past_messages if one.number_id == number.id]
    for phase, first, last in PHASES:
        within = [one for one in past if first <= (now - one.at).days < last]
        chunks = [within[at : at + CHUNK] for at in range(0, len(within), CHUNK)] or [[]]
        for order, chunk in enumerate(chunks, 1):
            done = phase == PHASES[-1][0] and order == len(chunks)
            metadata = {
                "phase": phase,
                "chunk_order": order,
                "progress": 100 if done else 30 * (phase + 1),
            }
            parts = {"history": [{"metadata": metadata, "threads": threads(number, chunk)}]}
            announce(account, number, "history", parts, about="history")
    for one in past:
        if one.type in ("image", "video", "audio", "document") and (now - one.at).days < 14:
            entry = past_entry(number, one) | {one.type: one.content, "type": one.type}
            announce(account, number, "history", {"messages": [entry]}, about="history")


def threads(number: Number, messages: list[Message]) -> list[dict[str, Any]]:
    """Return the messages by customer; a file is only a placeholder here."""
    customers = list(dict.fromkeys(one.wa_id for one in messages))
    return [
        {
            "id": wa_id,
            "messages": [thread_entry(number, one) for one in messages if one.wa_id == wa_id],
        }
        for wa_id in customers
    ]


def thread_entry(number: Number, message: Message) -> dict[str, Any]:
    """Return a message of the past."""
    entry = past_entry(number, message)
    if message.type in ("text", "location", "contacts"):
        entry |= {"type": message.type, message.type: message.content}
    else:
        entry |= {"type": "media_placeholder"}
    return entry | {"history_context": {"status": message.status.upper()}}


def past_entry(number: Number, message: Message) -> dict[str, Any]:
    """Return what every message of the past begins with."""
    from_business = message.direction == "in"
    sides = (number.display, message.wa_id) if from_business else (message.wa_id, number.display)
    return {
        "from": sides[0],
        "to": sides[1],
        "id": message.id,
        "timestamp": str(int(message.at.timestamp())),
    }
