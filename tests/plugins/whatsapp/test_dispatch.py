"""Replies sent, and what each way of failing means for sending again."""

import re
from typing import Any

import pytest
import requests

from balie.api import (
    Address,
    AddressKind,
    AuthFailed,
    Context,
    OutcomeUnknown,
    PluginError,
    RateLimited,
    Receipt,
    Rejected,
    Reply,
    Text,
    TransientError,
    Unknown,
)
from balie_whatsapp.errors.codes import CODES, Handling
from balie_whatsapp.plugin import plugin

from .conftest import TOKEN, Patience, SettableClock, make_context
from .graph_api import Graph, reset_connection
from .payloads import NUMBER_ID

PHONE = Address(kind=AddressKind.PHONE, value="+31655500001")
BSUID = Address(kind=AddressKind.BSUID, value="NL.1001")
VISITOR = Address(kind=AddressKind.VISITOR, value="v1")
REFERENCE = "0192a0c4-1"


def a_reply(*parts: Any, to: tuple[Address, ...] = (PHONE,)) -> Reply:
    return Reply(id=REFERENCE, to=to, parts=parts or (Text(text="Ja hoor"),), author="Ans")


def failing(ctx: Context, reply: Reply | None = None) -> PluginError:
    """Send a reply that must fail; nothing of it may tell the token or the number."""
    with pytest.raises(PluginError) as caught:
        plugin.reply_dispatch(ctx, reply or a_reply())
    error = caught.value
    assert error.__cause__ is None
    assert TOKEN not in f"{error} {error!r} {vars(error)}"
    assert "655500001" not in f"{error} {error!r} {vars(error)}"
    return error


def test_reply_is_sent_as_text_with_our_reference(online: Context, graph: Graph):
    assert plugin.reply_dispatch(online, a_reply()) == Receipt(message_id="wamid.SENT")
    (seen,) = graph.seen
    assert (seen.method, seen.path) == ("POST", f"/v24.0/{NUMBER_ID}/messages")
    assert seen.headers["authorization"] == f"Bearer {TOKEN}"
    assert seen.json == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "+31655500001",
        "type": "text",
        "text": {"body": "Ja hoor", "preview_url": True},
        "biz_opaque_callback_data": REFERENCE,
    }


@pytest.mark.parametrize(
    ("to", "key", "value"),
    [
        ((BSUID, PHONE), "to", "+31655500001"),
        ((VISITOR, BSUID), "recipient", "NL.1001"),
    ],
)
def test_reply_goes_to_the_number_or_else_the_user_id(
    online: Context, graph: Graph, to, key, value
):
    plugin.reply_dispatch(online, a_reply(to=to))
    addressed = {k: v for k, v in graph.seen[0].json.items() if k in ("to", "recipient")}
    assert addressed == {key: value}


def test_reply_of_several_parts_is_one_message(online: Context, graph: Graph):
    parts = (Text(text=" Dag "), Text(text=" "), Unknown(type="x", text="[x]"))
    plugin.reply_dispatch(online, a_reply(*parts))
    assert graph.seen[0].json["text"]["body"] == "Dag \n\n[x]"


def test_reply_of_the_greatest_length_is_sent(online: Context, graph: Graph):
    plugin.reply_dispatch(online, a_reply(Text(text="é" * 4096)))
    assert len(graph.seen[0].json["text"]["body"]) == 4096


@pytest.mark.parametrize(
    ("reply", "code", "text"),
    [
        (a_reply(Text(text=" \n")), "empty", "The answer is empty."),
        (
            a_reply(Text(text="x" * 4097)),
            "too_long",
            "The answer has 4097 characters; WhatsApp takes 4096. Split it.",
        ),
        (
            a_reply(to=(VISITOR,)),
            "no_address",
            "No WhatsApp address of this customer is known, so nothing was sent.",
        ),
    ],
)
def test_reply_that_cannot_be_sent_is_rejected_here(
    online: Context, graph: Graph, reply, code, text
):
    error = failing(online, reply)
    assert isinstance(error, Rejected)
    assert (error.code, error.text) == (code, text)
    assert graph.seen == []


RAISED = {
    Handling.RETRY: TransientError,
    Handling.SLOW_DOWN: RateLimited,
    Handling.SIGN_OUT: AuthFailed,
    Handling.REJECT: Rejected,
}


@pytest.mark.parametrize("code", sorted(CODES))
def test_graph_error_is_handled_as_the_table_says(online: Context, graph: Graph, code):
    graph.fails(code)
    error = failing(online)
    assert type(error) is RAISED[CODES[code].handling]
    if isinstance(error, Rejected):
        assert error.code == str(code)
        assert error.text.startswith(CODES[code].en)


@pytest.mark.parametrize(
    ("codes", "kind"),
    [
        ((1, 2, 131000, 131016, 131057, 133004), TransientError),
        ((4, 80007, 130429, 131056), RateLimited),
        ((0, 3, 10, 33, 104, 190, 200, 250, 299, 368), AuthFailed),
        ((131005, 131031, 131045, 133006, 133010), AuthFailed),
        ((131042, 133015, 134101), TransientError),
        ((100, 130472, 130497, 131026, 131030, 131047, 131048, 131049, 131050), Rejected),
        ((131051, 131053, 131062, 131063, 131064, 132000, 132001, 132015, 132018), Rejected),
        ((131020, 131207, 131212, 137000, 200005, 131999), Rejected),
    ],
)
def test_graph_errors_follow_metas_retry_advice(online: Context, graph: Graph, codes, kind):
    for code in codes:
        graph.fails(code)
        assert (code, type(failing(online))) == (code, kind)


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, Rejected), (401, AuthFailed), (429, RateLimited), (500, OutcomeUnknown)],
)
def test_unknown_code_is_handled_by_its_http_status(online: Context, graph: Graph, status, kind):
    for code in (999999, None, "x", {"a": 1}):
        graph.fails(code, status)
        assert type(failing(online)) is kind


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        (1, 500, OutcomeUnknown),
        (131000, 500, OutcomeUnknown),
        (131000, 503, TransientError),
        (131016, 500, TransientError),
        (1, 400, TransientError),
    ],
)
def test_failure_that_graph_does_not_understand_itself_may_have_sent(
    online: Context, graph: Graph, code, status, kind
):
    graph.fails(code, status)
    assert type(failing(online)) is kind


def test_unknown_number_id_signs_out(online: Context, graph: Graph):
    graph.fails(100, 400, error_subcode=33, type="GraphMethodException")
    assert str(failing(online)) == (
        "Graph error 100, HTTP 400: WhatsApp does not know this phone_number_id, or the token "
        "may not use it. An admin must check both."
    )


def test_token_quoted_by_graph_goes_no_further(online: Context, graph: Graph):
    message = f"Malformed access token {TOKEN} for 31655500001"
    graph.answers(400, {"error": {"message": message, "code": 999999}})
    error = failing(online)
    assert isinstance(error, Rejected)
    assert error.text == (
        "WhatsApp did not send the message (code 999999): Malformed access token … for …01"
    )


def test_rejection_is_in_the_tenants_language(
    clock: SettableClock, session: requests.Session, graph: Graph
):
    ctx = make_context(clock, session, graph_url=graph.url, locale="nl")
    graph.fails(131047)
    error = failing(ctx)
    assert isinstance(error, Rejected)
    assert error.text == CODES[131047].nl


@pytest.mark.parametrize(
    ("code", "header", "seconds"),
    [
        (130429, "17", 17.0),
        (131056, "", None),
        (131056, "2", 2.0),
        (131057, "", 60.0),
        (130429, "soon", None),
        (130429, "-1", None),
    ],
)
def test_wait_is_the_vendors(online: Context, graph: Graph, code, header, seconds):
    graph.fails(code)
    graph.headers = {"Retry_After": header}
    error = failing(online)
    assert isinstance(error, TransientError)
    assert error.retry_after == seconds


def test_waits_for_one_customer_grow_as_meta_advises(online: Context, graph: Graph):
    graph.fails(131056)
    error = failing(online)
    assert isinstance(error, RateLimited)
    assert error.growth == 4.0


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (200, OutcomeUnknown),
        (302, TransientError),
        (401, AuthFailed),
        (404, TransientError),
        (429, RateLimited),
        (500, OutcomeUnknown),
        (502, OutcomeUnknown),
        (503, TransientError),
        (504, OutcomeUnknown),
    ],
)
@pytest.mark.parametrize("body", [b"<html>Bad gateway</html>", b"", b"[]", b"{}"])
def test_answer_that_is_not_graphs(online: Context, graph: Graph, status, kind, body):
    graph.answers(status, body)
    assert type(failing(online)) is kind


@pytest.mark.parametrize(
    "body",
    [{"messages": []}, {"messages": [{}]}, {"messages": [{"id": ""}]}, {"messages": "wamid"}],
)
def test_success_without_an_id_is_of_unknown_outcome(online: Context, graph: Graph, body):
    graph.answers(200, body)
    assert str(failing(online)) == "Graph took the message and named no id for it"


def test_redirect_is_not_followed(online: Context, graph: Graph):
    graph.answers(307, b"", Location=f"{graph.url}/elsewhere")
    assert type(failing(online)) is TransientError
    assert len(graph.seen) == 1


def test_refused_connection_did_not_take_effect(clock: SettableClock):
    with requests.Session() as other:
        ctx = make_context(clock, other, graph_url="http://127.0.0.1:1")
        assert type(failing(ctx)) is TransientError


def test_reset_after_the_request_is_of_unknown_outcome(online: Context, graph: Graph):
    graph.instead = reset_connection
    error = failing(online)
    assert type(error) is OutcomeUnknown
    assert len(graph.seen) == 1


def test_silence_after_the_request_is_of_unknown_outcome(online: Context, graph: Graph):
    online.http.mount("http://", Patience(0.1))
    graph.instead = lambda _: graph.over.wait() and None
    error = failing(online)
    assert type(error) is OutcomeUnknown
    assert str(error) == "the connection to Graph ended before an answer: ReadTimeout"


def test_answer_cut_short_is_of_unknown_outcome(online: Context, graph: Graph):
    graph.headers = {"Content_Length": "5000"}
    graph.instead = lambda handler: handler.wfile.write(
        b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n{"
    )
    assert type(failing(online)) is OutcomeUnknown


class Failing(requests.adapters.BaseAdapter):
    """A network in which nothing connects in time."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def send(self, *_: Any, **__: Any) -> requests.Response:
        raise self.error

    def close(self) -> None:
        """Nothing is open."""


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (requests.ConnectTimeout(f"to +31655500001 {TOKEN}"), TransientError),
        (requests.ReadTimeout(TOKEN), OutcomeUnknown),
        (requests.ConnectionError(TOKEN), OutcomeUnknown),
        (requests.exceptions.SSLError(TOKEN), OutcomeUnknown),
        (requests.exceptions.ChunkedEncodingError(TOKEN), OutcomeUnknown),
    ],
)
def test_failure_of_the_network(online: Context, error, kind):
    online.http.mount("http://", Failing(error))
    assert type(failing(online)) is kind


def test_capabilities_are_the_connections(clock: SettableClock, session: requests.Session):
    ctx = make_context(clock, session, reconcile_seconds=5)
    found = plugin.capabilities(ctx)
    assert (found.text_limit, found.reconcile_seconds) == (4096, 5.0)


NUMBER = {
    "verified_name": "Bakker",
    "display_phone_number": "+31 6 5550 9999",
    "quality_rating": "GREEN",
    "id": NUMBER_ID,
}


def test_check_of_working_credentials(online: Context, graph: Graph):
    graph.answers(200, NUMBER)
    health = plugin.connection_check(online)
    assert (health.ok, health.text) == (
        True,
        "Connected to Bakker, +31 6 5550 9999; quality GREEN.",
    )
    (seen,) = graph.seen
    assert seen.method == "GET"
    assert re.split(r"\?fields=", seen.path.replace("%2C", ",")) == [
        f"/v24.0/{NUMBER_ID}",
        "verified_name,display_phone_number,quality_rating,webhook_configuration",
    ]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (190, f"WhatsApp cannot be used: Graph error 190, HTTP 400: {CODES[190].en}"),
        (131037, CODES[131037].en),
        (2, f"WhatsApp cannot be used: Graph error 2, HTTP 400: {CODES[2].en}"),
    ],
)
def test_check_of_credentials_that_fail(online: Context, graph: Graph, code, text):
    graph.fails(code)
    health = plugin.connection_check(online)
    assert (health.ok, health.text) == (False, text)


def test_check_without_a_network_says_so(clock: SettableClock, session: requests.Session):
    ctx = make_context(clock, session, graph_url="http://127.0.0.1:1", locale="nl")
    health = plugin.connection_check(ctx)
    assert (health.ok, health.text) == (
        False,
        "WhatsApp is niet te gebruiken: Graph cannot be reached: NewConnectionError",
    )
