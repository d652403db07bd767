"""What was signed here is known again: tokens, references to files. Nothing in it is secret."""

import base64
import binascii
import hashlib
import hmac
import secrets
from typing import Any

import orjson

from balie.api import Context

_KEY = "signing_key"
_TEN_YEARS = 10 * 365 * 24 * 3600.0
_LONGEST = 4_000


class NotOurs(Exception):
    """It was not signed here, or not for this, or its time is over."""


def sign(ctx: Context, purpose: str, facts: dict[str, Any], *, seconds: float) -> str:
    """Return facts as a text that only this connection could have made, good for so long."""
    ends = int(ctx.clock.now().timestamp() + seconds)
    body = _plain(orjson.dumps({**facts, "end": ends}))
    return f"{body}.{_plain(_mark(ctx, purpose, body))}"


def read(ctx: Context, purpose: str, text: str) -> dict[str, Any]:
    """Return the facts of a text. Raises NotOurs."""
    body, _, mark = text.partition(".")
    if len(text) > _LONGEST or not text.isascii():
        raise NotOurs("it is none of ours")
    if not hmac.compare_digest(_plain(_mark(ctx, purpose, body)), mark):
        raise NotOurs("its mark is not ours")
    try:
        facts = orjson.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except (binascii.Error, orjson.JSONDecodeError) as error:
        raise NotOurs("it cannot be read") from error
    if not isinstance(facts, dict) or facts.get("end", 0) <= ctx.clock.now().timestamp():
        raise NotOurs("its time is over")
    return facts


def _mark(ctx: Context, purpose: str, body: str) -> bytes:
    # The connection is in it too: no text of one connection is good at another.
    told = f"{ctx.connection.id}:{purpose}:{body}".encode()
    return hmac.digest(bytes.fromhex(_key(ctx)), told, hashlib.sha256)


def _key(ctx: Context) -> str:
    key = ctx.kv.get(_KEY)
    if key is None:
        ctx.kv.add(_KEY, secrets.token_hex(32), seconds=_TEN_YEARS)
        key = ctx.kv.get(_KEY)  # of all who asked at once, one's was taken
    assert key is not None  # noqa: S101 -- it was added; for mypy
    return key


def _plain(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
