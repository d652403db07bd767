"""What goes into the Authorization header: an OAuth token, or an API token while Zendesk has them.

https://developer.zendesk.com/documentation/api-basics/authentication/oauth-migration/
"""

import base64

from balie.api import Context

from . import client_credentials, rotation
from .settings import SignIn

_BEARER = "Bearer "


def authorization(ctx: Context) -> str:
    """Return the header's value, fetching or renewing a token where that is due.

    Raises AuthFailed, or TransientError where Zendesk cannot be asked.
    """
    if is_legacy(ctx):
        pair = f"{ctx.config['email']}/token:{ctx.config['api_token']}"
        return "Basic " + base64.b64encode(pair.encode()).decode()
    if is_by_consent(ctx):
        return _BEARER + rotation.token(ctx)
    return _BEARER + client_credentials.token(ctx)


def renew(ctx: Context, refused: str) -> str | None:
    """Return another header's value after ``refused`` got a 401; None where there is no other."""
    if is_legacy(ctx) or not refused:
        return None
    token = refused.removeprefix(_BEARER)
    if is_by_consent(ctx):
        return _BEARER + rotation.another(ctx, token)
    return _BEARER + client_credentials.another(ctx, token)


def granted(ctx: Context) -> str:
    """Return the scopes that Zendesk gave, by spaces. An API token has none, and so may do all.

    Raises AuthFailed, or TransientError where Zendesk cannot be asked.
    """
    if is_legacy(ctx):
        return "read write"
    return rotation.granted(ctx) if is_by_consent(ctx) else client_credentials.granted(ctx)


def is_legacy(ctx: Context) -> bool:
    """Say whether an API token is used."""
    return "api_token" in ctx.config


def is_by_consent(ctx: Context) -> bool:
    """Say whether an admin's consent is what lets us in."""
    return bool(ctx.config["sign_in"] == SignIn.CONSENT)
