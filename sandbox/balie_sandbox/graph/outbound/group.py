"""Sending to a group: one message, a phone each, and statuses that come together."""

from typing import Any

from balie_sandbox.graph.account import GraphAccount
from balie_sandbox.graph.errors import GraphError, invalid_parameter
from balie_sandbox.graph.groups.model import Group
from balie_sandbox.graph.messages import Message
from balie_sandbox.graph.model import Number
from balie_sandbox.graph.notify import announce
from balie_sandbox.graph.parameters import Parameters, text_of
from balie_sandbox.graph.phones import Persona
from balie_sandbox.graph.pricing import count_delivered, pricing_of

from .content import read_content
from .draft import Draft


def send_to_group(account: GraphAccount, number: Number, found: Parameters) -> dict[str, Any]:
    """Accept a message for a group. Raises 100, 131041, 131020, 131207 and 131051."""
    to = text_of(found, "to")
    if not to:
        raise invalid_parameter("The parameter to is required.")
    group = account.groups.get(to)
    if group is None or group.number_id != number.id:
        raise GraphError(131041)
    if not group.participants:
        raise GraphError(131020)
    if group.suspended:
        raise GraphError(131207)
    draft = Draft(account, number, found)
    type_ = text_of(found, "type") or "text"
    content = read_content(type_, draft, to_group=True)
    message = Message(
        id=account.ids.wamid(number.display),
        number_id=number.id,
        wa_id="",
        direction="in",
        type=type_,
        content=content,
        at=account.clock.now(),
        status="accepted",
        group_id=group.id,
        opaque=text_of(found, "biz_opaque_callback_data", 512),
        category=draft.category,
    )
    account.messages[message.id] = message
    climb_in_group(account, number, group, message, "sent")
    for wa_id in group.participants:
        phone = account.phones[wa_id]
        phone.shown.append(message)
        account.show(phone)
    climb_in_group(account, number, group, message, "delivered")
    count_delivered(number, message, account.clock.now())
    accepted = {"id": message.id, "group_id": group.id}
    return {
        "messaging_product": "whatsapp",
        "contacts": [{"input": to, "wa_id": group.id}],
        "messages": [accepted],
    }


def climb_in_group(
    account: GraphAccount, number: Number, group: Group, message: Message, status: str
) -> None:
    """Send one webhook with a status for the group, or one for each participant."""
    message.status = status
    now = account.clock.now()
    usual: dict[str, Any] = {
        "id": message.id,
        "status": status,
        "timestamp": str(int(now.timestamp())),
        "recipient_id": group.id,
        "recipient_type": "group",
    }
    if message.opaque is not None:
        usual["biz_opaque_callback_data"] = message.opaque
    priced = usual | {"pricing": pricing_of(number, message, now)}
    if status == "sent":
        entries = [priced]
    else:
        entries = [priced | participant(account, wa_id) for wa_id in group.participants]
    announce(account, number, "messages", {"statuses": entries}, about=group.id)


def participant(account: GraphAccount, wa_id: str) -> dict[str, str]:
    """Return how a group's status names one of its people."""
    phone = account.phones[wa_id]
    shown = {} if phone.persona is Persona.BSUID_ONLY else {"recipient_participant_id": wa_id}
    return shown | {"recipient_participant_user_id": phone.user_id}
