"""Webhooks as Meta sends them: envelope, signature, retries, and the handshake before them."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from typing import Any

import requests

from balie_sandbox.delivery import WebhookRequest
from balie_sandbox.retry import RetryPolicy

from .model import WEBHOOK_FIELDS, App, Callback, Number, Waba

#: One delivery is given up after this long. Source: Meta's Calling FAQ.
TIMEOUT_SECONDS = 20.0
#: Meta backs off exponentially for 7 days. Source: Meta's webhooks overview.
RETRY_FOR_SECONDS = 7 * 86400.0
#: "Decreasing frequency": where the doubling stops is this sandbox's choice.
LONGEST_WAIT_SECONDS = 900.0
HANDSHAKE_TIMEOUT_SECONDS = 10.0


def next_wait(attempt: int, status: int | None, _headers: Mapping[str, str]) -> float | None:
    """Return the wait after an attempt: 0, 1, 2, 4, 8... seconds, for 7 days; 200 ends it."""
    if status == 200:
        return None
    waits = [0.0] + [min(2.0**step, LONGEST_WAIT_SECONDS) for step in range(min(attempt, 10) - 1)]
    waited = sum(waits) + max(0, attempt - 10) * LONGEST_WAIT_SECONDS
    if waited >= RETRY_FOR_SECONDS:
        return None
    return 0.0 if attempt == 1 else min(2.0 ** min(attempt - 2, 10), LONGEST_WAIT_SECONDS)


RETRYING = RetryPolicy(TIMEOUT_SECONDS, next_wait)
ONCE = RetryPolicy(TIMEOUT_SECONDS, lambda _attempt, _status, _headers: None)


#: These follow an override of the callback; the others keep going to the app's own.
NUMBER_FIELDS = WEBHOOK_FIELDS - {
    name
    for name in WEBHOOK_FIELDS
    if name.startswith(("account_", "business_", "message_template", "phone_number", "template_"))
    or name in ("flows", "partner_solutions", "payment_configuration_update", "security")
}


def callback_of(app: App, waba: Waba, field: str, number: Number | None) -> Callback | None:
    """Return where the app's webhooks of a field go: number before WABA before app."""
    if app.id not in waba.subscribed or field not in app.fields:
        return None
    if number is None or field not in NUMBER_FIELDS:
        return app.callback
    return number.overrides.get(app.id) or waba.subscribed[app.id] or app.callback


def envelope(
    entry_id: str, changes: list[tuple[str, dict[str, Any]]], time: int | None = None
) -> dict[str, Any]:
    """Return changes (field, value) in Meta's envelope; account webhooks have a time."""
    entry: dict[str, Any] = {"id": entry_id} | ({} if time is None else {"time": time})
    entry["changes"] = [{"value": value, "field": field} for field, value in changes]
    return {"object": "whatsapp_business_account", "entry": [entry]}


def messages_value(number: Number, **parts: Any) -> dict[str, Any]:
    """Return the ``value`` of a ``messages`` change with its metadata first."""
    metadata = {"display_phone_number": number.display, "phone_number_id": number.id}
    return {"messaging_product": "whatsapp", "metadata": metadata} | parts


def body_of(payload: dict[str, Any], *, escape: bool) -> bytes:
    """Return the payload's bytes; with ``escape``, non-ASCII and slashes as Meta escapes them."""
    text = json.dumps(payload, ensure_ascii=escape, separators=(",", ":"))
    return (text.replace("/", "\\/") if escape else text).encode("utf-8", "replace")


def signature(secret: str, body: bytes) -> str:
    """Return the value of X-Hub-Signature-256 for these exact bytes."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def signed(callback: Callback, secret: str, body: bytes) -> WebhookRequest:
    """Return the POST that carries ``body`` to ``callback``."""
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "facebookexternalua",
        "X-Hub-Signature-256": signature(secret, body),
    }
    return WebhookRequest(callback.url, headers, body)


def handshake_fault(callback: Callback) -> str | None:
    """Ask a callback to prove itself; return what went wrong, or None when it did."""
    challenge = str(secrets.randbelow(9 * 10**9) + 10**9)
    query = {
        "hub.mode": "subscribe",
        "hub.challenge": challenge,
        "hub.verify_token": callback.verify_token,
    }
    try:
        answer = requests.get(
            callback.url, params=query, timeout=HANDSHAKE_TIMEOUT_SECONDS, allow_redirects=False
        )
    except (requests.RequestException, ValueError) as failure:
        return f"the callback could not be reached ({type(failure).__name__})"
    if answer.status_code != 200:
        return f"HTTP Status Code = {answer.status_code}; HTTP Message = {answer.reason}"
    if answer.text != challenge:
        return "the answer was not the value of hub.challenge"
    return None
