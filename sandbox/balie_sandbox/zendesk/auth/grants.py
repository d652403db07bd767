"""POST /oauth/tokens: the three grants and what each of them asks (reference 1.2)."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from balie_sandbox.zendesk import fields
from balie_sandbox.zendesk.clock_source import ClockSource
from balie_sandbox.zendesk.errors import ApiError, Json
from balie_sandbox.zendesk.settings import AccountSettings

from .clients import Client, Token, TokenStore

#: What a client may ask for as expires_in and as refresh_token_expires_in, ends excluded.
LIFE_SECONDS = (300, 172_800)
REFRESH_LIFE_SECONDS = (604_800, 7_776_000)
CODE_LIFE = timedelta(seconds=120)


@dataclass(frozen=True, slots=True)
class Code:
    """What an admin's consent gave out; good once, for two minutes."""

    client_id: str
    redirect_uri: str
    scopes: tuple[str, ...]
    expires_at: datetime
    challenge: str = ""
    challenge_method: str = ""


class Grants:
    """Judges token requests."""

    def __init__(
        self,
        clients: dict[str, Client],
        tokens: TokenStore,
        settings: AccountSettings,
        source: ClockSource,
    ) -> None:
        self._clients = clients
        self._tokens = tokens
        self._settings = settings
        self._source = source
        self._codes: dict[str, Code] = {}

    def consent(self, client: Client, redirect_uri: str, asked: Json) -> str:
        """The code for a client that an admin allowed in. Raises ApiError (422)."""
        value = self._source.ids.token(40)
        self._codes[value] = Code(
            client.id,
            redirect_uri,
            scopes_of(asked),
            self._source.now() + CODE_LIFE,
            fields.text(asked, "code_challenge") or "",
            fields.text(asked, "code_challenge_method") or "plain",
        )
        return value

    def issue(self, data: Json) -> Json:
        """Answer a token request. Raises ApiError (400, 401)."""
        match fields.text(data, "grant_type"):
            case "client_credentials":
                token = self._by_credentials(data)
            case "authorization_code":
                token = self._by_code(data)
            case "refresh_token":
                token = self._by_refresh(data)
            case _:
                text = "The authorization grant type is not supported."
                raise refused(400, "unsupported_grant_type", text)
        return self._answer(token)

    def _by_credentials(self, data: Json) -> Token:
        client = self._client(data)
        if client.is_public:
            raise refused(400, "unauthorized_client", "A public client has no credentials.")
        return self._tokens.issue(client, scopes_of(data), self._life(data), None)

    def _by_code(self, data: Json) -> Token:
        code = self._codes.pop(fields.text(data, "code") or "", None)
        if code is None or code.expires_at <= self._source.now():
            raise invalid_grant()
        named = fields.text(data, "client_id"), fields.text(data, "redirect_uri")
        if named != (code.client_id, code.redirect_uri):
            raise invalid_grant()
        if code.challenge:
            client = self._clients[code.client_id]
            check_verifier(code, fields.text(data, "code_verifier") or "")
        else:
            client = self._client(data)
        life, refresh_life = self._life(data), self._refresh_life(data)
        return self._tokens.issue(client, code.scopes, life, refresh_life)

    def _by_refresh(self, data: Json) -> Token:
        old = self._tokens.by_refresh(fields.text(data, "refresh_token") or "")
        client = self._clients.get(fields.text(data, "client_id") or "")
        if client is None or not client.is_public:
            client = self._client(data)
        if old is None or old.client_id != client.id:
            raise invalid_grant()
        life, refresh_life = self._life(data), self._refresh_life(data)
        self._tokens.revoke(old)
        scopes = scopes_of(data) if "scope" in data else old.scopes
        return self._tokens.issue(client, scopes, life, refresh_life)

    def _client(self, data: Json) -> Client:
        client = self._clients.get(fields.text(data, "client_id") or "")
        if client is None or not client.knows(fields.text(data, "client_secret") or ""):
            raise refused(
                401,
                "invalid_client",
                "Client authentication failed due to unknown client, no client authentication "
                "included, or unsupported authentication method.",
            )
        return client

    def _life(self, data: Json) -> int:
        ordinary = self._settings.token_lifetime_seconds
        return _asked(data, "expires_in", LIFE_SECONDS, ordinary)

    def _refresh_life(self, data: Json) -> int:
        ordinary = self._settings.refresh_lifetime_seconds
        return _asked(data, "refresh_token_expires_in", REFRESH_LIFE_SECONDS, ordinary)

    def _answer(self, token: Token) -> Json:
        now = self._source.now()
        answer: Json = {
            "access_token": token.access,
            "token_type": "bearer",
            "scope": " ".join(token.scopes),
            "expires_in": round((token.expires_at - now).total_seconds()),
        }
        if token.refresh and token.refresh_expires_at:
            left = (token.refresh_expires_at - now).total_seconds()
            answer |= {"refresh_token": token.refresh, "refresh_token_expires_in": round(left)}
        return answer


def check_verifier(code: Code, verifier: str) -> None:
    """PKCE (RFC 7636). Raises ApiError (400)."""
    proof = verifier
    if code.challenge_method == "S256":
        digest = hashlib.sha256(verifier.encode()).digest()
        proof = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    if not hmac.compare_digest(proof.encode(), code.challenge.encode()):
        raise invalid_grant()


def scopes_of(data: Json) -> tuple[str, ...]:
    """Any words are taken; a wrong one shows in a 403 later."""
    return tuple((fields.text(data, "scope") or "read").split())


def refused(status: int, error: str, description: str) -> ApiError:
    return ApiError(status, {"error": error, "error_description": description})


def invalid_grant() -> ApiError:
    return refused(
        400,
        "invalid_grant",
        "The provided authorization grant (e.g., authorization code, resource owner credentials) "
        "or refresh token is invalid, expired, revoked, does not match the redirection URI used "
        "in the authorization request, or was issued to another client.",
    )


def _asked(data: Json, name: str, ends: tuple[int, int], ordinary: int) -> int:
    asked = fields.identifier(data, name)
    if asked is None:
        return ordinary
    if not ends[0] < asked < ends[1]:
        raise refused(400, "invalid_request", f"{name} is out of range.")
    return asked
