"""An admin's consent: asked for, taken once, and renewed by one worker at a time."""

import threading
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from balie.api import AuthFailed, RateLimited, TransientError, WebRequest
from balie_crm_zendesk.auth import consent, rotation
from balie_crm_zendesk.client import Client
from balie_crm_zendesk.plugin import plugin

from .conftest import HOOK_URL, Patience
from .facts import ME_ID, a_user
from .scripted_zendesk import RESET, TOKEN_CALL, Answer

ME = {"user": a_user(ME_ID, role="admin")}
CODE = "code-of-the-admin"


@pytest.fixture
def ctx(to_zendesk):
    return to_zendesk(sign_in="authorization_code")


@pytest.fixture
def tokens(zendesk):
    """Zendesk gives a new pair each time."""
    zendesk.scripts[TOKEN_CALL] = []
    for number in range(1, 6):
        grant = {"access_token": f"token-{number}", "refresh_token": f"refresh-{number}"}
        zendesk.on(TOKEN_CALL, grant | {"expires_in": 1800, "refresh_token_expires_in": 7_000_000})
    zendesk.on("GET /users/me", ME)


def back(**query):
    return WebRequest(method="GET", headers={}, query=query, body=b"")


def asked(ctx):
    return dict(parse_qsl(urlsplit(consent.link(ctx)).query))


def consented(ctx):
    state = asked(ctx)["state"]
    return plugin.channel_ingress(ctx, back(code=CODE, state=state)).answer


def sent_tokens(zendesk):
    return [one.headers["authorization"] for one in zendesk.seen if one.call != TOKEN_CALL]


def test_address_asks_for_what_is_needed(ctx, zendesk):
    address = urlsplit(consent.link(ctx))
    query = dict(parse_qsl(address.query))
    assert f"{address.scheme}://{address.netloc}{address.path}" == (
        f"{zendesk.url}/oauth/authorizations/new"
    )
    assert len(query.pop("state")) == 32
    assert len(query.pop("code_challenge")) == 43
    assert query == {
        "response_type": "code",
        "client_id": "balie",
        "redirect_uri": HOOK_URL,
        "scope": "read write",
        "code_challenge_method": "S256",
    }


def test_consent_is_exchanged_and_used(ctx, zendesk, tokens):
    answer = consented(ctx)
    assert (answer.status, answer.body) == (
        200,
        "Balie is aangemeld bij Zendesk. U kunt dit venster sluiten.\n",
    )
    sent = zendesk.sent(TOKEN_CALL).json
    assert len(sent.pop("code_verifier")) == 64
    assert sent == {
        "grant_type": "authorization_code",
        "code": CODE,
        "redirect_uri": HOOK_URL,
        "scope": "read write",
        "client_id": "balie",
        "client_secret": "client-secret-of-the-tests",
        "refresh_token_expires_in": 7_775_999,
    }
    assert Client(ctx).me().id == ME_ID
    assert sent_tokens(zendesk) == ["Bearer token-1"]


def test_public_client_shows_no_secret(connect, zendesk, tokens):
    ctx = connect(base_url=zendesk.url, client_id="balie", sign_in="authorization_code")
    consented(ctx)
    assert "client_secret" not in zendesk.sent(TOKEN_CALL).json


def test_consent_works_once(ctx, zendesk, tokens):
    state = asked(ctx)["state"]
    assert plugin.channel_ingress(ctx, back(code=CODE, state=state)).answer.status == 200
    assert plugin.channel_ingress(ctx, back(code=CODE, state=state)).answer.status == 400
    assert [one.call for one in zendesk.seen] == [TOKEN_CALL]


@pytest.mark.parametrize(
    "query",
    [
        {"code": CODE},
        {"code": CODE, "state": ""},
        {"code": CODE, "state": "x" * 32},
        {"code": CODE, "state": "\u00e9"},
        {"error": "access_denied"},
    ],
    ids=ascii,
)
def test_consent_that_nobody_asked_for_is_refused(ctx, zendesk, tokens, query):
    asked(ctx)
    answer = plugin.channel_ingress(ctx, back(**query)).answer
    assert (answer.status, zendesk.seen) == (400, [])


def test_consent_before_any_was_asked_for_is_refused(ctx, zendesk, tokens):
    assert plugin.channel_ingress(ctx, back(code=CODE, state="")).answer.status == 400


def test_consent_that_comes_too_late_is_refused(ctx, zendesk, tokens, clock):
    state = asked(ctx)["state"]
    clock.time += timedelta(hours=1)
    assert plugin.channel_ingress(ctx, back(code=CODE, state=state)).answer.status == 400


def test_admin_who_does_not_agree_is_told_so(ctx, zendesk, tokens):
    answer = plugin.channel_ingress(
        ctx, back(error="access_denied", state=asked(ctx)["state"])
    ).answer
    assert (answer.status, zendesk.seen) == (400, [])


@pytest.mark.parametrize(
    "refusal", [Answer(400, {"error": "invalid_grant"}), Answer(instead=RESET)]
)
def test_code_that_zendesk_does_not_take_is_told(ctx, zendesk, refusal):
    zendesk.scripts[TOKEN_CALL] = [refusal]
    answer = consented(ctx)
    assert answer.status == 502
    assert CODE not in answer.body


def test_without_consent_nothing_is_asked(ctx, zendesk):
    with pytest.raises(AuthFailed):
        Client(ctx).me()
    assert zendesk.seen == []


# --- Renewing ---------------------------------------------------------------------------------


def test_token_is_renewed_before_its_end(ctx, zendesk, tokens, clock):
    consented(ctx)
    clock.time += timedelta(seconds=1739)
    Client(ctx).me()
    clock.time += timedelta(seconds=2)
    Client(ctx).me()
    assert sent_tokens(zendesk) == ["Bearer token-1", "Bearer token-2"]
    assert zendesk.all(TOKEN_CALL)[1].json == {
        "grant_type": "refresh_token",
        "refresh_token": "refresh-1",
        "scope": "read write",
        "client_id": "balie",
        "client_secret": "client-secret-of-the-tests",
        "refresh_token_expires_in": 7_775_999,
    }


def test_refused_token_is_renewed_once(ctx, zendesk, tokens):
    consented(ctx)
    zendesk.scripts["GET /users/me"] = [Answer(401), Answer(200, ME)]
    Client(ctx).me()
    assert sent_tokens(zendesk) == ["Bearer token-1", "Bearer token-2"]


def test_token_that_another_worker_renewed_is_taken(ctx, zendesk, tokens):
    consented(ctx)
    assert rotation.another(ctx, "token-0") == "token-1"
    assert len(zendesk.all(TOKEN_CALL)) == 1


def test_worker_waits_while_another_renews(ctx, zendesk, tokens, clock):
    consented(ctx)
    place = next(key for key in ctx.kv.values if key.startswith("consent:"))
    assert ctx.kv.add(f"{place}:lock", "another", seconds=60)
    clock.time += timedelta(seconds=1801)
    ctx.kv.values[f"{place}:lock"] = ("another", clock.time + timedelta(seconds=60))
    with pytest.raises(RateLimited) as waits:
        Client(ctx).me()
    assert waits.value.retry_after == 1
    clock.time += timedelta(seconds=60)  # who had the lock has died
    assert Client(ctx).me().id == ME_ID


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer(400, {"error": "invalid_grant"}), AuthFailed),
        (Answer(503), TransientError),
        (Answer(instead=RESET), TransientError),
    ],
)
def test_renewal_that_fails_lets_the_lock_go(ctx, zendesk, tokens, clock, answer, kind):
    consented(ctx)
    clock.time += timedelta(seconds=1801)
    zendesk.scripts[TOKEN_CALL] = [answer]
    for _ in range(2):
        with pytest.raises(kind) as failed:
            Client(ctx).me()
        assert type(failed.value) is kind


def test_consent_that_ended_says_what_to_do(ctx, zendesk, tokens, clock):
    consented(ctx)
    clock.time += timedelta(days=90)
    with pytest.raises(AuthFailed) as ended:
        Client(ctx).me()
    assert str(ended.value) == (
        "Zendesk's consent has ended: let an admin give it again, by the address that"
        " “balie connection setup” prints."
    )


def test_eight_workers_renew_once(sandbox, connect, session):
    """Both old tokens end at once, so a second renewal would end the first one's."""
    session.mount("http://", Patience(15))
    client = {"client_id": "public-balie", "client_secret": "s", "kind": "public"}
    sandbox.control("zendesk/clients", client | {"redirect_uris": [HOOK_URL]})
    ctx = connect(
        base_url=f"{sandbox.url}/zendesk", client_id="public-balie", sign_in="authorization_code"
    )
    address, _, query = consent.link(ctx).partition("?")
    form = dict(parse_qsl(query)) | {"decision": "allow"}
    agreed = requests.post(address, data=form, allow_redirects=False, timeout=15)
    query = dict(parse_qsl(urlsplit(agreed.headers["Location"]).query))
    assert plugin.channel_ingress(ctx, back(**query)).answer.status == 200
    sandbox.control("zendesk/tokens/expire")
    outcomes = []
    ready = threading.Barrier(8)

    def work():
        with requests.Session() as own:
            ready.wait()
            for _ in range(200):
                try:
                    outcomes.append(Client(replace(ctx, http=own)).me().role)
                except RateLimited:
                    continue
                return

    workers = [threading.Thread(target=work) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert outcomes == ["admin"] * 8
