"""Ingress: only what Zendesk signed just now comes in, and it names its ticket."""

import hashlib
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from balie.api import (
    EventKind,
    Fixture,
    Ingress,
    PayloadInvalid,
    PermanentError,
    RawEvent,
    SignatureInvalid,
    WebAnswer,
    WebRequest,
)
from balie_crm_zendesk.answers import webhook
from balie_crm_zendesk.plugin import plugin

from .conftest import NOW, WEBHOOK_SECRET
from .recorded import needs_recordings, recorded

VECTORS = recorded("webhooks/signature_vectors.json", {"vectors": []})["vectors"]
COMMENT_ADDED = recorded("webhooks/event_ticket.comment_added.sample.json", {})
MEMBERSHIP = json.dumps(
    recorded("webhooks/event_user.group_membership_created.sample.json", {})
).encode()

STAMP = "2026-10-01T12:00:00Z"
BODY = b'{"ticket_id":"77"}'


def a_request(body=BODY, stamp=STAMP, secret=WEBHOOK_SECRET, **headers):
    signed = {
        webhook.SIGNATURE: webhook.sign(secret, stamp, body),
        webhook.TIMESTAMP: stamp,
        webhook.INVOCATION: "01HANAHCF4QSDH4KXY4G2SAR4C",
    }
    changed = signed | {name.replace("_", "-"): value for name, value in headers.items()}
    kept = {name: value for name, value in changed.items() if value is not None}
    return WebRequest(method="POST", headers=kept, query={}, body=body)


def take(ctx, body):
    (event,) = plugin.channel_ingress(ctx, a_request(body)).events
    return event


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_signature_is_zendesks(vector):
    body = vector["body"].encode()
    assert webhook.sign(vector["secret"], vector["timestamp"], body) == vector["signature"]


def test_trigger_names_its_ticket(ctx):
    assert plugin.channel_ingress(ctx, a_request()) == Ingress(
        events=(
            RawEvent(
                id="01HANAHCF4QSDH4KXY4G2SAR4C",
                kind=EventKind.TICKET,
                lane="77",
                at=NOW,
                body={"ticket_id": "77"},
            ),
        )
    )


def test_ticket_number_may_be_a_number(ctx):
    assert take(ctx, b'{"ticket_id": 77}').lane == "77"


def an_own_event(name="comment_added", comment=None, tags=("balie",), **more):
    said = {"id": "1", "body": "Hallo", "is_public": True, "author": {"is_staff": True}}
    event = {"comment": said | (comment or {})} if name == "comment_added" else {}
    detail = {"id": "5158", "tags": list(tags)}
    body = {"type": f"zen:event-type:ticket.{name}", "id": "e-1", "detail": detail, "event": event}
    return json.dumps(body | more).encode()


@needs_recordings
def test_recorded_event_of_zendesk_names_its_ticket(ctx):
    body = json.loads(json.dumps(COMMENT_ADDED))
    body["detail"]["tags"] = ["balie"]
    event = take(ctx, json.dumps(body, indent=3).encode() + b"\n")
    assert (event.kind, event.lane, event.id, event.body, event.refused) == (
        EventKind.TICKET,
        "5158",
        f"event:{COMMENT_ADDED['id']}",
        body,
        "",
    )


@pytest.mark.parametrize(
    "name",
    ["status_changed", "merged", "soft_deleted", "permanently_deleted", "undeleted"],
)
def test_event_of_the_ticket_comes_in(ctx, name):
    event = take(ctx, an_own_event(name))
    assert (event.lane, event.id, event.refused) == ("5158", "event:e-1", "")


def test_command_in_an_internal_note_comes_in(ctx):
    note = {"is_public": False, "body": "/close"}
    assert take(ctx, an_own_event(comment=note)).refused == ""


STAYS = "An internal note stays in Zendesk."


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        (an_own_event(comment={"is_public": False}), STAYS),
        (an_own_event(comment={"is_public": False, "body": None}), STAYS),
        (
            an_own_event(comment={"author": {"is_staff": False}}),
            "A customer's own comment stays in Zendesk.",
        ),
        (an_own_event(tags=["other"]), "The ticket is not one of Balie's."),
        (
            an_own_event("priority_changed"),
            "zen:event-type:ticket.priority_changed is nothing that Balie acts on.",
        ),
        (MEMBERSHIP, "zen:event-type:user.group_membership_created is nothing that Balie acts on."),
    ],
    ids=["note", "note without words", "customer's", "others' ticket", "priority", "recorded"],
)
def test_event_that_is_none_of_ours_is_refused_at_the_door(ctx, body, refused):
    if body == b"{}":
        pytest.skip("the shared fixtures are not beside this repository")
    event = take(ctx, body)
    assert (event.refused, event.body, event.kind) == (refused, {}, EventKind.NOTICE)


def test_event_sent_by_two_webhooks_is_one(ctx):
    ids = {
        plugin.channel_ingress(
            ctx, a_request(an_own_event(), x_zendesk_webhook_invocation_id=invocation)
        )
        .events[0]
        .id
        for invocation in ("01A", "01B")
    }
    assert ids == {"event:e-1"}


def test_ping_of_setting_up_is_nothing(ctx):
    assert plugin.channel_ingress(ctx, a_request(webhook.PING)) == Ingress()


def test_before_setting_up_no_webhook_is_believed(connect):
    ctx = connect(
        base_url="https://company.zendesk.com", client_id="b", client_secret="s", webhook_secret="x"
    )
    without = replace(ctx, config={k: v for k, v in ctx.config.items() if k != "webhook_secret"})
    with pytest.raises(SignatureInvalid):
        plugin.channel_ingress(without, a_request(secret="x"))


def test_before_setting_up_no_payload_can_be_signed(ctx):
    without = replace(ctx, config={k: v for k, v in ctx.config.items() if k != "webhook_secret"})
    with pytest.raises(PermanentError):
        plugin.fixture_prepare(without, Fixture(payload=BODY))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"\xff\xfe",
        b"[]",
        b"7",
        b"{}",
        b'{"ticket_id": null}',
        b'{"ticket_id": true}',
        b'{"ticket_id": "1abc"}',
        b'{"ticket_id": "-1"}',
        b'{"ticket_id": "0"}',
        b'{"ticket_id": 7.5}',
        b'{"ticket_id": ["77"]}',
        b'{"ticket_id": "77/../1"}',
        b'{"ticket_id": "77\\n"}',
        b'{"ticket_id": "\xd9\xa7\xd9\xa7"}',
        b'{"ticket_id": "99999999999999999999"}',
        b'{"ticket_id": "{{ticket.id}}"}',
        b'{"type": "zen:event-type:ticket.comment_added"}',
        b'{"type": "zen:event-type:ticket.comment_added", "ticket_id": "77"}',
        b'{"type": "zen:event-type:ticket.comment_added", "detail": {"id": "x"}}',
    ],
)
def test_signed_body_without_a_ticket_is_payload_invalid(ctx, body):
    with pytest.raises(PayloadInvalid):
        plugin.channel_ingress(ctx, a_request(body))


def refused(ctx, request):
    with pytest.raises(SignatureInvalid) as error:
        plugin.channel_ingress(ctx, request)
    assert WEBHOOK_SECRET not in str(error.value)


RIGHT = webhook.sign(WEBHOOK_SECRET, STAMP, BODY)


@pytest.mark.parametrize(
    "signature",
    [
        None,
        "",
        "AAAA",
        RIGHT.rstrip("="),
        RIGHT + ", " + RIGHT,
        f"sha256={RIGHT}",
        RIGHT.lower(),
        "é" * 44,
        webhook.sign("", STAMP, BODY),
        webhook.sign("another tenant's", STAMP, BODY),
        webhook.sign(WEBHOOK_SECRET, "", BODY + STAMP.encode()),
    ],
)
def test_signature_that_is_not_zendesks_is_refused(ctx, signature):
    refused(ctx, a_request(x_zendesk_webhook_signature=signature))


@pytest.mark.parametrize("stamp", [None, "", "2026-10-01T12:00:01Z", "2026-10-01T12:00:00+00:00"])
def test_timestamp_that_was_not_signed_is_refused(ctx, stamp):
    refused(ctx, a_request(x_zendesk_webhook_signature_timestamp=stamp))


def test_body_written_anew_is_refused(ctx):
    signed = a_request(b'{ "ticket_id" : "77" }')
    anew = WebRequest(method="POST", headers=signed.headers, query={}, body=BODY)
    refused(ctx, anew)


def test_empty_secret_proves_nothing(connect):
    request = a_request(secret="")
    with pytest.raises(SignatureInvalid):
        webhook.verify("", request, NOW)


@pytest.mark.parametrize("stamp", ["1234", "yesterday", "0001-01-01T00:00:00Z"])
def test_timestamp_without_a_usable_time_is_refused(ctx, stamp):
    refused(ctx, a_request(stamp=stamp))


@pytest.mark.parametrize("seconds", [-301, 301, 86_400])
def test_replay_out_of_the_window_is_refused(ctx, clock, seconds):
    clock.time += timedelta(seconds=seconds)
    refused(ctx, a_request())


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_request_within_the_window_is_taken(ctx, clock, seconds):
    clock.time += timedelta(seconds=seconds)
    assert len(plugin.channel_ingress(ctx, a_request()).events) == 1


def test_same_request_again_has_the_same_id(ctx):
    nameless = a_request(x_zendesk_webhook_invocation_id=None)
    (first,), (second,) = (plugin.channel_ingress(ctx, nameless).events for _ in range(2))
    digest = hashlib.sha256(STAMP.encode() + BODY).hexdigest()
    assert (first.id, second.id) == (f"sha256:{digest}", first.id)


def test_next_comment_in_the_ticket_has_another_id_though_its_body_is_the_same(ctx):
    later = a_request(stamp="2026-10-01T12:00:01Z", x_zendesk_webhook_invocation_id=None)
    now = a_request(x_zendesk_webhook_invocation_id=None)
    (first,), (second,) = (plugin.channel_ingress(ctx, one).events for one in (now, later))
    assert first.id != second.id


@pytest.mark.parametrize("method", ["GET", "PUT", "HEAD"])
def test_method_of_no_webhook_is_answered_with_405(ctx, method):
    request = WebRequest(method=method, headers={}, query={}, body=b"")
    assert plugin.channel_ingress(ctx, request) == Ingress(
        answer=WebAnswer(status=405, body="Zendesk's webhooks come by POST.\n")
    )


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
KEYS = st.sampled_from(["ticket_id", "type", "detail", "event", "id", "comment", "is_public"])
TYPES = st.sampled_from(["zen:event-type:ticket.comment_added", "zen:event-type:x", "x"])


@given(
    st.dictionaries(KEYS, JSON | TYPES | st.dictionaries(KEYS, JSON | st.dictionaries(KEYS, JSON)))
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_signed_json_is_an_event_or_payload_invalid(ctx, body):
    try:
        raw = json.dumps(body).encode()
        event = take(ctx, raw)
    except PayloadInvalid:
        return
    assert event.refused or event.lane.isdigit()


@pytest.mark.parametrize("as_is", [False, True])
def test_fixture_is_signed_as_zendesk_does(ctx, as_is):
    request = plugin.fixture_prepare(ctx, Fixture(payload=MEMBERSHIP, as_is=as_is))
    assert (request.method, request.body) == ("POST", MEMBERSHIP)
    assert webhook.verify(WEBHOOK_SECRET, request, NOW) == NOW


def test_fixture_sent_twice_is_two_invocations(ctx):
    ids = {
        plugin.fixture_prepare(ctx, Fixture(payload=BODY)).headers[webhook.INVOCATION]
        for _ in range(2)
    }
    assert [len(one) for one in ids] == [26, 26]


def test_stored_request_is_judged_by_when_it_came(ctx):
    old = a_request()
    ctx.clock.time = NOW + timedelta(days=1)

    again = replace(old, received_at=NOW)
    assert [event.lane for event in plugin.channel_ingress(ctx, again).events] == ["77"]
    with pytest.raises(SignatureInvalid):
        plugin.channel_ingress(ctx, old)


def test_invocation_that_is_replayed_is_the_same_event(ctx, clock):
    """A3: retries are signed anew; the invocation stays, and so the core knows it."""
    first = plugin.channel_ingress(ctx, a_request()).events
    clock.time += timedelta(seconds=60)
    again = plugin.channel_ingress(ctx, a_request(stamp="2026-10-01T12:01:00Z")).events
    assert [one.id for one in first] == [one.id for one in again]
