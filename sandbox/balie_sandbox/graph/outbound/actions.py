"""The ``action`` of each interactive message, with the limits of reference/whatsapp.md 6.3."""

import ipaddress
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from balie_sandbox.graph.parameters import Parameters, invalid_value

from .draft import Content, Draft, as_list, as_object, checked_count, needed, text_at

MAX_ROWS = 10
MAX_SECTIONS = 10
MAX_PRODUCTS = 30
ID_LENGTH = 256
ANY_LENGTH = 10_000
VOICE_CALL_MINUTES = range(1, 43201)


def simple_action(name: str) -> Callable[[Draft, Parameters], Content]:
    """Return a reader of an action that is a name and nothing else."""

    def read(_draft: Draft, action: Parameters) -> Content:
        check_name(action, name)
        return {"name": name}

    return read


def check_name(action: Parameters, name: str) -> None:
    """Raise 131009 for another name than this message's."""
    if needed(action, "name", "action.name", 100) != name:
        raise invalid_value(f"action.name must be {name}.")


def parameters_of(action: Parameters) -> Parameters:
    """Return the object ``parameters``. Raises 100."""
    return as_object(action.get("parameters") or {}, "action.parameters")


def read_buttons(_draft: Draft, action: Parameters) -> Content:
    """Read 1 to 3 reply buttons with different ids and titles."""
    buttons = as_list(action.get("buttons") or [], "action.buttons")
    checked_count(buttons, "Buttons", 1, 3)
    read = []
    for button in buttons:
        reply = as_object(as_object(button, "action.buttons").get("reply") or {}, "reply")
        id_ = needed(reply, "id", "Button id", ID_LENGTH)
        read.append({"id": id_, "title": needed(reply, "title", "Button title", 20)})
    for key in ("id", "title"):
        if len({entry[key] for entry in read}) < len(read):
            raise invalid_value(f"Button {key} must be unique.")
    return {"buttons": [{"type": "reply", "reply": reply} for reply in read]}


def read_list(_draft: Draft, action: Parameters) -> Content:
    """Read 1 to 10 sections with at most 10 rows in all."""
    sections = as_list(action.get("sections") or [], "action.sections")
    checked_count(sections, "Sections", 1, MAX_SECTIONS)
    read: list[dict[str, Any]] = []
    for section in sections:
        holder = as_object(section, "action.sections")
        title = text_at(holder, "title", "Section title", 24, required=len(sections) > 1)
        rows = [read_row(row) for row in as_list(holder.get("rows") or [], "rows")]
        read.append(({"title": title} if title else {}) | {"rows": rows})
    rows = [row for section in read for row in section["rows"]]
    checked_count(rows, "Rows", 1, MAX_ROWS)
    if len({row["id"] for row in rows}) < len(rows):
        raise invalid_value("Row id must be unique.")
    return {"button": needed(action, "button", "List button", 20), "sections": read}


def read_row(row: Any) -> Content:
    """Read one row of a list."""
    holder = as_object(row, "rows")
    content = {
        "id": needed(holder, "id", "Row id", 200),
        "title": needed(holder, "title", "Row title", 24),
    }
    description = text_at(holder, "description", "Row description", 72, required=False)
    return content | ({"description": description} if description else {})


def read_link_button(_draft: Draft, action: Parameters) -> Content:
    """Read a button that opens a page; a bare IP address is refused."""
    check_name(action, "cta_url")
    given = parameters_of(action)
    url = needed(given, "url", "URL", 2000)
    if not url.lower().startswith(("http://", "https://")) or is_ip_address(url):
        raise invalid_value("URL is not valid.")
    text = needed(given, "display_text", "Display text", 20)
    return {"name": "cta_url", "parameters": {"display_text": text, "url": url}}


def is_ip_address(url: str) -> bool:
    """Say whether a URL names its host by number."""
    try:
        ipaddress.ip_address(urlsplit(url).hostname or "")
    except ValueError:
        return False
    return True


def read_voice_call(_draft: Draft, action: Parameters) -> Content:
    """Read a button that calls the business."""
    check_name(action, "voice_call")
    given = parameters_of(action)
    text = text_at(given, "display_text", "Display text", 20, required=False) or "Call now"
    minutes = given.get("ttl_minutes", 10080)
    if minutes not in VOICE_CALL_MINUTES:
        raise invalid_value("ttl_minutes must be between 1 and 43200.")
    read = {"display_text": text, "ttl_minutes": minutes}
    payload = text_at(given, "payload", "payload", 512, required=False)
    return {"name": "voice_call", "parameters": read | ({"payload": payload} if payload else {})}


def read_flow(_draft: Draft, action: Parameters) -> Content:
    """Read a button that opens a flow, by id or by name."""
    check_name(action, "flow")
    given = parameters_of(action)
    needed(given, "flow_message_version", "flow_message_version", 10)
    if bool(given.get("flow_id")) == bool(given.get("flow_name")):
        raise invalid_value("Either flow_id or flow_name must be given.")
    needed(given, "flow_cta", "flow_cta", 30)
    if given.get("flow_action") not in (None, "navigate", "data_exchange"):
        raise invalid_value("flow_action must be navigate or data_exchange.")
    if given.get("mode") not in (None, "draft", "published"):
        raise invalid_value("mode must be draft or published.")
    payload = as_object(given.get("flow_action_payload") or {}, "flow_action_payload")
    if "data" in payload and not as_object(payload["data"], "flow_action_payload.data"):
        raise invalid_value("flow_action_payload.data must not be empty.")
    return {"name": "flow", "parameters": given}


def read_address(_draft: Draft, action: Parameters) -> Content:
    """Read a form for an address, which India and Singapore have."""
    check_name(action, "address_message")
    given = parameters_of(action)
    if given.get("country") not in ("IN", "SG"):
        raise invalid_value("country must be IN or SG.")
    return {"name": "address_message", "parameters": given}


def read_product(_draft: Draft, action: Parameters) -> Content:
    """Read one product of a catalogue."""
    return {
        "catalog_id": needed(action, "catalog_id", "catalog_id", ID_LENGTH),
        "product_retailer_id": needed(
            action, "product_retailer_id", "product_retailer_id", ID_LENGTH
        ),
    }


def read_product_list(_draft: Draft, action: Parameters) -> Content:
    """Read up to 30 products in up to 10 sections."""
    needed(action, "catalog_id", "catalog_id", ID_LENGTH)
    sections = as_list(action.get("sections") or [], "action.sections")
    checked_count(sections, "Sections", 1, MAX_SECTIONS)
    products = [
        item
        for section in sections
        for item in as_list(as_object(section, "sections").get("product_items") or [], "items")
    ]
    checked_count(products, "Products", 1, MAX_PRODUCTS)
    for product in products:
        holder = as_object(product, "product_items")
        needed(holder, "product_retailer_id", "product_retailer_id", ID_LENGTH)
    return action


def read_catalog(_draft: Draft, action: Parameters) -> Content:
    """Read a button that opens the catalogue."""
    check_name(action, "catalog_message")
    return {"name": "catalog_message", "parameters": parameters_of(action)}


def read_carousel(_draft: Draft, action: Parameters) -> Content:
    """Read 2 to 10 cards of one kind."""
    cards = as_list(action.get("cards") or [], "action.cards")
    checked_count(cards, "Cards", 2, 10)
    for card in cards:
        holder = as_object(card, "action.cards")
        as_object(holder.get("action") or {}, "cards.action")
        body = as_object(holder.get("body") or {}, "cards.body")
        text_at(body, "text", "Card body", 160, required=False)
    return {"cards": cards}


def read_payment(_draft: Draft, action: Parameters) -> Content:
    """Read order_details and order_status, which some countries have; the shape only."""
    needed(action, "name", "action.name", 100)
    given = parameters_of(action)
    needed(given, "reference_id", "reference_id", ANY_LENGTH)
    as_object(given.get("order") or {}, "order")
    return action
