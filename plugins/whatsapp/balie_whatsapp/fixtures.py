"""Stored payloads, made into deliveries that this connection takes."""

from collections.abc import Mapping
from typing import Any

import orjson

from balie.api import Context, Fixture, WebRequest
from balie_whatsapp.signature import HEADER, sign
from balie_whatsapp.untrusted import mapping, mappings


def prepare(ctx: Context, fixture: Fixture) -> WebRequest:
    """Return the signed delivery of a payload, with the connection's ids unless ``as_is``.

    What is not JSON is sent as it stands: how that is refused is worth seeing too.
    """
    body = fixture.payload if fixture.as_is else _readdressed(fixture.payload, ctx.config)
    headers = {
        "content-type": "application/json",
        HEADER: sign(ctx.config["app_secret"], body),
    }
    return WebRequest(method="POST", headers=headers, query={}, body=body)


def _readdressed(payload: bytes, config: Mapping[str, Any]) -> bytes:
    try:
        document = orjson.loads(payload)
    except orjson.JSONDecodeError:
        return payload
    for entry in mappings(mapping(document).get("entry")):
        _put(entry, "id", config["waba_id"])
        for change in mappings(entry.get("changes")):
            metadata = mapping(mapping(change.get("value")).get("metadata"))
            _put(metadata, "phone_number_id", config["phone_number_id"])
    try:
        return orjson.dumps(document)
    except orjson.JSONEncodeError:
        return payload


def _put(found: Mapping[str, Any], key: str, value: str) -> None:
    if isinstance(found, dict) and key in found:
        found[key] = value
