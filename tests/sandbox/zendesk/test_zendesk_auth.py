"""Tokens, scopes, expiry and the legacy API token."""

import pytest
import requests

INVALID_TOKEN = {
    "error": "invalid_token",
    "error_description": "The access token provided is expired, revoked, malformed or invalid "
    "for other reasons.",
}


def test_token_request_as_json_gives_a_bearer_token(sandbox, credentials):
    answer = sandbox.session.post(f"{sandbox.url}/zendesk/oauth/tokens", json=credentials)

    found = answer.json()
    assert len(found.pop("access_token")) == 64
    assert found == {"token_type": "bearer", "scope": "read write", "expires_in": 1800}


def test_token_request_as_form_takes_the_life_asked_for(sandbox, credentials):
    form = credentials | {"expires_in": "600"}

    answer = sandbox.session.post(f"{sandbox.url}/zendesk/oauth/tokens", data=form)

    assert (answer.status_code, answer.json()["expires_in"]) == (200, 600)


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"expires_in": 60}, 400, "invalid_request"),
    ],
)
def test_token_request_that_is_wrong_is_refused(sandbox, credentials, changes, status, error):
    url = f"{sandbox.url}/zendesk/oauth/tokens"

    answer = sandbox.session.post(url, json=credentials | changes)

    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_token_past_its_life_is_refused(sandbox, zendesk):
    sandbox.control("clock", {"advance": 1801})

    assert zendesk.call("GET", "/users/me") == (401, INVALID_TOKEN)


def test_token_revoked_by_an_admin_is_refused(sandbox, zendesk):
    assert sandbox.control("zendesk/tokens/revoke") == {"revoked": 1}

    assert zendesk.call("GET", "/users/me") == (401, INVALID_TOKEN)


def test_token_without_the_scope_is_forbidden_to_write(sandbox, zendesk, credentials):
    url = f"{sandbox.url}/zendesk/oauth/tokens"
    narrow = sandbox.session.post(url, json=credentials | {"scope": "read tickets:write"})
    zendesk.token = narrow.json()["access_token"]

    status, found = zendesk.call("POST", "/users", {"user": {"name": "x"}})

    assert (status, found["error"]) == (403, "Forbidden")
    assert zendesk.ticket(requester_id=zendesk.done("GET", "/users/me")["user"]["id"])["id"] == 1


def test_call_without_credentials_is_refused(zendesk):
    answer = requests.get(f"{zendesk.base}/api/v2/tickets", timeout=15)

    assert (answer.status_code, answer.json()) == (401, {"error": "Couldn't authenticate you"})


def test_me_without_credentials_is_nobody(zendesk):
    answer = requests.get(f"{zendesk.base}/api/v2/users/me.json", timeout=15)

    assert (answer.status_code, answer.json()["user"]["id"]) == (200, None)


def test_api_token_works_until_its_cutoff(sandbox, settings):
    pair = ("bridge@example.com/token", "sandbox-only-not-a-token")
    url = f"{sandbox.url}/zendesk/api/v2/users/me"

    before = sandbox.session.get(url, auth=pair, timeout=15)
    settings(api_token_cutoff="2026-01-01T00:00:00Z")
    after = sandbox.session.get(url, auth=pair, timeout=15)

    assert (before.status_code, before.json()["user"]["role"]) == (200, "admin")
    assert (after.status_code, after.json()) == (401, {"error": "Couldn't authenticate you"})


@pytest.mark.parametrize(
    "pair",
    [("bridge@example.com/token", "wrong"), ("bridge@example.com", "sandbox-only-not-a-token")],
)
def test_api_token_that_is_wrong_is_refused(sandbox, pair):
    answer = sandbox.session.get(f"{sandbox.url}/zendesk/api/v2/tickets", auth=pair, timeout=15)

    assert answer.status_code == 401
