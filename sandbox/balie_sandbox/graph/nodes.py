"""Reading, changing and deleting an object itself, by its kind."""

from typing import Any

from flask import request

from .account import GraphAccount, Node
from .assets import read_object
from .errors import no_such_object
from .groups import edges as groups
from .groups.model import Group
from .media.edges import describe, remove
from .media.files import MediaFile
from .message_templates import edges as templates
from .message_templates.model import Template
from .model import App, Number, Waba
from .parameters import Parameters
from .subscriptions import configure_number
from .uploads import Upload, received


def read_node(account: GraphAccount, app: App, node: Node, found: Parameters) -> dict[str, Any]:
    """GET /{id}. Raises code 100."""
    match node:
        case MediaFile():
            return describe(account, node, found)
        case Template():
            return templates.show(node, found)
        case Group():
            return groups.show(node, found)
        case Upload():
            return {"id": node.id, "file_offset": len(node.data)}
        case App() | Waba() | Number():
            return read_object(account, app, node, found)
    raise no_such_object(node.id, request.method)


def change_node(account: GraphAccount, app: App, node: Node, found: Parameters) -> dict[str, Any]:
    """POST /{id}. Raises code 100."""
    match node:
        case Number():
            return configure_number(account, app, node, found)
        case Waba():
            return change_waba(node, found)
        case Group():
            return groups.change(account, node, found)
        case Upload():
            # The header is written with an underscore, which servers may drop.
            offset = request.headers.get("File-Offset") or str(len(node.data))
            handle = f"4::{account.ids.token(60)}"
            return received(node, offset, request.get_data(), handle)
        case Template():
            return templates.edit(account, node, found)
    raise no_such_object(node.id, request.method)


#: What the owner of an account can set on it.
WABA_SETTINGS = {
    "disable_marketing_messages_on_cloud_api",
    "is_enabled_for_insights",
    "name",
    "timezone_id",
}


def change_waba(waba: Waba, found: Parameters) -> dict[str, Any]:
    """POST /{waba-id}: set what can be set."""
    waba.changed |= {key: value for key, value in found.items() if key in WABA_SETTINGS}
    return {"id": waba.id}


def delete_node(account: GraphAccount, node: Node, found: Parameters) -> dict[str, Any]:
    """DELETE /{id}. Raises code 100."""
    match node:
        case MediaFile():
            return remove(account, node, found)
        case Group():
            return groups.delete(account, node)
    raise no_such_object(node.id, request.method)
