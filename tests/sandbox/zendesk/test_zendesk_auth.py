"""Tokens, scopes, expiry and the legacy API token."""

import base64
import hashlib
from urllib.parse import parse_qsl, urlsplit

import pytest

PLACE = "http://127.0.0.1:9/back?tenant=demo"
VERIFIER = "balie-" * 8
CREDENTIALS_OF_DEMO = {
    "grant_type": "client_credentials",
    "client_id": "balie",
    "client_secret": "sandbox-only-not-a-secret",
}
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
    answer = zendesk.session.get(f"{zendesk.base}/api/v2/tickets", timeout=15)

    assert (answer.status_code, answer.json()) == (401, {"error": "Couldn't authenticate you"})


def test_me_without_credentials_is_nobody(zendesk):
    answer = zendesk.session.get(f"{zendesk.base}/api/v2/users/me.json", timeout=15)

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


@pytest.fixture
def oauth(sandbox):
    """Ask for a token; the status and the answer."""

    def ask(**body):
        answer = sandbox.session.post(f"{sandbox.url}/zendesk/oauth/tokens", json=body, timeout=15)
        return answer.status_code, answer.json()

    return ask


@pytest.fixture
def consent(sandbox):
    """An admin who allows or denies a public client; what the client's address then gets."""
    app = {"client_id": "app", "client_secret": "unused", "kind": "public"}
    sandbox.control("zendesk/clients", app | {"redirect_uris": [PLACE]})

    def decide(decision="allow", **changes):
        challenge = hashlib.sha256(VERIFIER.encode()).digest()
        asked = {
            "client_id": "app",
            "redirect_uri": PLACE,
            "scope": "read write",
            "state": "s1",
            "code_challenge": base64.urlsafe_b64encode(challenge).decode().rstrip("="),
            "code_challenge_method": "S256",
        } | changes
        url = f"{sandbox.url}/zendesk/oauth/authorizations/new"
        page = sandbox.session.get(url, params=asked, timeout=15)
        if page.status_code != 200:
            return page.status_code, page.json()["error"]
        sent = asked | {"decision": decision}
        answer = sandbox.session.post(url, data=sent, timeout=15, allow_redirects=False)
        return answer.status_code, dict(parse_qsl(urlsplit(answer.headers["Location"]).query))

    return decide


def code_request(code, **changes):
    usual = {"grant_type": "authorization_code", "code": code, "client_id": "app"}
    return usual | {"redirect_uri": PLACE, "code_verifier": VERIFIER} | changes


def test_authorization_code_with_pkce_gives_both_tokens_once(oauth, consent, zendesk):
    status, sent_back = consent()
    code = sent_back.pop("code")

    first = oauth(**code_request(code))

    assert (status, sent_back) == (302, {"tenant": "demo", "state": "s1"})
    assert first[0] == 200
    assert (first[1]["expires_in"], first[1]["refresh_token_expires_in"]) == (1800, 2_592_000)
    zendesk.token = first[1]["access_token"]
    assert zendesk.done("GET", "/users/me")["user"]["role"] == "admin"
    assert oauth(**code_request(code))[1]["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": "x" * 43},
        {"redirect_uri": "http://127.0.0.1:9/other"},
        {"client_id": "balie"},
    ],
    ids=["verifier", "redirect_uri", "client"],
)
def test_authorization_code_is_useless_to_another(oauth, consent, changes):
    code = consent()[1]["code"]

    status, found = oauth(**code_request(code, **changes))

    assert (status, found["error"]) == (400, "invalid_grant")


def test_authorization_code_ends_after_two_minutes(oauth, consent, sandbox):
    code = consent()[1]["code"]
    sandbox.control("clock", {"advance": 120})

    assert oauth(**code_request(code))[0] == 400


def test_authorization_denied_says_so(consent):
    assert consent("deny")[1]["error"] == "access_denied"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_id": "nobody"}, "invalid_client"),
        ({"redirect_uri": "http://evil.example/"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
    ],
    ids=["client", "redirect_uri", "challenge"],
)
def test_authorization_asked_wrongly_is_never_redirected(consent, changes, error):
    assert consent(**changes) == (400, error)


def test_refresh_ends_the_old_access_and_the_old_refresh_token(oauth, consent, zendesk):
    old = oauth(**code_request(consent()[1]["code"]))[1]
    renewal = {"grant_type": "refresh_token", "client_id": "app"}

    status, new = oauth(**renewal, refresh_token=old["refresh_token"])

    zendesk.token = old["access_token"]
    assert (status, zendesk.call("GET", "/users/me")) == (200, (401, INVALID_TOKEN))
    assert oauth(**renewal, refresh_token=old["refresh_token"])[1]["error"] == "invalid_grant"
    zendesk.token = new["access_token"]
    assert zendesk.call("GET", "/users/me")[0] == 200


def test_refresh_token_ends_after_thirty_days_unless_asked_otherwise(oauth, consent, sandbox):
    short = oauth(**code_request(consent()[1]["code"], refresh_token_expires_in=604_801))[1]
    usual = oauth(**code_request(consent()[1]["code"]))[1]
    renewal = {"grant_type": "refresh_token", "client_id": "app"}
    sandbox.control("clock", {"advance": 604_801})

    assert oauth(**renewal, refresh_token=short["refresh_token"])[0] == 400
    again = oauth(**renewal, refresh_token=usual["refresh_token"])[1]
    sandbox.control("clock", {"advance": 2_592_000})
    assert oauth(**renewal, refresh_token=again["refresh_token"])[0] == 400


def test_access_tokens_expired_by_the_control_leave_the_refresh_tokens(oauth, consent, sandbox):
    old = oauth(**code_request(consent()[1]["code"]))[1]

    assert sandbox.control("zendesk/tokens/expire") == {"expired": 1}

    renewal = {"grant_type": "refresh_token", "client_id": "app"}
    assert oauth(**renewal, refresh_token=old["refresh_token"])[0] == 200


def test_client_credentials_are_for_confidential_clients(oauth, consent):
    asked = {"grant_type": "client_credentials", "client_id": "app", "client_secret": "unused"}

    assert oauth(**asked)[1]["error"] == "unauthorized_client"


def test_uploads_need_the_plain_scope_and_redactions_that_of_tickets(zendesk, oauth):
    narrow = CREDENTIALS_OF_DEMO | {"scope": "tickets:read tickets:write"}
    zendesk.token = oauth(**narrow)[1]["access_token"]

    assert zendesk.call("POST", "/uploads?filename=a.txt")[0] == 403
    assert zendesk.call("PUT", "/comment_redactions/1", {"ticket_id": 1})[0] == 404


def test_current_token_is_shown_and_ended_by_its_owner(zendesk):
    shown = zendesk.done("GET", "/oauth/tokens/current")["token"]
    assert (shown["scopes"], shown["token"]) == (["read", "write"], zendesk.token[:10])

    assert zendesk.call("DELETE", "/oauth/tokens/current") == (204, None)
    assert zendesk.call("GET", "/users/me") == (401, INVALID_TOKEN)


def test_api_token_idle_for_thirty_days_is_switched_off(sandbox):
    pair = ("bridge@example.com/token", "sandbox-only-not-a-token")
    url = f"{sandbox.url}/zendesk/api/v2/users/me"
    seen = []
    for days in (29, 29, 30):
        sandbox.control("clock", {"advance": days * 86_400})
        seen.append(sandbox.session.get(url, auth=pair, timeout=15).status_code)

    assert seen == [200, 200, 401]


def test_api_tokens_switched_off_are_refused(sandbox):
    sandbox.control("zendesk/api_tokens", method="DELETE")
    pair = ("bridge@example.com/token", "sandbox-only-not-a-token")

    answer = sandbox.session.get(f"{sandbox.url}/zendesk/api/v2/users", auth=pair, timeout=15)

    assert answer.status_code == 401
