"""What a tap on a message of the business makes the customer send."""

from typing import Any

from balie_sandbox.bad_input import BadInput
from balie_sandbox.graph.messages import Message
from balie_sandbox.graph.phones import Phone


def tapped(phone: Phone, message: Message, id_: str | None, index: int | None) -> dict[str, Any]:
    """Return the body of the message that answers a tap. Raises BadInput.

    ``id_`` is a button's or row's id; ``index`` counts them from 0.
    """
    content = message.content if isinstance(message.content, dict) else {}
    if message.type == "template":
        return template_tap(phone, content, id_, index)
    kind, action = content.get("type"), content.get("action", {})
    match kind:
        case "button":
            replies = [button["reply"] for button in action["buttons"]]
            answer = {"type": "interactive", "button_reply": chosen(replies, id_, index)}
        case "list":
            rows = [row for section in action["sections"] for row in section["rows"]]
            answer = {"type": "interactive", "list_reply": chosen(rows, id_, index)}
        case "request_contact_info":
            answer = contact_details(phone)
        case "location_request_message":
            answer = {"type": "location"}
        case "call_permission_request":
            phone.call_permission = "temporary"
            answer = {"type": "interactive", "call_permission_reply": ACCEPTED}
        case "flow":
            answer = {"type": "interactive", "nfm_reply": flow_reply(action)}
        case _:
            raise BadInput("There is nothing on this message that can be tapped.")
    return answer


#: What a customer answers who may be called for a week.
ACCEPTED = {"response": "accept", "is_permanent": False, "response_source": "user_action"}


def flow_reply(action: dict[str, Any]) -> dict[str, Any]:
    """Return what a flow that was filled in sends."""
    answers = {"flow_token": action["parameters"].get("flow_token", "unused")}
    return {"name": "flow", "body": "Sent", "response_json": answers}


def template_tap(
    phone: Phone, content: dict[str, Any], id_: str | None, index: int | None
) -> dict[str, Any]:
    """Return what a template's button sends; links and telephone numbers send nothing."""
    buttons = content.get("buttons", [])
    by_payload = [button for button in buttons if id_ in (button.get("payload"), button["text"])]
    if index is not None and index < len(buttons):
        button = buttons[index]
    elif by_payload:
        button = by_payload[0]
    else:
        raise BadInput("This template has no such button.")
    if button["type"] == "REQUEST_CONTACT_INFO":
        return contact_details(phone)
    if button["type"] != "QUICK_REPLY":
        raise BadInput(f"A button of type {button['type']} sends nothing to the business.")
    return {"type": "button", "button": {"text": button["text"], "payload": button["payload"]}}


def chosen(options: list[dict[str, Any]], id_: str | None, index: int | None) -> dict[str, Any]:
    """Return the option with this id or place. Raises BadInput."""
    if index is not None and index < len(options):
        return options[index]
    for option in options:
        if option["id"] == id_:
            return option
    raise BadInput(f"id must be one of {', '.join(option['id'] for option in options)}.")


def contact_details(phone: Phone) -> dict[str, Any]:
    """Return the customer's own card, as asked for (reference/whatsapp.md 3.5)."""
    name = {"formatted_name": phone.name, "first_name": phone.name.partition(" ")[0]}
    own = {"phone": f"+{phone.wa_id}", "wa_id": phone.wa_id, "type": "CELL"}
    return {"type": "contacts", "contacts": [{"name": name, "phones": [own], **ASKED}]}


ASKED = {"origin": "contact_request"}
