"""OAuth clients and the tokens given out to them."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from balie_sandbox.zendesk.clock_source import ClockSource


@dataclass(slots=True)
class Client:
    """A client as an admin registers it. A public one has no use for its secret."""

    id: str
    secret: str
    user_id: int
    kind: str = "confidential"
    redirect_uris: tuple[str, ...] = ()

    @property
    def is_public(self) -> bool:
        return self.kind == "public"

    def knows(self, secret: str) -> bool:
        return hmac.compare_digest(self.secret.encode(), secret.encode())


@dataclass(slots=True)
class Token:
    """An access token: whom it acts as, what for, until when; and its refresh token."""

    id: int
    client_id: str
    user_id: int
    scopes: tuple[str, ...]
    access: str
    expires_at: datetime
    created_at: datetime
    refresh: str | None = None
    refresh_expires_at: datetime | None = None


class TokenStore:
    """Tokens that stand, by either of their halves."""

    def __init__(self, source: ClockSource) -> None:
        self._source = source
        self._by_access: dict[str, Token] = {}
        self._by_refresh: dict[str, Token] = {}

    def issue(
        self, client: Client, scopes: tuple[str, ...], life: int, refresh_life: int | None
    ) -> Token:
        """Lives are in seconds; without a `refresh_life` there is no refresh token."""
        now = self._source.now()
        token = Token(
            self._source.new_id(),
            client.id,
            client.user_id,
            scopes,
            self._source.ids.token(),
            now + timedelta(seconds=life),
            now,
        )
        if refresh_life is not None:
            token.refresh = self._source.ids.token()
            token.refresh_expires_at = now + timedelta(seconds=refresh_life)
            self._by_refresh[token.refresh] = token
        self._by_access[token.access] = token
        return token

    def by_access(self, value: str) -> Token | None:
        """The token while it lives."""
        token = self._by_access.get(value)
        return token if token and token.expires_at > self._source.now() else None

    def by_refresh(self, value: str) -> Token | None:
        token = self._by_refresh.get(value)
        ends = token.refresh_expires_at if token else None
        return token if ends and ends > self._source.now() else None

    def listed(self) -> list[Token]:
        return list(self._by_access.values())

    def revoke(self, token: Token) -> None:
        """Both halves end at once."""
        self._by_access.pop(token.access, None)
        if token.refresh:
            self._by_refresh.pop(token.refresh, None)

    def revoke_all(self) -> int:
        """Returns how many access tokens there were."""
        count = len(self._by_access)
        self._by_access.clear()
        self._by_refresh.clear()
        return count

    def expire_all(self) -> int:
        """End every access token and leave the refresh tokens."""
        count = len(self._by_access)
        self._by_access.clear()
        return count
