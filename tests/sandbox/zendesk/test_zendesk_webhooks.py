"""Webhooks: signatures, triggers that fire them, retries, events."""

import base64
import hashlib
import hmac
import json
from pathlib import Path

import pytest

from balie_sandbox.zendesk.webhooks.sender import wait_after
from balie_sandbox.zendesk.webhooks.signature import sign

FIXTURES = Path(__file__).parents[4] / "shared" / "fixtures" / "zendesk"
VECTORS = FIXTURES / "webhooks" / "signature_vectors.json"


def expected_signature(secret, received):
    stamp = received.headers["X-Zendesk-Webhook-Signature-Timestamp"]
    digest = hmac.new(secret.encode(), stamp.encode() + received.body, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


@pytest.fixture
def bridge(sandbox, receiver):
    """The webhook and trigger of a bridge, sending to the receiver."""
    return sandbox.control("zendesk/webhook", {"url": receiver.url, "secret": "s3cret"})


@pytest.mark.skipif(not VECTORS.exists(), reason="the shared fixtures are not beside this repo")
def test_signature_matches_the_known_vectors():
    vectors = json.loads(VECTORS.read_text())["vectors"]

    for vector in vectors:
        made = sign(vector["secret"], vector["timestamp"], vector["body"].encode())
        assert made == vector["signature"], vector["id"]
    assert len(vectors) == 4


def test_agents_public_reply_is_delivered_signed(zendesk, sandbox, receiver, bridge):
    zendesk.ticket(tags=["balie"], external_id="conv:1")

    sandbox.control("zendesk/tickets/1/comments", {"body": "Morgen!"})

    [received] = receiver.take(1)
    updated = zendesk.done("GET", "/tickets/1")["ticket"]["updated_at"]
    assert received.json == {
        "ticket_id": "1",
        "external_id": "conv:1",
        "status": "Open",
        "updated_at": updated,
        "agent": "Noor",
    }
    assert received.headers["X-Zendesk-Webhook-Signature"] == expected_signature("s3cret", received)
    assert received.headers["X-Zendesk-Webhook-Id"] == bridge["id"]
    assert received.headers["X-Zendesk-Account-Id"] == "22000001"
    assert received.headers["User-Agent"] == "Zendesk Webhook"
    assert received.headers["Content-Type"] == "application/json; charset=utf-8"
    assert len(received.headers["X-Zendesk-Webhook-Invocation-Id"]) == 26


def test_only_an_agents_public_words_at_the_screen_fire_the_bridge(
    zendesk, sandbox, receiver, bridge
):
    ticket = zendesk.ticket(tags=["balie"])
    zendesk.ticket()
    zendesk.update(1, comment={"body": "klant", "author_id": ticket["requester_id"]})
    zendesk.update(1, comment={"body": "via de API", "public": True})
    sandbox.control("zendesk/tickets/1/comments", {"body": "notitie", "public": False})
    sandbox.control("zendesk/tickets/2/comments", {"body": "zonder tag"})
    sandbox.control("zendesk/tickets/1/status", {"status": "pending"})

    sandbox.control("zendesk/tickets/1/comments", {"body": "echt", "solve": True})

    assert [one.json["status"] for one in receiver.take(1)] == ["Solved"]
    log = zendesk.done("GET", f"/webhooks/{bridge['id']}/invocations")["invocations"]
    assert len(log) == 1


def test_conflict_is_retried_with_the_same_invocation_id(
    zendesk, sandbox, receiver, bridge, wait_until
):
    receiver.answers[:] = [409, 409]
    zendesk.ticket(tags=["balie"])

    sandbox.control("zendesk/tickets/1/comments", {"body": "Morgen!"})

    received = receiver.take(3)
    ids = {one.headers["X-Zendesk-Webhook-Invocation-Id"] for one in received}
    assert len(ids) == 1
    path = f"/webhooks/{bridge['id']}/invocations"

    def succeeded():
        [row] = zendesk.done("GET", path)["invocations"]
        return row if row["status"] == "success" else None

    invocation = wait_until(succeeded)
    attempts = zendesk.done("GET", f"{path}/{invocation['id']}/attempts")["attempts"]
    assert [one["status_code"] for one in attempts] == [409, 409, 200]
    assert attempts[0]["request"]["payload"] == received[0].body.decode()


def test_server_error_is_not_retried(zendesk, sandbox, receiver, bridge, wait_until):
    receiver.answers[:] = [500]
    zendesk.ticket(tags=["balie"])
    sandbox.control("zendesk/tickets/1/comments", {"body": "Morgen!"})
    receiver.take(1)

    path = f"/webhooks/{bridge['id']}/invocations"
    wait_until(lambda: zendesk.done("GET", path)["invocations"][0]["status"] == "terminated")
    assert len(receiver.received) == 1


@pytest.mark.parametrize(
    ("attempt", "status", "headers", "wait"),
    [
        (1, 200, {}, None),
        (1, 409, {}, 2.0),
        (3, 409, {}, 6.0),
        (4, 409, {}, None),
        (1, 429, {"Retry-After": "7"}, 7.0),
        (1, 429, {}, None),
        (1, 503, {"retry-after": "59"}, 59.0),
        (1, 503, {"Retry-After": "60"}, None),
        (1, 500, {"Retry-After": "5"}, None),
        (5, None, {}, 10.0),
        (6, None, {}, None),
    ],
)
def test_retry_table(attempt, status, headers, wait):
    assert wait_after(attempt, status, headers) == wait


def test_event_webhook_gets_pretty_printed_events(zendesk, receiver):
    subscriptions = ["zen:event-type:ticket.comment_added", "zen:event-type:ticket.status_changed"]
    made = zendesk.done("POST", "/webhooks", {"webhook": webhook(receiver.url, subscriptions)})
    secret = zendesk.done("GET", f"/webhooks/{made['webhook']['id']}/signing_secret")
    ticket = zendesk.ticket(tags=["balie"])
    zendesk.update(1, status="pending")

    first, second = sorted(receiver.take(2), key=lambda one: one.json["type"])

    assert first.json["detail"]["requester_id"] == str(ticket["requester_id"])
    assert first.json["event"]["comment"]["body"] == "Goedemiddag"
    assert first.json["event"]["comment"]["author"]["is_staff"] is False
    assert second.json["event"] == {"current": "PENDING", "previous": "NEW"}
    assert first.body == (json.dumps(first.json, indent=3, ensure_ascii=False) + "\n").encode()
    signature = first.headers["X-Zendesk-Webhook-Signature"]
    assert signature == expected_signature(secret["signing_secret"]["secret"], first)


def webhook(endpoint, subscriptions=("conditional_ticket_events",), **fields):
    usual = {
        "name": "Bridge",
        "endpoint": endpoint,
        "http_method": "POST",
        "request_format": "json",
        "status": "active",
        "subscriptions": list(subscriptions),
    }
    return usual | fields


def test_event_sample_has_the_shape_that_is_sent(zendesk, receiver):
    sample = FIXTURES / "webhooks" / "event_ticket.comment_added.sample.json"
    if not sample.exists():
        pytest.skip("the shared fixtures are not beside this repo")
    known = json.loads(sample.read_text())
    body = webhook(receiver.url, ["zen:event-type:ticket.comment_added"])
    zendesk.done("POST", "/webhooks", {"webhook": body})
    zendesk.ticket()

    [received] = receiver.take(1)

    assert list(received.json) == list(known)
    assert set(received.json["detail"]) == set(known["detail"])
    assert set(received.json["event"]["comment"]) == set(known["event"]["comment"])


def test_webhooks_own_credentials_and_headers_are_sent_and_never_shown(zendesk, sandbox, receiver):
    auth = {"type": "bearer_token", "data": {"token": "t0ken"}, "add_position": "header"}
    body = webhook(receiver.url, authentication=auth, custom_headers={"X-Tenant": "a"})
    made = zendesk.done("POST", "/webhooks", {"webhook": body})["webhook"]
    assert zendesk.call("PATCH", f"/webhooks/{made['id']}", {"webhook": made}) == (204, None)
    trigger = {
        "title": "All",
        "all": [{"field": "update_type", "operator": "is", "value": "Create"}],
        "actions": [{"field": "notification_webhook", "value": [made["id"], '{"a":1}']}],
    }
    zendesk.done("POST", "/triggers", {"trigger": trigger})
    zendesk.ticket()

    [received] = receiver.take(1)

    assert received.json == {"a": 1}
    assert received.headers["Authorization"] == "Bearer t0ken"
    assert received.headers["X-Tenant"] == "a"
    assert made["authentication"] == {"type": "bearer_token", "add_position": "header"}


def test_test_delivery_is_signed_with_the_public_test_secret(zendesk, receiver):
    request = {"endpoint": receiver.url, "http_method": "POST", "request_format": "json"}

    found = zendesk.done("POST", "/webhooks/test", {"request": request | {"payload": '{"a": 1}'}})

    [received] = receiver.take(1)
    secret = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ=="
    assert found["response"]["status_code"] == 200
    assert received.headers["X-Zendesk-Webhook-Signature"] == expected_signature(secret, received)


@pytest.mark.parametrize(
    "changes",
    [
        {"endpoint": "ftp://example.com"},
        {"name": ""},
        {"subscriptions": ["conditional_ticket_events", "zen:event-type:ticket.created"]},
        {"subscriptions": [1]},
        {"authentication": {"type": "bearer_token"}},
        {"http_method": "BREW"},
    ],
)
def test_webhook_that_is_wrong_is_refused_in_the_newer_envelope(zendesk, changes):
    body = webhook("https://example.com/hook") | changes

    status, found = zendesk.call("POST", "/webhooks", {"webhook": body})

    assert (status, list(found)) == (400, ["errors"])


EVENTS = (
    "ticket.attachment_linked_to_comment",
    "ticket.comment_redacted",
    "ticket.comment_made_private",
    "ticket.priority_changed",
    "ticket.custom_field_changed",
    "ticket.ccs_changed",
    "ticket.merged",
    "ticket.soft_deleted",
    "ticket.undeleted",
    "ticket.permanently_deleted",
    "user.created",
    "user.identity_created",
    "user.merged",
    "user.deleted",
)


def test_event_of_each_kind_is_sent(zendesk, sandbox, receiver):
    names = [f"zen:event-type:{name}" for name in EVENTS]
    zendesk.done("POST", "/webhooks", {"webhook": webhook(receiver.url, names)})
    user = zendesk.user()["id"]
    zendesk.ticket(requester_id=user)
    zendesk.ticket(requester_id=user)
    file = {"name": "a.txt", "content_type": "text/plain", "text": "hallo"}
    sandbox.control("zendesk/tickets/1/comments", {"body": "geheim", "files": [file]})
    comment = zendesk.done("GET", "/tickets/1/comments")["comments"][1]["id"]
    zendesk.done("PUT", f"/tickets/1/comments/{comment}/redact", {"text": "geheim"})
    zendesk.ask("PUT", f"/tickets/1/comments/{comment}/make_private")
    zendesk.update(1, priority="high", custom_fields=[{"id": 5, "value": "x"}])
    zendesk.update(1, email_ccs=[{"user_id": user}])
    zendesk.done("POST", "/tickets/1/merge", {"ids": [2]})
    zendesk.call("DELETE", "/tickets/1")
    zendesk.ask("PUT", "/deleted_tickets/1/restore")
    zendesk.call("DELETE", "/tickets/1")
    zendesk.call("DELETE", "/deleted_tickets/1")
    other = zendesk.user("Sanne")["id"]
    added = {"identity": {"type": "email", "value": "s@example.com"}}
    zendesk.done("POST", f"/users/{other}/identities", added)
    zendesk.done("PUT", f"/users/{other}/merge", {"user": {"id": user}})
    third = zendesk.user("Weg")["id"]
    zendesk.done("DELETE", f"/users/{third}")

    seen = [one.json for one in receiver.take(len(EVENTS) + 3)]

    kinds = [one["type"].removeprefix("zen:event-type:") for one in seen]
    assert set(kinds) == set(EVENTS)
    by_kind = dict(zip(kinds, seen, strict=True))
    assert by_kind["ticket.merged"]["event"] == {"target_ticket_id": "1"}
    assert by_kind["ticket.soft_deleted"]["detail"]["status"] == "DELETED"
    linked = by_kind["ticket.attachment_linked_to_comment"]["event"]
    assert (linked["attachment"]["filename"], linked["comment"]["id"]) == ("a.txt", str(comment))
    assert by_kind["user.merged"]["event"] == {"user": {"id": str(user)}}
    assert "phone" not in by_kind["user.created"]["detail"]


def test_breaker_opens_when_most_requests_fail_and_what_it_blocks_is_lost(
    zendesk, sandbox, receiver, bridge, settings, wait_until
):
    settings(breaker_minimum=3, breaker_pause_seconds=30)
    receiver.answers = [500, 500, 500]
    zendesk.ticket(tags=["balie"])
    for number in range(4):
        sandbox.control("zendesk/tickets/1/comments", {"body": str(number)})
        wait_until(lambda: not sandbox.look("deliveries")["pending"])
    path = f"/webhooks/{bridge['id']}/invocations"

    blocked = zendesk.done("GET", f"{path}?filter[status]=circuit broken")["invocations"]
    assert (len(blocked), len(receiver.received)) == (1, 3)
    sandbox.control("clock", {"advance": 30})
    sandbox.control("zendesk/tickets/1/comments", {"body": "weer"})
    receiver.take(4)
    wait_until(lambda: zendesk.done("GET", path)["invocations"][0]["status"] == "success")


def test_invocations_beyond_the_limit_of_a_trial_are_throttled(
    zendesk, sandbox, receiver, bridge, settings
):
    settings(invocation_limit=1)
    zendesk.ticket(tags=["balie"])
    for number in range(2):
        sandbox.control("zendesk/tickets/1/comments", {"body": str(number)})

    receiver.take(1)
    rows = zendesk.done("GET", f"/webhooks/{bridge['id']}/invocations")["invocations"]
    assert rows[0]["status"] == "throttled"
