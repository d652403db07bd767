"""Every way of Zendesk to refuse, and every way of the network to fail, as Balie's errors."""

import socket
import traceback
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from balie.api import (
    AuthFailed,
    OutcomeUnknown,
    PermanentError,
    PluginError,
    RateLimited,
    Rejected,
    TransientError,
)
from balie_crm_zendesk.client import Client
from balie_crm_zendesk.errors import NotFound, Refusal

from .recorded import recorded
from .scripted_zendesk import RESET, SILENCE, Answer

RECORDED = recorded("errors/error_bodies.json", {})

GET = "GET /users/me"
PUT = "PUT /tickets/77"

WORDS = {
    "422_closed_ticket": (Refusal, "Status: closed prevents ticket update"),
    "422_user_name_too_short": (Refusal, "Name: is too short (minimum one character)"),
    "422_attachment": (Refusal, "Attachment file could not be processed"),
    "429_incremental": (RateLimited, ""),
    "404": (NotFound, "Not found"),
    "400_too_many": (Refusal, "Parameter  cannot specify more than 100 values"),
    "422_phone_format_2013": (Refusal, "Phone ••• is not properly formatted"),
    "400_idempotency_mismatch": (
        Refusal,
        "Request parameters don't match the given idempotency key",
    ),
}


def fail(ctx, zendesk, call, answer):
    """Make the call and return its error."""
    zendesk.script(call, answer)
    method, path = call.split(" ")
    client = Client(ctx)
    with pytest.raises(PluginError) as failed:
        client.get(path) if method == "GET" else client.write(method, path, {"ticket": {}})
    return failed.value


@pytest.mark.parametrize("call", [GET, PUT])
@pytest.mark.parametrize("name", RECORDED)
def test_recorded_refusal_has_its_error_and_words(ctx, zendesk, name, call):
    kind, words = WORDS[name]
    seen = RECORDED[name]
    error = fail(ctx, zendesk, call, Answer(seen["status"], seen["body"]))
    assert type(error) is kind
    if isinstance(error, Rejected):
        assert error.code == seen["body"]["error"]
        assert error.text == f"Zendesk refused it: {words}."
        assert error.fields == frozenset(seen["body"].get("details", ()))


@pytest.mark.parametrize(
    ("answer", "on_get", "on_put"),
    [
        (Answer(408), TransientError, OutcomeUnknown),
        (Answer(409, {"error": "DatabaseConflict"}), TransientError, TransientError),
        (Answer(500), TransientError, OutcomeUnknown),
        (Answer(502, b"<html>Bad gateway"), TransientError, OutcomeUnknown),
        (Answer(503), TransientError, OutcomeUnknown),
        (Answer(503, b"", {"Retry-After": "9"}), TransientError, TransientError),
        (Answer(504), TransientError, OutcomeUnknown),
        (Answer(200, b"<html>Sorry"), TransientError, OutcomeUnknown),
        (Answer(200, b"[1]"), TransientError, OutcomeUnknown),
        (Answer(instead=RESET), TransientError, OutcomeUnknown),
        (Answer(instead=SILENCE), TransientError, OutcomeUnknown),
        (Answer(302, b"", {"Location": "http://127.0.0.1:1/"}), PermanentError, PermanentError),
        (Answer(403, {"error": "Forbidden", "description": "No"}), PermanentError, PermanentError),
        (
            Answer(403, {"errors": [{"detail": "Missing the following required scopes: write"}]}),
            AuthFailed,
            AuthFailed,
        ),
        (Answer(404, b"<h1>No help desk at company.zendesk.com</h1>"), AuthFailed, AuthFailed),
        (Answer(404, b"<h1>Nothing here</h1>"), PermanentError, PermanentError),
        (Answer(413, b"too large"), Refusal, Refusal),
    ],
)
def test_answer_becomes_what_it_means_for_reading_and_writing(ctx, zendesk, answer, on_get, on_put):
    assert type(fail(ctx, zendesk, GET, answer)) is on_get
    assert type(fail(ctx, zendesk, PUT, answer)) is on_put


@pytest.mark.parametrize("call", [GET, PUT])
def test_connection_that_never_came_about_is_transient(ctx, connect, call):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
    lonely = connect(base_url=url, email="bridge@example.com", api_token="secret")
    method, path = call.split(" ")
    with pytest.raises(TransientError) as failed:
        Client(lonely).write(method, path, {})
    assert type(failed.value) is TransientError


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "12"}, 12),
        ({"ratelimit-reset": "30"}, 30),
        ({"rate-limit-reset": "31"}, 31),
        ({"Retry-After": "5", "ratelimit-reset": "30"}, 5),
        ({"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT", "ratelimit-reset": "30"}, 30),
        ({"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, None),
        ({"Retry-After": "soon", "ratelimit-reset": "soon"}, None),
        ({"Retry-After": "-1"}, None),
        ({"zendesk-ratelimit-per-ticket-updates": "total=30; remaining=0; resets=468"}, 468),
        ({"zendesk-rate-limit-tickets-update": "total=20; remaining=0; resets=40"}, 40),
        ({"zendesk-ratelimit-tickets-index": "total=100; remaining=1; resets=40"}, None),
        ({"zendesk-ratelimit-tickets-index": "total=100; remaining=0"}, None),
        (
            {
                "zendesk-ratelimit-tickets-index": "total=100; remaining=0; resets=40",
                "ratelimit-reset": "30",
            },
            40,
        ),
        (
            {
                "zendesk-ratelimit-tickets-index": "total=100; remaining=0; resets=40",
                "Retry-After": "5",
            },
            5,
        ),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "999999"}, 3600),
        ({}, None),
    ],
)
def test_rate_limit_tells_zendesks_wait(ctx, zendesk, headers, seconds):
    plain = b"You have exceeded the rate limit for updating a single unique user."
    error = fail(ctx, zendesk, PUT, Answer(429, plain, headers))
    assert type(error) is RateLimited
    assert error.retry_after == seconds


@pytest.mark.parametrize("ahead", [-3600, 0, 120, 10**6])
def test_wait_may_be_told_as_a_date(ctx, zendesk, ahead):
    """By Zendesk's clock: this machine's may be wrong."""
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=ahead), usegmt=True)
    error = fail(ctx, zendesk, PUT, Answer(429, b"", {"Retry-After": until}))
    wait = min(ahead, 3600) if ahead > 0 else None
    assert error.retry_after == (wait if wait is None else pytest.approx(wait, abs=5))


def test_maintenance_tells_zendesks_wait(ctx, zendesk):
    error = fail(ctx, zendesk, PUT, Answer(503, b"", {"Retry-After": "60"}))
    assert (type(error), error.retry_after) == (TransientError, 60)


@pytest.mark.parametrize(
    ("body", "code", "text"),
    [
        (
            {"errors": [{"code": "InvalidUrl", "title": "Bad", "detail": "Not https"}]},
            "InvalidUrl",
            "Zendesk refused it: Not https.",
        ),
        ({"error": {"title": "Bad", "message": "Worse"}}, "422", "Zendesk refused it: Worse."),
        ({"details": {"name": "is odd"}}, "422", "Zendesk refused it: is odd."),
        (
            {"details": {"a": [{"description": "One."}], "b": [{"description": "Two"}, 3]}},
            "422",
            "Zendesk refused it: One; Two.",
        ),
        ({"odd": True}, "422", "Zendesk refused it: HTTP 422, without a reason."),
        (
            {"error": "x", "description": "noor@example.com has +31 6 5550-1234 already"},
            "x",
            "Zendesk refused it: ••• has ••• already.",
        ),
        ({"error": "x", "description": "y" * 900}, "x", f"Zendesk refused it: {'y' * 400}."),
    ],
)
def test_refusal_of_any_shape_becomes_a_sentence(ctx, zendesk, body, code, text):
    error = fail(ctx, zendesk, PUT, Answer(422, body))
    assert (error.code, error.text) == (code, text)


def test_error_names_the_call_without_its_query(ctx, zendesk):
    zendesk.on("GET /search", {}, 500)
    with pytest.raises(TransientError) as failed:
        Client(ctx).get("/search", query="phone:*655501234")
    assert str(failed.value) == "Zendesk is out of order (GET /search was answered with 500)."


@pytest.mark.parametrize("answer", [Answer(instead=RESET), Answer(instead=SILENCE), Answer(500)])
def test_error_shows_no_number_even_in_its_traceback(ctx, zendesk, answer):
    zendesk.script("GET /search", answer)
    number = "6" + "5550" + "1234"  # a traceback quotes these lines too
    with pytest.raises(TransientError) as failed:
        Client(ctx).get("/search", query=f"phone:*{number}")
    assert number not in "".join(traceback.format_exception(failed.value))
