"""Signing in to Zendesk: OAuth client credentials, or an API token while Zendesk has them.

https://developer.zendesk.com/documentation/api-basics/authentication/oauth-migration/
"""

import base64
import hashlib

from balie.api import AuthFailed, Context, PermanentError
from balie_crm_zendesk.transport import Call, read, send

#: A token is given up this long before its end, so that it does not end under way.
MARGIN_SECONDS = 60.0
#: For an answer without expires_in: the life that new clients' tokens have by default.
DEFAULT_LIFE_SECONDS = 1800.0


def authorization(ctx: Context) -> str:
    """Return the Authorization header's value, fetching a token where none is kept.

    Raises AuthFailed, or TransientError where Zendesk cannot be asked.
    """
    if "api_token" in ctx.config:
        pair = f"{ctx.config['email']}/token:{ctx.config['api_token']}"
        return "Basic " + base64.b64encode(pair.encode()).decode()
    return "Bearer " + (ctx.kv.get(_key(ctx)) or _fetch(ctx))


def renew(ctx: Context, refused: str) -> str | None:
    """Return another header's value after ``refused`` got a 401; None where there is no other."""
    if "api_token" in ctx.config:
        return None
    # Another worker may have fetched a new one meanwhile: only the refused one is dropped.
    if "Bearer " + (ctx.kv.get(_key(ctx)) or "") == refused:
        ctx.kv.delete(_key(ctx))
    return authorization(ctx)


def _fetch(ctx: Context) -> str:
    # /oauth/tokens lives beside /api/v2, not under it. A token too many does no harm.
    call = Call(
        method="POST",
        path="/oauth/tokens",
        repeatable=True,
        body={
            "grant_type": "client_credentials",
            "client_id": ctx.config["client_id"],
            "client_secret": ctx.config["client_secret"],
            "scope": ctx.config["scope"],
        },
    )
    try:
        answer = read(call, send(ctx, call))
    except (AuthFailed, PermanentError) as refused:
        raise AuthFailed(
            "Zendesk gives no token to this OAuth client: check base_url, client_id and"
            " client_secret, and that the client is confidential and allows client credentials"
            " (Admin Center, Apps and integrations, OAuth clients)."
        ) from refused
    token = answer.get("access_token")
    if not isinstance(token, str) or not token:
        raise AuthFailed("Zendesk answered the OAuth client without a token.")
    ctx.kv.set(_key(ctx), token, seconds=_life_seconds(answer.get("expires_in")))
    return token


def _life_seconds(expires_in: object) -> float:
    if isinstance(expires_in, bool) or not isinstance(expires_in, int | float) or expires_in <= 0:
        expires_in = DEFAULT_LIFE_SECONDS
    return max(expires_in - MARGIN_SECONDS, expires_in / 2)


def _key(ctx: Context) -> str:
    # Of these very settings: after an admin changed them, the old client's token is not used.
    settings = "\n".join(
        ctx.config[name] for name in ("base_url", "client_id", "client_secret", "scope")
    )
    return "oauth:" + hashlib.sha256(settings.encode()).hexdigest()[:16]
