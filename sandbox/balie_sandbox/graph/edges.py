"""What hangs on an object: (method, edge) to the kind of object and what answers."""

from collections.abc import Callable
from typing import Any

from .account import GraphAccount
from .assets import phone_numbers
from .business import automation, blocking, profile, qr_codes, settings, username
from .calling import actions as calling
from .coexistence import ask_sync
from .groups import edges as groups
from .groups.model import Group
from .media.edges import upload
from .message_templates import edges as templates
from .message_templates.model import Template
from .model import App, Number, Waba
from .parameters import Parameters
from .registration import add_number, deregister, register, request_code, verify_code
from .send import post_marketing, post_message
from .subscriptions import (
    list_app_callback,
    list_subscribed,
    set_app_callback,
    subscribe,
    unsubscribe,
)
from .uploads import opened

Answer = dict[str, Any]
Edge = Callable[[GraphAccount, App, Any, Parameters], Answer]


def approve(account: GraphAccount, _app: App, group: Group, found: Parameters) -> Answer:
    """POST /{group-id}/join_requests."""
    return groups.decide_requests(account, group, found, approve=True)


def reject(account: GraphAccount, _app: App, group: Group, found: Parameters) -> Answer:
    """DELETE /{group-id}/join_requests."""
    return groups.decide_requests(account, group, found, approve=False)


def open_upload(account: GraphAccount, app: App, _it: App, found: Parameters) -> Answer:
    """POST /{app-id}/uploads."""
    upload = opened(f"upload:{account.ids.token(40)}", app.id, found)
    account.uploads[upload.id] = upload
    return {"id": upload.id}


EDGES: dict[tuple[str, str], tuple[type, Edge]] = {
    ("POST", "messages"): (Number, lambda account, _, it, found: post_message(account, it, found)),
    ("POST", "marketing_messages"): (Number, post_marketing),
    ("POST", "media"): (Number, upload),
    ("POST", "calls"): (Number, calling.act),
    ("GET", "call_permissions"): (Number, calling.show_permission),
    ("POST", "smb_app_data"): (Number, ask_sync),
    ("GET", "groups"): (Number, groups.list_groups),
    ("POST", "groups"): (Number, groups.create),
    ("GET", "invite_link"): (Group, groups.show_link),
    ("POST", "invite_link"): (Group, groups.reset_link),
    ("DELETE", "invite_link"): (Group, groups.reset_link),
    ("DELETE", "participants"): (Group, groups.remove_participants),
    ("GET", "join_requests"): (Group, groups.list_requests),
    ("POST", "join_requests"): (Group, approve),
    ("DELETE", "join_requests"): (Group, reject),
    ("POST", "uploads"): (App, open_upload),
    ("POST", "register"): (Number, register),
    ("POST", "deregister"): (Number, deregister),
    ("POST", "request_code"): (Number, request_code),
    ("POST", "verify_code"): (Number, verify_code),
    ("POST", "phone_numbers"): (Waba, add_number),
    ("GET", "whatsapp_business_profile"): (Number, profile.show_profile),
    ("POST", "whatsapp_business_profile"): (Number, profile.change_profile),
    ("GET", "message_qrdls"): (Number, qr_codes.list_codes),
    ("POST", "message_qrdls"): (Number, qr_codes.save_code),
    ("GET", "message_qrdls/item"): (Number, qr_codes.show_code),
    ("DELETE", "message_qrdls/item"): (Number, qr_codes.delete_code),
    ("GET", "settings"): (Number, settings.show_settings),
    ("POST", "settings"): (Number, settings.change_settings),
    ("POST", "conversational_automation"): (Number, automation.change_automation),
    ("GET", "whatsapp_commerce_settings"): (Number, automation.show_commerce),
    ("POST", "whatsapp_commerce_settings"): (Number, automation.change_commerce),
    ("GET", "block_users"): (Number, blocking.list_blocked),
    ("POST", "block_users"): (Number, blocking.block),
    ("DELETE", "block_users"): (Number, blocking.unblock),
    ("GET", "username"): (Number, username.show_username),
    ("POST", "username"): (Number, username.set_username),
    ("DELETE", "username"): (Number, username.delete_username),
    ("GET", "username_suggestions"): (Number, username.suggest),
    ("GET", "message_templates"): (Waba, templates.list_templates),
    ("POST", "message_templates"): (Waba, templates.create),
    ("DELETE", "message_templates"): (Waba, templates.delete),
    ("POST", "unpause"): (Template, templates.unpause),
    ("GET", "phone_numbers"): (Waba, phone_numbers),
    ("POST", "subscribed_apps"): (Waba, lambda _, app, it, found: subscribe(app, it, found)),
    ("GET", "subscribed_apps"): (Waba, lambda account, _, it, _found: list_subscribed(account, it)),
    ("DELETE", "subscribed_apps"): (Waba, lambda _, app, it, _found: unsubscribe(app, it)),
    ("POST", "subscriptions"): (App, lambda _, _app, it, found: set_app_callback(it, found)),
    ("GET", "subscriptions"): (App, lambda _, _app, it, _found: list_app_callback(it)),
}

#: Edges that need whatsapp_business_messaging; the others whatsapp_business_management.
MESSAGING_EDGES = {
    "messages",
    "marketing_messages",
    "media",
    "calls",
    "call_permissions",
    "block_users",
    "groups",
    "invite_link",
    "join_requests",
    "participants",
    "uploads",
}

#: Edges whose parts have ids of their own.
EDGES_WITH_ITEMS = {name for _, name in EDGES if name.endswith("/item")}
