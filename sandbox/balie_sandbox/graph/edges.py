"""What hangs on an object: (method, edge) to the kind of object and what answers."""

from collections.abc import Callable
from typing import Any

from .account import GraphAccount
from .assets import phone_numbers
from .media.edges import upload
from .model import App, Number, Waba
from .parameters import Parameters
from .registration import deregister, register
from .send import post_message
from .subscriptions import (
    list_app_callback,
    list_subscribed,
    set_app_callback,
    subscribe,
    unsubscribe,
)

Answer = dict[str, Any]
Edge = Callable[[GraphAccount, App, Any, Parameters], Answer]

EDGES: dict[tuple[str, str], tuple[type, Edge]] = {
    ("POST", "messages"): (Number, lambda account, _, it, found: post_message(account, it, found)),
    ("POST", "media"): (Number, upload),
    ("POST", "register"): (Number, lambda _account, _app, it, found: register(it, found)),
    ("POST", "deregister"): (Number, lambda _account, _app, it, _found: deregister(it)),
    ("GET", "phone_numbers"): (Waba, phone_numbers),
    ("POST", "subscribed_apps"): (Waba, lambda _, app, it, found: subscribe(app, it, found)),
    ("GET", "subscribed_apps"): (Waba, lambda account, _, it, _found: list_subscribed(account, it)),
    ("DELETE", "subscribed_apps"): (Waba, lambda _, app, it, _found: unsubscribe(app, it)),
    ("POST", "subscriptions"): (App, lambda _, _app, it, found: set_app_callback(it, found)),
    ("GET", "subscriptions"): (App, lambda _, _app, it, _found: list_app_callback(it)),
}

#: Edges that need whatsapp_business_messaging; the others whatsapp_business_management.
MESSAGING_EDGES = {"messages", "marketing_messages", "media", "calls", "block_users", "groups"}

#: Edges whose parts have ids of their own.
EDGES_WITH_ITEMS = {name for _, name in EDGES if name.endswith("/item")}
