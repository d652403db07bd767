"""Zendesk's tokens: asked for, and what came.

https://developer.zendesk.com/documentation/api-basics/authentication/oauth-migration/
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from balie.api import AuthFailed, Context, PermanentError
from balie_crm_zendesk.transport import Call, read, send

#: A token is given up this long before its end, so that it does not end under way.
MARGIN_SECONDS = 60.0
#: For an answer without expires_in: the life that new clients' tokens have by default.
DEFAULT_LIFE_SECONDS = 1800.0
#: The same for refresh tokens.
DEFAULT_REFRESH_SECONDS = 2_592_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What Zendesk gave: tokens, their lives in seconds, and the scopes that they are for."""

    access: str
    scope: str
    life: float
    refresh: str
    refresh_life: float


def ask(ctx: Context, body: Mapping[str, Any], advice: str) -> Grant:
    """Ask /oauth/tokens for a grant.

    Raises AuthFailed with ``advice`` where Zendesk gives none, or TransientError.
    """
    # It lives beside /api/v2, not under it. A token too many does no harm.
    call = Call(method="POST", path="/oauth/tokens", repeatable=True, body=body)
    try:
        answer = read(call, send(ctx, call))
    except (AuthFailed, PermanentError) as refused:
        raise AuthFailed(advice) from refused
    access, refresh = answer.get("access_token"), answer.get("refresh_token")
    if not isinstance(access, str) or not access:
        raise AuthFailed("Zendesk answered the OAuth client without a token.")
    return Grant(
        access=access,
        scope=_scope(answer.get("scope"), str(body.get("scope", ""))),
        life=usable(_seconds(answer.get("expires_in"), DEFAULT_LIFE_SECONDS)),
        refresh=refresh if isinstance(refresh, str) else "",
        refresh_life=_seconds(answer.get("refresh_token_expires_in"), DEFAULT_REFRESH_SECONDS),
    )


def usable(seconds: float) -> float:
    """Return for how long to use a token that lives so long."""
    return max(seconds - MARGIN_SECONDS, seconds / 2)


def _scope(told: object, asked: str) -> str:
    # RFC 6749, 5.1: an answer may leave it out where it is what was asked for.
    return told if isinstance(told, str) and told else asked


def _seconds(told: object, otherwise: float) -> float:
    if isinstance(told, bool) or not isinstance(told, int | float) or told <= 0:
        return otherwise
    return float(told)
