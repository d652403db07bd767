"""Who calls: a bearer token within its scopes, or e-mail with API token."""

import base64
import binascii
import hmac
from datetime import datetime, timedelta

from balie_sandbox.zendesk import defaults
from balie_sandbox.zendesk.clock_source import ClockSource
from balie_sandbox.zendesk.errors import ApiError, forbidden
from balie_sandbox.zendesk.settings import AccountSettings
from balie_sandbox.zendesk.users.directory import Directory
from balie_sandbox.zendesk.users.model import User

from .clients import Client, Token, TokenStore
from .grants import Grants

READING = ("GET", "HEAD", "OPTIONS")
#: A token that nobody uses for so long is switched off (migration notice of 2026).
IDLE_DAYS = 30
#: The scope that stands for a part of the API, where it is not called like its path.
SCOPE_NAMES = {
    "deleted_tickets": "tickets",
    "comment_redactions": "tickets",
    "incremental": "tickets",
    "imports": "tickets",
    "deleted_users": "users",
    "user_fields": "users",
    "organization_memberships": "organizations",
    "organization_fields": "organizations",
    "trigger_categories": "triggers",
    "help_center": "hc",
}


class Gate:
    """Finds the caller of a request."""

    def __init__(
        self, directory: Directory, settings: AccountSettings, source: ClockSource
    ) -> None:
        self._directory = directory
        self._settings = settings
        self._source = source
        self.tokens = TokenStore(source)
        self.clients: dict[str, Client] = {}
        self.register(Client(defaults.CLIENT_ID, defaults.CLIENT_SECRET, defaults.ADMIN_ID))
        self.grants = Grants(self.clients, self.tokens, settings, source)
        #: API tokens and when each was used last.
        self.api_tokens: dict[str, datetime] = {defaults.API_TOKEN: source.now()}

    def register(self, client: Client) -> None:
        """A new client, or new settings for one."""
        self.clients[client.id] = client

    def revoke_all(self) -> int:
        """End every token, as an admin can; returns how many there were."""
        return self.tokens.revoke_all()

    def caller(self, authorization: str | None, method: str, resource: str) -> User:
        """The user a request acts as. Raises ApiError: 401, or 403 on a missing scope."""
        scheme, _, credentials = (authorization or "").partition(" ")
        if scheme.lower() == "bearer":
            return self._by_bearer(credentials.strip(), method, resource)
        if scheme.lower() == "basic":
            return self._by_api_token(credentials.strip())
        raise unauthenticated()

    def on_behalf(self, user: User, authorization: str | None, email: str | None) -> User:
        """Whom an admin acts as with X-On-Behalf-Of. Raises ApiError (403)."""
        if not email:
            return user
        token = self.token_of(authorization)
        other = self._directory.by_identity("email", email)
        if user.role != "admin" or token is None or "impersonate" not in token.scopes:
            raise forbidden("You are missing the following required scopes: impersonate")
        if other is None or not other.active:
            raise forbidden("There is no such user to act on behalf of.")
        return other

    def token_of(self, authorization: str | None) -> Token | None:
        """The token a request came with, if it is one that lives."""
        scheme, _, credentials = (authorization or "").partition(" ")
        return self.tokens.by_access(credentials.strip()) if scheme.lower() == "bearer" else None

    def _by_bearer(self, value: str, method: str, resource: str) -> User:
        token = self.tokens.by_access(value)
        user = self._directory.find(token.user_id) if token else None
        if token is None or user is None or not user.active or user.suspended:
            raise ApiError(
                401,
                {
                    "error": "invalid_token",
                    "error_description": "The access token provided is expired, revoked, "
                    "malformed or invalid for other reasons.",
                },
                {"WWW-Authenticate": 'Bearer realm="Zendesk", error="invalid_token"'},
            )
        need = "read" if method in READING else "write"
        name = SCOPE_NAMES.get(resource, resource)
        if need not in token.scopes and f"{name}:{need}" not in token.scopes:
            raise forbidden(f"You are missing the following required scopes: {need}")
        return user

    def _by_api_token(self, credentials: str) -> User:
        cutoff = self._settings.api_token_cutoff
        if cutoff and self._source.now() >= datetime.fromisoformat(cutoff):
            raise unauthenticated()
        try:
            name, _, secret = base64.b64decode(credentials, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeError):
            raise unauthenticated() from None
        email, slash, kind = name.rpartition("/")
        user = self._directory.by_identity("email", email)
        known = self._use(secret)
        if slash and kind == "token" and known and user and user.active and user.is_staff:
            return user
        raise unauthenticated()

    def _use(self, secret: str) -> bool:
        """Whether it is a token that stands; one idle for thirty days has been switched off."""
        now = self._source.now()
        for token, used in self.api_tokens.items():
            if hmac.compare_digest(token.encode(), secret.encode()):
                if now - used >= timedelta(days=IDLE_DAYS):
                    return False
                self.api_tokens[token] = now
                return True
        return False


def unauthenticated() -> ApiError:
    return ApiError(
        401,
        {"error": "Couldn't authenticate you"},
        {"WWW-Authenticate": 'Basic realm="Web Password"'},
    )
