"""A webhook's events, named and placed: all of every entry, change and list in it.

What Balie does not follow yet becomes an event that is refused for a stated reason, so that it
is counted; only a payload that as a whole is not Meta's is invalid.
"""

import re
from collections.abc import Iterator
from typing import Any

import orjson

from balie.api import Context, Ingress, PayloadInvalid, RawEvent, SignatureInvalid, WebRequest
from balie_whatsapp.inbound.door import Door
from balie_whatsapp.signature import check_signature, handshake

_OBJECT = "whatsapp_business_account"
# NUL is a character in JSON and none in PostgreSQL; a backslash before it may be escaped itself.
_NUL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")


def receive(ctx: Context, request: WebRequest) -> Ingress:
    """Return the handshake's answer to a GET, and the events of a signed POST."""
    if request.method == "GET":
        return Ingress(answer=handshake(ctx.config, request.query))
    if request.method != "POST":
        raise SignatureInvalid(f"WhatsApp sends GET and POST, not {request.method}")
    check_signature(ctx.config, request.headers, request.body)
    return Ingress(events=tuple(_events(Door.of(ctx), _entries(request.body))))


def _entries(body: bytes) -> list[Any]:
    try:
        payload = orjson.loads(_NUL.sub(rb"\1\\ufffd", body) if b"\\u0000" in body else body)
        orjson.dumps(payload)  # what is nested too deep to be written cannot be stored either
    except orjson.JSONDecodeError as error:
        raise PayloadInvalid(f"the body is not JSON: {error}") from None
    except orjson.JSONEncodeError as error:
        raise PayloadInvalid(f"the body is no JSON that can be kept: {error}") from None
    if not isinstance(payload, dict):
        raise PayloadInvalid("the body is JSON but no object")
    if payload.get("object") != _OBJECT:
        raise PayloadInvalid(f'"object" is not "{_OBJECT}": is another product subscribed?')
    entries = payload.get("entry")
    if not isinstance(entries, list):
        raise PayloadInvalid('"entry" is not a list')
    return entries


def _events(door: Door, entries: list[Any]) -> Iterator[RawEvent]:
    for entry in entries:
        changes = entry.get("changes") if isinstance(entry, dict) else None
        if not isinstance(changes, list) or not changes:
            yield door.refused("entry", entry, "The entry holds no list of changes.")
            continue
        for change in changes:
            yield from door.events(entry, change)
