"""Where webhooks go: app callbacks, subscriptions and overrides (reference/whatsapp.md 1.5)."""

import re
from typing import Any

from .account import GraphAccount
from .assets import app_as_json
from .errors import GraphError, invalid_parameter
from .model import App, Callback, Number, Waba
from .parameters import Parameters, object_of, required_text, text_of
from .registration import checked_pin
from .webhooks import handshake_fault

#: Source: Meta's page on webhook overrides.
OVERRIDE_LENGTH = 200
SUCCESS: dict[str, Any] = {"success": True}


def checked_callback(url: str, verify_token: str) -> Callback:
    """Return the callback once it has passed the handshake. Raises 100 and 2200."""
    if not re.match(r"https?://[^/]+", url):
        raise invalid_parameter("Invalid callback URI format")
    callback = Callback(url, verify_token)
    fault = handshake_fault(callback)
    if fault is not None:
        raise GraphError(
            2200, f"(#2200) Callback verification failed with the following errors: {fault}"
        )
    return callback


def set_app_callback(app: App, found: Parameters) -> dict[str, Any]:
    """POST /{app-id}/subscriptions."""
    if required_text(found, "object") != "whatsapp_business_account":
        raise invalid_parameter("Param object must be one of {whatsapp_business_account}.")
    url, token = required_text(found, "callback_url"), required_text(found, "verify_token")
    fields = found.get("fields")
    names = [str(name) for name in fields] if isinstance(fields, list) else str(fields or "")
    app.callback = checked_callback(url, token)
    app.fields = set(names.split(",") if isinstance(names, str) else names) - {""}
    return SUCCESS


def list_app_callback(app: App) -> dict[str, Any]:
    """GET /{app-id}/subscriptions."""
    if app.callback is None:
        return {"data": []}
    fields = [{"name": name, "version": "v24.0"} for name in sorted(app.fields)]
    subscription = {
        "object": "whatsapp_business_account",
        "callback_url": app.callback.url,
        "active": True,
        "fields": fields,
    }
    return {"data": [subscription]}


def subscribe(app: App, waba: Waba, found: Parameters) -> dict[str, Any]:
    """POST /{waba-id}/subscribed_apps; without a body it takes an override away."""
    override = text_of(found, "override_callback_uri", OVERRIDE_LENGTH)
    if not override:
        waba.subscribed[app.id] = None
        return SUCCESS
    require_subscription(app, waba)
    waba.subscribed[app.id] = checked_callback(override, required_text(found, "verify_token"))
    return SUCCESS


def list_subscribed(account: GraphAccount, waba: Waba) -> dict[str, Any]:
    """GET /{waba-id}/subscribed_apps."""
    data = []
    for app_id, override in waba.subscribed.items():
        entry: dict[str, Any] = {"whatsapp_business_api_data": app_as_json(account.apps[app_id])}
        if override is not None:
            entry["override_callback_uri"] = override.url
        data.append(entry)
    return {"data": data}


def unsubscribe(app: App, waba: Waba) -> dict[str, Any]:
    """DELETE /{waba-id}/subscribed_apps."""
    waba.subscribed.pop(app.id, None)
    return SUCCESS


def configure_number(
    account: GraphAccount, app: App, number: Number, found: Parameters
) -> dict[str, Any]:
    """POST /{phone-number-id}: the number's own callback; an empty one takes it away."""
    if "pin" in found:
        number.pin = checked_pin(found)
        return SUCCESS
    name = text_of(found, "new_display_name")
    if name:
        number.changed |= {"new_name_status": "PENDING_REVIEW"}
        return SUCCESS
    configuration = object_of(found, "webhook_configuration")
    if configuration is None:
        raise invalid_parameter("The parameter webhook_configuration is required.")
    override = text_of(configuration, "override_callback_uri", OVERRIDE_LENGTH)
    if not override:
        number.overrides.pop(app.id, None)
        return SUCCESS
    require_subscription(app, account.wabas[number.waba_id])
    token = required_text(configuration, "verify_token")
    number.overrides[app.id] = checked_callback(override, token)
    return SUCCESS


def require_subscription(app: App, waba: Waba) -> None:
    """Refuse an override before the app is subscribed, in Meta's words."""
    if app.id not in waba.subscribed:
        raise invalid_parameter(
            "Before override the current callback uri, your app must be subscribed to receive "
            "messages for WhatsApp Business Account"
        )
