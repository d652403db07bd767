"""Customers who call: told, rejected or called back, as the tenant has it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from balie.api import (
    Address,
    AddressKind,
    Call,
    Context,
    CustomerNotice,
    MessageReceived,
    Note,
    Refused,
    ReplyOnce,
)
from balie_whatsapp.plugin import plugin

from .conftest import SettableClock, make_context
from .graph_api import Graph
from .payloads import NUMBER_ID, a_payload, a_value, take
from .test_ingress import AT

PHONE = Address(kind=AddressKind.PHONE, value="+31655500001")
BSUID = Address(kind=AddressKind.BSUID, value="NL.1001")


def a_call(**changes):
    call = {
        "id": "wacid.1",
        "to": "31655509999",
        "from": "31655500001",
        "event": "connect",
        "timestamp": "1790000000",
        "direction": "USER_INITIATED",
        "session": {"sdp_type": "offer", "sdp": "v=0"},
    }
    return {**call, **changes}


def read_call(ctx: Context, **changes):
    (raw,) = take(ctx, a_payload(a_value(calls=[a_call(**changes)]), field="calls"))
    return raw, plugin.event_parse(ctx, raw)


@pytest.fixture
def at_the_moment(clock: SettableClock):
    clock.time = AT + timedelta(seconds=5)


def policy(clock, session, graph, calls, **settings):
    graph.answers(200, {"messaging_product": "whatsapp", "success": True})
    return make_context(clock, session, graph_url=graph.url, calls=calls, **settings)


def test_call_is_a_message_that_opens_the_window(ctx: Context):
    raw, events = read_call(ctx)
    assert (raw.id, raw.lane) == ("wacid.1:connect", "NL.1001")
    assert events == [
        MessageReceived(
            id="wacid.1",
            sender=(BSUID, PHONE),
            at=AT,
            parts=(
                Call(
                    text="[Call] called on WhatsApp; not answered",
                    id="wacid.1",
                    outcome="unanswered",
                ),
            ),
            name="Sanne",
        )
    ]


def test_end_that_comes_first_is_the_same_message(ctx: Context):
    ended, events = read_call(ctx, event="terminate", status="FAILED")
    begun, again = read_call(ctx)
    assert ended.id != begun.id
    assert ended.lane == begun.lane
    assert events == again


def test_call_that_was_taken_elsewhere_tells_how_long_it_lasted(ctx: Context):
    _, (received, lasted) = read_call(ctx, event="terminate", status="COMPLETED", duration=125)
    assert received.parts[0].outcome == "ended"
    assert lasted == CustomerNotice(
        id="wacid.1:terminate", sender=(BSUID, PHONE), at=AT, text="[Talk on WhatsApp] 2:05"
    )


@pytest.mark.usefixtures("at_the_moment")
def test_call_is_rejected_at_once(clock, session, graph: Graph):
    ctx = policy(clock, session, graph, "reject")
    _, (event,) = read_call(ctx)
    assert event.parts[0].outcome == "rejected"
    (seen,) = graph.seen
    assert seen.path == f"/v24.0/{NUMBER_ID}/calls"
    assert seen.json == {
        "messaging_product": "whatsapp",
        "call_id": "wacid.1",
        "action": "reject",
    }


@pytest.mark.usefixtures("at_the_moment")
def test_call_that_is_read_twice_is_rejected_once(clock, session, graph: Graph):
    ctx = policy(clock, session, graph, "reject")
    assert read_call(ctx) == read_call(ctx)
    assert len(graph.seen) == 1


@pytest.mark.usefixtures("at_the_moment")
def test_call_that_cannot_be_rejected_is_told_all_the_same(clock, session, graph: Graph):
    ctx = policy(clock, session, graph, "reject")
    for code in (190, 131000, 138000):
        graph.fails(code)
        _, (event,) = read_call(ctx)
        assert event.parts[0].outcome == "unanswered"


def test_call_of_an_hour_ago_is_not_rejected_any_more(clock, session, graph: Graph):
    ctx = policy(clock, session, graph, "reject")
    clock.time = AT + timedelta(hours=1)
    _, (event,) = read_call(ctx)
    assert (event.parts[0].outcome, graph.seen) == ("unanswered", [])


def heard(ctx: Context, slug="wa", **changes):
    _, (event,) = read_call(ctx, **changes)
    return plugin.message_received(ctx, replace(event, connection=slug))


@pytest.mark.usefixtures("at_the_moment")
def test_rejected_caller_is_told_once_a_day(clock, session, graph: Graph):
    ctx = policy(clock, session, graph, "reject")
    (action,) = heard(ctx)
    assert action == ReplyOnce(
        key="call:2026-09-21",
        text="You called us on WhatsApp. This number takes no calls. "
        "Send us a message here and we will gladly help you.",
    )
    ctx = policy(clock, session, graph, "reject", locale="nl")
    assert heard(ctx)[0].text.startswith("U belde ons via WhatsApp.")
    ctx = policy(clock, session, graph, "reject", call_text="Bel 0800 0001.")
    assert heard(ctx)[0].text == "Bel 0800 0001."


@pytest.mark.usefixtures("at_the_moment")
def test_callback_is_a_note_with_the_number(clock, session, graph: Graph):
    ctx = policy(clock, session, graph, "callback", locale="nl")
    assert heard(ctx) == [
        Note(
            key="call:wacid.1",
            text="Terugbellen: Sanne belde via WhatsApp, 06 55500001.",
        )
    ]


@pytest.mark.usefixtures("at_the_moment")
def test_callback_without_a_number_says_so(clock, session, graph: Graph):
    ctx = policy(clock, session, graph, "callback")
    call = a_call(from_user_id="NL.1001", **{"from": ""})
    value = {**a_value(calls=[call]), "contacts": []}
    (raw,) = take(ctx, a_payload(value, field="calls"))
    (event,) = plugin.event_parse(ctx, raw)
    assert plugin.message_received(ctx, replace(event, connection="wa")) == [
        Note(
            key="call:wacid.1",
            text="Call back: somebody called on WhatsApp. The number is not known; ask for it.",
        )
    ]


def test_calls_of_other_connections_and_words_are_none_of_ours(clock, session, graph: Graph, ctx):
    rejecting = policy(clock, session, graph, "reject")
    assert heard(rejecting, slug="other") == []
    assert heard(ctx) == []
    said = MessageReceived(id="1", sender=(PHONE,), at=AT, parts=(), connection="wa")
    assert plugin.message_received(rejecting, said) == []


def test_call_of_ours_is_the_customers_row(ctx: Context):
    raw, events = read_call(
        ctx, direction="BUSINESS_INITIATED", to="31655500001", **{"from": "31655509999"}
    )
    assert raw.lane == "NL.1001"
    assert events == [Refused(reason="The organisation called, and nobody spoke.")]
    _, (lasted,) = read_call(
        ctx,
        direction="BUSINESS_INITIATED",
        event="terminate",
        to="31655500001",
        duration="61",
        **{"from": "31655509999"},
    )
    assert (lasted.sender, lasted.text) == ((BSUID, PHONE), "[Talk on WhatsApp] 1:01")


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("ACCEPTED", "[The customer took our call]"),
        ("Rejected", "[The customer did not take our call]"),
        ("RINGING", None),
    ],
)
@pytest.mark.parametrize("field", ["calls", "messages"])
def test_status_of_our_call_is_told(ctx: Context, field, word, text):
    status = {
        "id": "wacid.2",
        "type": "call",
        "status": word,
        "timestamp": "1790000000",
        "recipient_id": "31655500001",
    }
    (raw,) = take(ctx, a_payload(a_value(statuses=[status]), field=field))
    (event,) = plugin.event_parse(ctx, raw)
    if text is None:
        assert event == Refused(reason="The call's status is RINGING; nothing to do.")
    else:
        assert (event.sender, event.text) == ((PHONE,), text)


@pytest.mark.parametrize("changes", [{"id": None}, {"from": None}])
def test_call_without_an_id_or_a_caller_is_refused(ctx: Context, changes):
    call = a_call(**changes)
    value = {**a_value(calls=[call]), "contacts": []}
    (raw,) = take(ctx, a_payload(value, field="calls"))
    assert plugin.event_parse(ctx, raw) == [
        Refused(reason="The call names no caller, or has no id.")
    ]
