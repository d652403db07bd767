"""Each type of message a customer can send, as its webhook shows it (reference 2.1 to 2.11).

What the caller of the control gives under the type's own name is put over a plausible
example, so a test says only what it is about.
"""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from balie_sandbox.bad_input import BadInput
from balie_sandbox.graph.errors import status_error
from balie_sandbox.graph.media.kinds import KINDS

from .files import media_parts
from .scene import Parts, Scene

UNKNOWN_TYPE = "Message type unknown"
UNSUPPORTED = "Message type is currently not supported."
#: The replies that come as type ``interactive``.
REPLIES = ("button_reply", "list_reply", "nfm_reply", "call_permission_reply")


def text_parts(scene: Scene) -> Parts:
    """Return a text."""
    text = scene.asked.get("text")
    body = text.get("body") if isinstance(text, dict) else text
    if not isinstance(body, str):
        raise BadInput('text: Give the message\'s text, as "text": "...".')
    return {"text": {"body": body}}


def location_parts(scene: Scene) -> Parts:
    """Return a place; a pin on the map has neither name nor address."""
    pin = {"latitude": 52.0907374, "longitude": 5.1214201}
    return {"location": pin | scene.given("location")}


def contacts_parts(scene: Scene) -> Parts:
    """Return contact cards."""
    name = {"formatted_name": "Joost Prins", "first_name": "Joost", "last_name": "Prins"}
    phone = {"phone": "+31 6 55509876", "wa_id": "31655509876", "type": "CELL"}
    card = {"name": name, "phones": [phone], "origin": "other"}
    return {"contacts": scene.asked.get("contacts") or [card]}


def interactive_parts(scene: Scene) -> Parts:
    """Return an answer to buttons, a list, a flow or a request to call."""
    given = scene.given("interactive")
    for kind in REPLIES:
        if kind in scene.asked:
            given = {"type": kind, kind: scene.asked[kind]}
    if not given:
        raise BadInput(f"interactive: Give one of {', '.join(REPLIES)}.")
    flow = given.get("nfm_reply")
    if isinstance(flow, dict) and not isinstance(flow.get("response_json", ""), str):
        packed = json.dumps(flow["response_json"], separators=(",", ":"))
        given = given | {"nfm_reply": flow | {"response_json": packed}}
    return {"interactive": given}


def button_parts(scene: Scene) -> Parts:
    """Return the tap on a quick reply of a template; its payload is its label unless set."""
    given = scene.given("button")
    text = given.get("text", "Ja")
    return {"button": {"payload": given.get("payload", text), "text": text}}


def reaction_parts(scene: Scene) -> Parts:
    """Return a reaction; without an emoji, or with an empty one, it is taken away."""
    given = scene.given("reaction")
    if "message_id" not in given:
        raise BadInput('reaction: Give {"message_id": "wamid...", "emoji": "..."}.')
    return {"reaction": given}


def order_parts(scene: Scene) -> Parts:
    """Return a filled cart."""
    item = {
        "product_retailer_id": "di9ozbzfi4",
        "quantity": 2,
        "item_price": 30,
        "currency": "EUR",
    }
    order = {"catalog_id": "194836987003835", "text": "", "product_items": [item]}
    return {"order": order | scene.given("order")}


def system_parts(scene: Scene) -> Parts:
    """Return what became of the customer's number, user id or identity, as it was given."""
    usual = {"type": "customer_identity_changed", "body": "User identity changed"}
    parts: Parts = {"system": usual | scene.given("system")}
    if "identity" in scene.asked:
        parts["identity"] = scene.asked["identity"]
    return parts


def unsupported_parts(scene: Scene) -> Parts:
    """Return a message the Cloud API cannot pass on; ``errors`` and ``unsupported`` as given."""
    error = status_error(131051, UNSUPPORTED) | {"title": UNKNOWN_TYPE, "message": UNKNOWN_TYPE}
    del error["href"]
    parts: Parts = {"errors": scene.asked.get("errors", [error])}
    kind = scene.given("unsupported")
    return parts | ({"unsupported": kind} if kind else {})


def edit_parts(scene: Scene) -> Parts:
    """Return a message as the customer changed it."""
    given = scene.given("edit")
    original = given.get("original_message_id")
    if original is None:
        raise BadInput('edit: Give {"original_message_id": "wamid...", "text": "..."}.')
    edited: dict[str, Any] = given.get("message", {})
    if "text" in given:
        edited = {"type": "text", "text": {"body": given["text"]}}
    if "caption" in given:
        message = scene.account.messages.get(original)
        kind = message.type if message is not None else "image"
        content = message.content if message is not None else {}
        edited = {"type": kind, kind: content | {"caption": given["caption"]}}
    context = {"context": {"id": "M0"}}
    return {"edit": {"original_message_id": original, "message": context | edited}}


def revoke_parts(scene: Scene) -> Parts:
    """Return the taking back of a message."""
    given = scene.given("revoke")
    if "original_message_id" not in given:
        raise BadInput('revoke: Give {"original_message_id": "wamid..."}.')
    return {"revoke": given}


def nothing(_scene: Scene) -> Parts:
    """Return no parts: request_welcome has none."""
    return {}


BUILDERS: dict[str, Callable[[Scene], Parts]] = {
    "text": text_parts,
    "location": location_parts,
    "contacts": contacts_parts,
    "interactive": interactive_parts,
    "button": button_parts,
    "reaction": reaction_parts,
    "order": order_parts,
    "system": system_parts,
    "unsupported": unsupported_parts,
    "edit": edit_parts,
    "revoke": revoke_parts,
    "request_welcome": nothing,
} | {name: partial(media_parts, type_=name) for name in (*KINDS, "voice")}


def parts_of(scene: Scene, type_: str) -> Parts:
    """Return the parts of a message of any type. Raises BadInput.

    A type that is not known goes out with what was given under its name, as Meta's next
    type will.
    """
    raw: Parts = scene.asked.get("message", {})
    if raw:
        return raw
    if type_ in BUILDERS:
        return BUILDERS[type_](scene)
    return {type_: scene.asked[type_]} if type_ in scene.asked else {}
