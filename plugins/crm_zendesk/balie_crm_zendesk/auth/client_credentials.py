"""The OAuth client signs in by itself, as the admin who made it."""

import hashlib

from balie.api import Context

from .grants import Grant, ask

_ADVICE = (
    "Zendesk gives no token to this OAuth client: check base_url, client_id and client_secret,"
    " and that the client is confidential and allows client credentials (Admin Center,"
    " Apps and integrations, OAuth clients)."
)


def token(ctx: Context) -> str:
    """Return an access token, fetching one where none is kept.

    Raises AuthFailed, or TransientError where Zendesk cannot be asked.
    """
    return ctx.kv.get(key(ctx)) or _fetched(ctx).access


def granted(ctx: Context) -> str:
    """Return the scopes that Zendesk gives this client now, fetching a token that is used then."""
    return _fetched(ctx).scope


def another(ctx: Context, refused: str) -> str:
    """Return another token than the one that was refused."""
    # Another worker may have fetched a new one meanwhile: only the refused one is dropped.
    if ctx.kv.get(key(ctx)) == refused:
        ctx.kv.delete(key(ctx))
    return token(ctx)


def key(ctx: Context) -> str:
    """Return where the token of these very settings is kept.

    After an admin changed them, the old client's token is not used.
    """
    names = ("base_url", "client_id", "client_secret", "scope")
    settings = "\n".join(str(ctx.config.get(name)) for name in names)
    return "oauth:" + hashlib.sha256(settings.encode()).hexdigest()[:16]


def _fetched(ctx: Context) -> Grant:
    body = {
        "grant_type": "client_credentials",
        "client_id": ctx.config["client_id"],
        "client_secret": ctx.config["client_secret"],
        "scope": ctx.config["scope"],
    }
    grant = ask(ctx, body, _ADVICE)
    ctx.kv.set(key(ctx), grant.access, seconds=grant.life)
    return grant
