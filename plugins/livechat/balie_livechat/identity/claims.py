"""Signed identities: a JWT by which the tenant's site says who is signed in there (HS256).

The rules are those of RFC 7519 and RFC 8725: one algorithm and no other, an expiry that is near, an
audience that is this connection.
"""

import base64
import binascii
import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Any

import orjson

from balie.api import Context, PhoneInvalid, to_e164

_LONGEST = 8_000
_LEEWAY_SECONDS = 30
_FAR = 1e12  # also no NaN and no infinity
_LONGEST_LIFE_SECONDS = 24 * 3600
_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_MAIL = re.compile(rf"[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@({_LABEL}\.)+{_LABEL}")


class IdentityInvalid(Exception):
    """The token does not show who this is. The message says why, for the site's developer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who the tenant's site says this is. ``subject`` is its own id for the customer."""

    subject: str
    name: str = ""
    email: str = ""
    phone: str = ""


def audience(ctx: Context) -> str:
    """Return whom a token must be meant for: ``<tenant>/<connection>``."""
    return f"{ctx.tenant.slug}/{ctx.connection.slug}"


def read_identity(ctx: Context, token: str) -> Identity:
    """Return who a token says this is. Raises IdentityInvalid."""
    secret = ctx.config["identity_secret"]
    if not secret:
        raise IdentityInvalid("this connection has no identity_secret")
    claims = _verified(token, secret)
    now = ctx.clock.now().timestamp()
    ends, begins = _time(claims.get("exp")), _time(claims.get("nbf", 0))
    if ends is None or ends <= now - _LEEWAY_SECONDS:
        raise IdentityInvalid("exp is missing or over")
    if ends > now + _LONGEST_LIFE_SECONDS + _LEEWAY_SECONDS:
        raise IdentityInvalid("exp is more than a day ahead")
    if begins is None or begins > now + _LEEWAY_SECONDS:
        raise IdentityInvalid("nbf is ahead")
    meant = claims.get("aud")
    if audience(ctx) not in (meant if isinstance(meant, list) else [meant]):
        raise IdentityInvalid(f"aud is not {audience(ctx)}")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 200:
        raise IdentityInvalid("sub is missing, empty, longer than 200 or no text")
    return Identity(
        subject=subject,
        name=_words(claims.get("name")),
        email=_mail(claims),
        phone=_phone(ctx, claims),
    )


def _verified(token: str, secret: str) -> dict[str, Any]:
    parts = token.split(".")
    if len(token) > _LONGEST or not token.isascii() or len(parts) != 3:
        raise IdentityInvalid("it is no JWT")
    header = _json(parts[0])
    # One algorithm, named by us: a token must not choose how it is checked.
    if header.get("alg") != "HS256" or header.get("typ", "JWT") != "JWT" or "crit" in header:
        raise IdentityInvalid("alg is not HS256")
    signed = f"{parts[0]}.{parts[1]}".encode()
    good = hmac.digest(secret.encode(), signed, hashlib.sha256)
    if not hmac.compare_digest(good, _bytes(parts[2])):
        raise IdentityInvalid("the signature does not fit")
    return _json(parts[1])


def _json(part: str) -> dict[str, Any]:
    try:
        found = orjson.loads(_bytes(part))
    except orjson.JSONDecodeError as error:
        raise IdentityInvalid("it holds no JSON") from error
    if not isinstance(found, dict):
        raise IdentityInvalid("it holds no JSON object")
    return found


def _bytes(part: str) -> bytes:
    try:
        return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise IdentityInvalid("it is no base64url") from error


def _time(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value < _FAR else None


def _words(value: Any) -> str:
    return value.strip()[:200] if isinstance(value, str) else ""


def _mail(claims: dict[str, Any]) -> str:
    """Return an address that the site has verified; others get no mail (landscape A22)."""
    value = _words(claims.get("email"))
    if claims.get("email_verified") is not True or not _MAIL.fullmatch(value):
        return ""
    local, _, domain = value.rpartition("@")
    return f"{local}@{domain.lower()}"


def _phone(ctx: Context, claims: dict[str, Any]) -> str:
    """Return a number that the site has verified; one that it has not recognises nobody."""
    value = claims.get("phone_number")
    if not isinstance(value, str) or claims.get("phone_number_verified") is not True:
        return ""
    try:
        return to_e164(value, ctx.tenant.region)
    except PhoneInvalid:
        return ""
