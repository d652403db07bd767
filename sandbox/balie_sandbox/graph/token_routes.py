"""Getting an app's token, and asking what a token may do."""

from typing import Any

from .account import GraphAccount
from .errors import GraphError
from .parameters import Parameters, required_text
from .tokens import SCOPES


def exchange_token(account: GraphAccount, found: Parameters) -> dict[str, Any]:
    """GET /oauth/access_token: an app's own token for its id and secret. Raises code 1."""
    app_id, secret = required_text(found, "client_id"), required_text(found, "client_secret")
    token = f"{app_id}|{secret}"
    if account.app_of_token(token) is None:
        raise GraphError(1, "Error validating client secret.")
    return {"access_token": token, "token_type": "bearer"}


def debug_token(account: GraphAccount, text: str) -> dict[str, Any]:
    """Return the ``data`` of GET /debug_token."""
    app = account.app_of_token(text)
    token = account.tokens.get(text)
    if app is None:
        return {"is_valid": False, "scopes": []}
    scopes = [name for name in SCOPES if token is None or name in token.scopes]
    wabas = [waba.id for waba in account.wabas.values() if app.id in waba.apps]
    expires_at = token.expires_at if token is not None else None
    return {
        "app_id": app.id,
        "type": "SYSTEM_USER" if token is not None else "APP",
        "application": app.name,
        "is_valid": True,
        "expires_at": 0 if expires_at is None else int(expires_at.timestamp()),
        "scopes": scopes,
        "granular_scopes": [{"scope": name, "target_ids": wabas} for name in scopes],
    }
