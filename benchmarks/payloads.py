"""Signed webhooks as Meta sends them, each message with an id of its own."""

import hashlib
import hmac
import json

from balie.cli.demo.stage import CHANNEL, TENANT
from benchmarks.load import post

APP_SECRET = "sandbox-app-secret"
PATH = f"/hooks/{TENANT}/{CHANNEL}"


def messages(count: int, *, senders: int, run: str, path: str = PATH) -> list[bytes]:
    """Return so many requests, each with one text message, spread over so many senders."""
    return [
        _request(path, f"wamid.{run}{number:09d}", f"3165550{number % senders:04d}")
        for number in range(count)
    ]


def _request(path: str, wamid: str, sender: str) -> bytes:
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "31855500100", "phone_number_id": "106540352242922"},
        "contacts": [
            {"profile": {"name": "Sanne"}, "wa_id": sender, "user_id": f"NL.{sender}000111"}
        ],
        "messages": [
            {
                "from": sender,
                "from_user_id": f"NL.{sender}000111",
                "id": wamid,
                "timestamp": "1763740800",
                "type": "text",
                "text": {"body": "Is mijn bestelling al onderweg?"},
            }
        ],
    }
    entry = {"id": "419561257915477", "changes": [{"field": "messages", "value": value}]}
    body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
    signature = hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/json",
        "X-Hub-Signature-256": f"sha256={signature}",
    }
    return post(path, body, headers)
