"""The buttons of a template message: their payloads, link endings and codes."""

from typing import Any

from balie_sandbox.graph.errors import GraphError
from balie_sandbox.graph.message_templates.model import Template, filled, variables_of
from balie_sandbox.graph.parameters import Parameters

from .draft import Content, as_object
from .template_parameters import mismatch

#: Longest payload of a quick reply.
PAYLOAD_LENGTH = 256
#: How a send names a button's type, by the template's.
SUB_TYPES = {"QUICK_REPLY": "quick_reply", "URL": "url", "COPY_CODE": "copy_code", "OTP": "url"}


def read_template_buttons(template: Template, components: dict[str, Any]) -> list[Content]:
    """Return the buttons as the phone shows them. Raises 131008, 132000 and 132012."""
    buttons = []
    for index, defined in enumerate(template.buttons):
        given = as_object(components.pop(f"button {index}", {}), "button")
        buttons.append(read_button(defined, given, index))
    left = [key for key in components if key.startswith("button ")]
    if left:
        raise GraphError(132000, details=f"buttons: the template has no button {left[0][7:]}")
    return buttons


def read_button(defined: dict[str, Any], given: Parameters, index: int) -> Content:
    """Return one button filled in."""
    type_ = str(defined["type"])
    sub_type = str(given.get("sub_type", "")).lower()
    if given and sub_type != SUB_TYPES.get(type_, type_.lower()):
        raise mismatch(f"buttons: Button at index {index} is not of type {sub_type}")
    content: Content = {"type": type_, "text": str(defined.get("text", ""))}
    parameters = [as_object(one, "parameters") for one in given.get("parameters") or []]
    first = parameters[0] if parameters else {}
    match type_:
        case "QUICK_REPLY":
            payload = first.get("payload", first.get("text", content["text"]))
            content["payload"] = str(payload)[:PAYLOAD_LENGTH]
        case "URL":
            content["url"] = link_of(defined, first, index)
        case "COPY_CODE":
            content["code"] = required_value(first, "coupon_code", "Copy_code", index)
        case "PHONE_NUMBER":
            content["phone_number"] = str(defined.get("phone_number", ""))
        case "FLOW":
            content["flow_id"] = str(defined.get("flow_id", ""))
    return content


def link_of(defined: dict[str, Any], first: Parameters, index: int) -> str:
    """Return the page that a link button opens."""
    url = str(defined.get("url", ""))
    variables = variables_of(url)
    if not variables:
        return url
    return filled(url, {variables[0]: required_value(first, "text", "Url", index)})


def required_value(parameter: Parameters, key: str, type_: str, index: int) -> str:
    """Return a parameter that this button cannot do without. Raises 131008."""
    value = parameter.get(key)
    if value is None or value == "" or isinstance(value, dict | list):
        raise GraphError(
            131008, details=f"buttons: Button at index {index} of type {type_} requires a parameter"
        )
    return str(value)
