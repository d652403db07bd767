"""Tokens that an admin's consent gave, renewed before they end.

A renewal ends both old tokens at once, so one worker renews and the others wait for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson

from balie.api import AuthFailed, Context, RateLimited

from . import client_credentials
from .grants import Grant, ask

#: Longer than a renewal can take; a worker that dies with the lock holds it so long.
LOCK_SECONDS = 60.0
WAIT_SECONDS = 1.0
#: The longest that Zendesk allows: a connection may be quiet for weeks.
REFRESH_SECONDS = 7_775_999
_ADVICE = (
    "Zendesk's consent has ended: let an admin give it again, by the address that"
    " “balie connection setup” prints."
)


@dataclass(frozen=True, slots=True)
class _Kept:
    access: str
    refresh: str
    scope: str
    until: datetime


def token(ctx: Context) -> str:
    """Return an access token. Raises AuthFailed where nobody gave consent, or TransientError."""
    kept = _read(ctx)
    if kept is None:
        raise AuthFailed(_ADVICE)
    return kept.access if kept.until > ctx.clock.now() else _renewed(ctx, kept.access)


def another(ctx: Context, refused: str) -> str:
    """Return another token than the one that was refused."""
    return _renewed(ctx, refused)


def is_there(ctx: Context) -> bool:
    """Say whether an admin gave consent."""
    return _read(ctx) is not None


def granted(ctx: Context) -> str:
    """Return the scopes that came with the tokens; what was asked for where that was not kept."""
    kept = _read(ctx)
    return (kept.scope if kept else "") or str(ctx.config["scope"])


def keep(ctx: Context, grant: Grant) -> None:
    """Keep what consent or a renewal gave."""
    value = {
        "access": grant.access,
        "refresh": grant.refresh,
        "scope": grant.scope,
        "until": (ctx.clock.now() + timedelta(seconds=grant.life)).isoformat(),
    }
    seconds = grant.refresh_life if grant.refresh else grant.life
    ctx.kv.set(_place(ctx), orjson.dumps(value).decode(), seconds=seconds)


def lives() -> dict[str, int]:
    """Return what to ask for beside a grant."""
    return {"refresh_token_expires_in": REFRESH_SECONDS}


def proof(ctx: Context) -> dict[str, Any]:
    """Return what tells Zendesk which client asks; one without a secret is a public one."""
    secret = ctx.config.get("client_secret")
    return {"client_id": ctx.config["client_id"], **({"client_secret": secret} if secret else {})}


def _renewed(ctx: Context, refused: str) -> str:
    lock = _place(ctx) + ":lock"
    if not ctx.kv.add(lock, "renewing", seconds=LOCK_SECONDS):
        raise RateLimited("Another worker renews Zendesk's token.", retry_after=WAIT_SECONDS)
    try:
        kept = _read(ctx)  # what is there now, perhaps renewed by who had the lock before
        if kept is None or not kept.refresh:
            raise AuthFailed(_ADVICE)
        if kept.access != refused and kept.until > ctx.clock.now():
            return kept.access
        body = {
            "grant_type": "refresh_token",
            "refresh_token": kept.refresh,
            "scope": ctx.config["scope"],
            **proof(ctx),
            **lives(),
        }
        grant = ask(ctx, body, _ADVICE)
        keep(ctx, grant)
        return grant.access
    finally:
        ctx.kv.delete(lock)


def _read(ctx: Context) -> _Kept | None:
    value = ctx.kv.get(_place(ctx))
    if value is None:
        return None
    found: Mapping[str, str] = orjson.loads(value)
    until = datetime.fromisoformat(found["until"])
    return _Kept(found["access"], found["refresh"], found.get("scope", ""), until)


def _place(ctx: Context) -> str:
    return "consent:" + client_credentials.key(ctx).removeprefix("oauth:")
