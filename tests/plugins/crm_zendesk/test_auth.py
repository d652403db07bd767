"""Signing in: tokens are kept until shortly before their end, and renewed once when refused."""

from datetime import timedelta

import pytest

from balie.api import AuthFailed, RateLimited, TransientError
from balie_crm_zendesk.client import Client

from .conftest import CLIENT_SECRET
from .facts import ME_ID, a_user
from .scripted_zendesk import RESET, TOKEN_CALL, Answer

ME = {"user": a_user(ME_ID, role="admin")}
UNAUTHENTICATED = {"error": "Couldn't authenticate you"}


def tokens_fetched(zendesk):
    return sum(one.call == TOKEN_CALL for one in zendesk.seen)


def test_token_is_fetched_once_and_sent_as_bearer(ctx, zendesk):
    zendesk.on("GET /users/me", ME)
    Client(ctx).me()
    Client(ctx).me()
    assert tokens_fetched(zendesk) == 1
    assert zendesk.sent(TOKEN_CALL).json == {
        "grant_type": "client_credentials",
        "client_id": "balie",
        "client_secret": CLIENT_SECRET,
        "scope": "read write",
    }
    assert [one.headers["authorization"] for one in zendesk.seen[1:]] == ["Bearer token-1"] * 2


@pytest.mark.parametrize(
    ("expires_in", "life"),
    [(1800, 1740), (60, 30), (None, 1740), (0, 1740), ("soon", 1740), (True, 1740)],
)
def test_token_is_given_up_shortly_before_its_end(ctx, zendesk, clock, expires_in, life):
    zendesk.scripts[TOKEN_CALL] = [
        Answer(200, {"access_token": "token-1", "expires_in": expires_in})
    ]
    zendesk.on("GET /users/me", ME)
    Client(ctx).me()
    clock.time += timedelta(seconds=life - 1)
    Client(ctx).me()
    assert tokens_fetched(zendesk) == 1
    clock.time += timedelta(seconds=2)
    Client(ctx).me()
    assert tokens_fetched(zendesk) == 2


def test_token_that_is_refused_is_renewed_once(ctx, zendesk):
    zendesk.on(TOKEN_CALL, {"access_token": "token-2", "expires_in": 1800})
    zendesk.on("GET /users/me", UNAUTHENTICATED, 401)
    zendesk.on("GET /users/me", ME)
    assert Client(ctx).me().id == ME_ID
    assert [one.headers["authorization"] for one in zendesk.seen if one.call != TOKEN_CALL] == [
        "Bearer token-1",
        "Bearer token-2",
    ]


def test_token_refused_twice_is_auth_failed(ctx, zendesk):
    zendesk.on("GET /users/me", UNAUTHENTICATED, 401)
    with pytest.raises(AuthFailed) as failed:
        Client(ctx).me()
    assert zendesk.calls == ["GET /users/me", "GET /users/me"]
    assert CLIENT_SECRET not in str(failed.value)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (401, {"error": "invalid_client", "error_description": "Client authentication failed"}),
        (400, {"error": "unauthorized_client"}),
        (404, b"<html>No help desk at company</html>"),
        (200, {"token_type": "bearer"}),
    ],
)
def test_client_that_gets_no_token_is_auth_failed(ctx, zendesk, status, body):
    zendesk.scripts[TOKEN_CALL] = [Answer(status, body)]
    with pytest.raises(AuthFailed) as failed:
        Client(ctx).me()
    assert CLIENT_SECRET not in str(failed.value)
    assert zendesk.calls == []


@pytest.mark.parametrize(
    "answer",
    [Answer(503), Answer(instead=RESET), Answer(200, b"<html>")],
    ids=["out of order", "reset", "unreadable"],
)
def test_token_that_cannot_be_asked_for_is_transient(ctx, zendesk, answer):
    zendesk.scripts[TOKEN_CALL] = [answer]
    with pytest.raises(TransientError) as failed:
        Client(ctx).write("PUT", "/tickets/1", {})
    assert type(failed.value) is TransientError


def test_token_rate_limit_is_told(ctx, zendesk):
    zendesk.scripts[TOKEN_CALL] = [Answer(429, b"slow down", {"Retry-After": "7"})]
    with pytest.raises(RateLimited) as failed:
        Client(ctx).me()
    assert failed.value.retry_after == 7


def test_token_of_other_settings_is_not_used(connect, zendesk, ctx):
    zendesk.on("GET /users/me", ME)
    Client(ctx).me()
    other = connect(base_url=zendesk.url, client_id="another", client_secret=CLIENT_SECRET)
    other.kv.values.update(ctx.kv.values)
    Client(other).me()
    assert tokens_fetched(zendesk) == 2


def test_api_token_is_sent_as_basic(connect, zendesk):
    zendesk.on("GET /users/me", ME)
    ctx = connect(base_url=zendesk.url, email="bridge@example.com", api_token="secret")
    Client(ctx).me()
    assert zendesk.seen[0].headers["authorization"] == (
        "Basic YnJpZGdlQGV4YW1wbGUuY29tL3Rva2VuOnNlY3JldA=="
    )


def test_api_token_that_is_refused_is_auth_failed(connect, zendesk):
    zendesk.on("GET /users/me", UNAUTHENTICATED, 401)
    ctx = connect(base_url=zendesk.url, email="bridge@example.com", api_token="secret")
    with pytest.raises(AuthFailed):
        Client(ctx).me()
    assert zendesk.calls == ["GET /users/me"]


def test_netrc_of_this_machine_is_not_used(ctx, zendesk, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    zendesk.on("GET /users/me", ME)
    Client(ctx).me()
    assert zendesk.sent("GET /users/me").headers["authorization"] == "Bearer token-1"
