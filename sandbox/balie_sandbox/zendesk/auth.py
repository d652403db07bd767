"""Who calls: OAuth client credentials with tokens that expire, and e-mail with API token."""

import base64
import binascii
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from . import defaults, fields
from .clock_source import ClockSource
from .errors import ApiError, Json, forbidden
from .settings import AccountSettings
from .users.directory import Directory
from .users.model import User

#: What a client may ask for as expires_in, both ends excluded.
TOKEN_LIFE_SECONDS = (300, 172_800)
READING = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A bearer token: whom it acts as, what for, until when."""

    user_id: int
    scopes: tuple[str, ...]
    expires_at: datetime


class Gate:
    """Gives out access tokens and finds the caller of a request."""

    def __init__(
        self, directory: Directory, settings: AccountSettings, source: ClockSource
    ) -> None:
        self._directory = directory
        self._settings = settings
        self._source = source
        self._tokens: dict[str, AccessToken] = {}
        #: OAuth clients: id to secret and the admin who made the client.
        self.clients: dict[str, tuple[str, int]] = {
            defaults.CLIENT_ID: (defaults.CLIENT_SECRET, defaults.ADMIN_ID)
        }
        self.api_tokens: set[str] = {defaults.API_TOKEN}

    def issue(self, data: Json) -> Json:
        """Answer a client credentials request. Raises ApiError (400, 401)."""
        if fields.text(data, "grant_type") != "client_credentials":
            raise _oauth_error(400, "unsupported_grant_type", "This grant type is not supported.")
        client = self.clients.get(fields.text(data, "client_id") or "")
        sent = fields.text(data, "client_secret") or ""
        if client is None or not hmac.compare_digest(client[0].encode(), sent.encode()):
            raise _oauth_error(
                401,
                "invalid_client",
                "Client authentication failed due to unknown client, no client authentication "
                "included, or unsupported authentication method.",
            )
        scope = fields.text(data, "scope") or "read"
        life = self._life(data)
        token = self._source.ids.token()
        expires = self._source.now() + timedelta(seconds=life)
        self._tokens[token] = AccessToken(client[1], tuple(scope.split()), expires)
        return {
            "access_token": token,
            "token_type": "bearer",
            "scope": scope,
            "expires_in": life,
        }

    def revoke_all(self) -> int:
        """End every access token, as an admin can; returns how many there were."""
        count = len(self._tokens)
        self._tokens.clear()
        return count

    def caller(self, authorization: str | None, method: str, resource: str) -> User:
        """The user a request acts as. Raises ApiError: 401, or 403 on a missing scope."""
        scheme, _, credentials = (authorization or "").partition(" ")
        if scheme.lower() == "bearer":
            return self._by_bearer(credentials.strip(), method, resource)
        if scheme.lower() == "basic":
            return self._by_api_token(credentials.strip())
        raise _unauthenticated()

    def _life(self, data: Json) -> int:
        asked = fields.identifier(data, "expires_in")
        if asked is None:
            return self._settings.token_lifetime_seconds
        shortest, longest = TOKEN_LIFE_SECONDS
        if not shortest < asked < longest:
            raise _oauth_error(400, "invalid_request", "expires_in is out of range.")
        return asked

    def _by_bearer(self, value: str, method: str, resource: str) -> User:
        token = self._tokens.get(value)
        user = self._directory.find(token.user_id) if token else None
        if token is None or user is None or token.expires_at <= self._source.now():
            raise _oauth_error(
                401,
                "invalid_token",
                "The access token provided is expired, revoked, malformed or invalid for other "
                "reasons.",
                {"WWW-Authenticate": 'Bearer realm="Zendesk", error="invalid_token"'},
            )
        need = "read" if method in READING else "write"
        if need not in token.scopes and f"{resource}:{need}" not in token.scopes:
            raise forbidden(f"You are missing the following required scopes: {need}")
        return user

    def _by_api_token(self, credentials: str) -> User:
        cutoff = self._settings.api_token_cutoff
        if cutoff and self._source.now() >= datetime.fromisoformat(cutoff):
            raise _unauthenticated()
        try:
            name, _, secret = base64.b64decode(credentials, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeError):
            raise _unauthenticated() from None
        email, slash, kind = name.rpartition("/")
        user = self._directory.by_identity("email", email)
        known = any(hmac.compare_digest(one.encode(), secret.encode()) for one in self.api_tokens)
        if slash and kind == "token" and known and user and user.active and user.is_staff:
            return user
        raise _unauthenticated()


def _unauthenticated() -> ApiError:
    return ApiError(
        401,
        {"error": "Couldn't authenticate you"},
        {"WWW-Authenticate": 'Basic realm="Web Password"'},
    )


def _oauth_error(
    status: int, error: str, description: str, headers: dict[str, Any] | None = None
) -> ApiError:
    return ApiError(status, {"error": error, "error_description": description}, headers)
