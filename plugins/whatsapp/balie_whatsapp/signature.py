"""Who is calling: the handshake of a new webhook, and the signature of every delivery."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Any

from balie.api import SignatureInvalid, WebAnswer

HEADER = "x-hub-signature-256"
_FORM = re.compile(r"sha256=([0-9a-f]{64})")


def sign(secret: str, body: bytes) -> str:
    """Return the header's value as Meta computes it, over the raw bytes."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def check_signature(config: Mapping[str, Any], headers: Mapping[str, str], body: bytes) -> None:
    """Return if Meta signed these bytes with the app's secret.

    Raises SignatureInvalid otherwise. A header sent twice arrives joined by a comma and is
    refused with every other value that is not one signature.
    """
    secret = config.get("app_secret")
    if not isinstance(secret, str) or not secret.strip():
        raise SignatureInvalid("app_secret is not set, so nothing can be authenticated")
    given = headers.get(HEADER)
    if given is None:
        raise SignatureInvalid(f"the request has no {HEADER} header")
    if not _FORM.fullmatch(given):
        raise SignatureInvalid(f"{HEADER} is not one sha256= signature of 64 hex digits")
    if not hmac.compare_digest(given.encode(), sign(secret, body).encode()):
        raise SignatureInvalid(f"{HEADER} does not fit the body: another secret, or altered bytes")


def handshake(config: Mapping[str, Any], query: Mapping[str, str]) -> WebAnswer:
    """Answer Meta's question whether this address is ours: its challenge, or 403."""
    expected = config.get("verify_token")
    if not isinstance(expected, str) or not expected.strip():
        return WebAnswer(status=403, body="verify_token is not set")
    given = query.get("hub.verify_token", "")
    same = hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected.encode())
    if query.get("hub.mode") != "subscribe" or not same:
        return WebAnswer(status=403, body="hub.mode or hub.verify_token is wrong")
    return WebAnswer(body=query.get("hub.challenge", ""))
