"""Reading type ``interactive``: what can be tapped (reference/whatsapp.md 6.3)."""

from collections.abc import Callable

from balie_sandbox.graph.errors import invalid_parameter
from balie_sandbox.graph.media.kinds import KINDS
from balie_sandbox.graph.parameters import Parameters, invalid_value

from .actions import (
    read_address,
    read_buttons,
    read_carousel,
    read_catalog,
    read_flow,
    read_link_button,
    read_list,
    read_payment,
    read_product,
    read_product_list,
    read_voice_call,
    simple_action,
)
from .draft import Content, Draft, as_object, missing, needed
from .media import file_content

HEADER_LENGTH = 60
FOOTER_LENGTH = 60
SHORT_BODY = 1024
LONG_BODY = 4096
MEDIA_HEADERS = ("image", "video", "document")

#: By interactive.type: who reads the action, which headers it may have, and whether the
#: body may be left out.
ReadAction = Callable[[Draft, Parameters], Content]
ANY_HEADER = ("text", *MEDIA_HEADERS)
ACTIONS: dict[str, tuple[ReadAction, tuple[str, ...], bool]] = {
    "button": (read_buttons, ANY_HEADER, False),
    "list": (read_list, ("text",), False),
    "cta_url": (read_link_button, ANY_HEADER, False),
    "location_request_message": (simple_action("send_location"), (), False),
    "request_contact_info": (simple_action("request_contact_info"), (), False),
    "call_permission_request": (simple_action("call_permission_request"), (), True),
    "voice_call": (read_voice_call, ANY_HEADER, False),
    "flow": (read_flow, ANY_HEADER, False),
    "address_message": (read_address, ANY_HEADER, False),
    "product": (read_product, (), True),
    "product_list": (read_product_list, ("text",), False),
    "catalog_message": (read_catalog, (), False),
    "carousel": (read_carousel, (), False),
    "order_details": (read_payment, ("image", "video", "document"), False),
    "order_status": (read_payment, (), False),
}


def read_interactive(draft: Draft) -> Content:
    """Read an interactive message of any kind. Raises 131008, 100 and 131009."""
    given = draft.object("interactive")
    kind = needed(given, "type", "interactive.type", 100)
    if kind not in ACTIONS:
        raise invalid_parameter(f"Param interactive['type'] must be one of {sorted(ACTIONS)}.")
    read_action, headers, body_optional = ACTIONS[kind]
    content: Content = {"type": kind}
    if given.get("header") is not None:
        content["header"] = read_header(draft, given, headers)
    longest = LONG_BODY if kind in ("list", "flow") else SHORT_BODY
    if given.get("body") is not None or not body_optional:
        body = as_object(given.get("body") or {}, "interactive.body")
        content["body"] = {"text": needed(body, "text", "interactive.body.text", longest)}
    if given.get("footer") is not None:
        footer = as_object(given["footer"], "interactive.footer")
        text = needed(footer, "text", "interactive.footer.text", FOOTER_LENGTH)
        content["footer"] = {"text": text}
    if given.get("action") is None:
        raise missing("interactive.action", "interactive")
    action = as_object(given["action"], "interactive.action")
    return content | {"action": read_action(draft, action)}


def read_header(draft: Draft, given: Parameters, allowed: tuple[str, ...]) -> Content:
    """Read a header of one of the ``allowed`` types."""
    header = as_object(given["header"], "interactive.header")
    type_ = needed(header, "type", "interactive.header.type", 20)
    if type_ not in allowed:
        # One of Meta's own examples has a placeholder here, which Meta refuses as well.
        raise invalid_value(f"Header type {type_} is not supported for this message.")
    if type_ == "text":
        text = needed(header, "text", "interactive.header.text", HEADER_LENGTH)
        return {"type": "text", "text": text}
    media = as_object(header.get(type_) or {}, f"interactive.header.{type_}")
    path = f"interactive.header.{type_}"
    return {"type": type_, type_: file_content(draft, media, KINDS[type_], path)}
