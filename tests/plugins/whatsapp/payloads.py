"""Deliveries as Meta makes them, and short ways to let them in."""

import json
from typing import Any

from balie.api import Context, Event, RawEvent, WebRequest
from balie_whatsapp.plugin import plugin
from balie_whatsapp.signature import sign

NUMBER_ID = "106540352242922"
WABA_ID = "419561257915477"
SECRET = "test_app_secret"


def a_message(**changes: Any) -> dict[str, Any]:
    """Return a text message; a change of None leaves the key out."""
    message = {
        "from": "31655500001",
        "from_user_id": "NL.1001",
        "id": "wamid.IN1",
        "timestamp": "1790000000",
        "type": "text",
        "text": {"body": "Goedemiddag"},
        **changes,
    }
    return {key: value for key, value in message.items() if value is not None}


def a_value(*messages: Any, **more: Any) -> dict[str, Any]:
    """Return the value of a messages change."""
    contact = {"profile": {"name": "Sanne"}, "wa_id": "31655500001", "user_id": "NL.1001"}
    return {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "31655509999", "phone_number_id": NUMBER_ID},
        "contacts": [contact],
        **({"messages": list(messages)} if messages else {}),
        **more,
    }


def a_payload(*values: Any, field: Any = "messages", entry_id: Any = WABA_ID) -> dict[str, Any]:
    """Return a whole delivery with one change a value."""
    changes = [{"field": field, "value": value} for value in values]
    return {"object": "whatsapp_business_account", "entry": [{"id": entry_id, "changes": changes}]}


def post(body: Any, secret: str = SECRET) -> WebRequest:
    """Return a signed delivery."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"x-hub-signature-256": sign(secret, raw)}
    return WebRequest(method="POST", headers=headers, query={}, body=raw)


def take(ctx: Context, body: Any) -> tuple[RawEvent, ...]:
    """Let a delivery in and return its events."""
    return plugin.channel_ingress(ctx, post(body)).events


def read(ctx: Context, *messages: Any, **more: Any) -> Event:
    """Let one message in and read it whole."""
    (raw,) = take(ctx, a_payload(a_value(*messages, **more)))
    (event,) = plugin.event_parse(ctx, raw)
    return event
