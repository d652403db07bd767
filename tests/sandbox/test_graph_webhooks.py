"""Webhooks: envelope, signature, statuses, retries."""

import hashlib
import hmac
import json

import pytest
from flask import Flask, request

from balie_sandbox.graph.webhooks import signature

NUMBER = "106540352242922"


def write(sandbox, text="Hoi", **more):
    return sandbox.control("whatsapp/messages", {"from": "+31655501234", "text": text} | more)


def value_of(received):
    [entry] = received.json["entry"]
    [change] = entry["changes"]
    assert (received.json["object"], entry["id"], change["field"]) == (
        "whatsapp_business_account",
        "419561257915477",
        "messages",
    )
    return change["value"]


@pytest.mark.parametrize(
    ("secret", "body", "digest"),
    [
        (
            "test_app_secret",
            b'{"object":"whatsapp_business_account","entry":[]}',
            "dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756",
        ),
        (
            "test_app_secret",
            b'{"object": "whatsapp_business_account", "entry": []}',
            "56cbbaf4961c6cfdae48b7f116c047e5eb513d2c931baae63a2bc1afd26f803a",
        ),
        (
            "otro_secreto",
            b'{"object":"whatsapp_business_account","entry":[]}',
            "769b03d8c2ae6498f2d1e1f7299c0ba55448c69d741e7b0bb243d852d8a8d8c7",
        ),
    ],
)
def test_signature_matches_known_vectors(secret, body, digest):
    assert signature(secret, body) == f"sha256={digest}"


@pytest.mark.parametrize("escaped", [True, False])
def test_inbound_text_is_signed_over_exact_bytes(sandbox, connected, escaped):
    sandbox.control("whatsapp/settings", {"escape_unicode": escaped})

    write(sandbox, "Café ☕ https://example.org/")

    [received] = connected.take(1)
    digest = hmac.new(b"sandbox-app-secret", received.body, hashlib.sha256).hexdigest()
    assert received.headers["X-Hub-Signature-256"] == f"sha256={digest}"
    assert received.headers["Content-Type"] == "application/json"
    assert (b"Caf\\u00e9 \\u2615 https:\\/\\/" in received.body) is escaped
    assert value_of(received)["messages"][0]["text"]["body"] == "Café ☕ https://example.org/"


def test_inbound_text_has_metas_envelope(sandbox, connected):
    message_id = write(sandbox, name="Sanne")["id"]

    [received] = connected.take(1)
    value = value_of(received)
    user_id = sandbox.look("whatsapp/phones/31655501234")["user_id"]
    timestamp = value["messages"][0]["timestamp"]
    assert timestamp.isdecimal()
    assert value == {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "31855500100", "phone_number_id": NUMBER},
        "contacts": [{"profile": {"name": "Sanne"}, "wa_id": "31655501234", "user_id": user_id}],
        "messages": [
            {
                "from": "31655501234",
                "from_user_id": user_id,
                "id": message_id,
                "timestamp": timestamp,
                "text": {"body": "Hoi"},
                "type": "text",
            }
        ],
    }


@pytest.mark.parametrize(
    ("persona", "contact", "sender"),
    [
        ("phone", {"profile", "wa_id", "user_id"}, {"from", "from_user_id"}),
        ("username", {"profile", "wa_id", "user_id"}, {"from", "from_user_id"}),
        ("bsuid_only", {"profile", "user_id"}, {"from_user_id"}),
        ("legacy", {"profile", "wa_id"}, {"from"}),
    ],
)
def test_inbound_shows_what_the_persona_shares(sandbox, connected, persona, contact, sender):
    sandbox.control("whatsapp/phones/31655501234", {"persona": persona})

    write(sandbox)

    [received] = connected.take(1)
    value = value_of(received)
    assert set(value["contacts"][0]) == contact
    assert set(value["messages"][0]) & {"from", "from_user_id"} == sender
    has_username = "username" in value["contacts"][0]["profile"]
    assert has_username == (persona in ("username", "bsuid_only"))


def test_inbound_of_other_type_is_put_in_as_given(sandbox, connected):
    location = {"location": {"latitude": 52.1, "longitude": 4.3}}

    sandbox.control(
        "whatsapp/messages", {"from": "31655501234", "type": "location", "message": location}
    )

    [received] = connected.take(1)
    message = value_of(received)["messages"][0]
    assert (message["type"], message["location"]) == ("location", location["location"])


def test_inbound_reply_names_the_quoted_message(sandbox, connected):
    write(sandbox, reply_to="wamid.earlier")

    [received] = connected.take(1)
    context = value_of(received)["messages"][0]["context"]
    assert context == {"from": "31855500100", "id": "wamid.earlier"}


def test_inbound_accepted_gets_its_tick(sandbox, connected, wait_until):
    write(sandbox)

    wait_until(
        lambda: sandbox.look("whatsapp/phones/31655501234")["messages"][0]["status"] == "sent"
    )


def test_inbound_many_keep_their_order(sandbox, connected):
    write(sandbox, "{n}", count=30)

    received = connected.take(30)
    bodies = [value_of(one)["messages"][0]["text"]["body"] for one in received]
    assert bodies == [str(turn) for turn in range(1, 31)]


def test_inbound_in_batches_shares_webhooks(sandbox, connected, wait_until):
    sandbox.control("whatsapp/settings", {"batch_size": 4})

    write(sandbox, "{n}", count=6)

    received = connected.take(2)
    texts = [
        [change["value"]["messages"][0]["text"]["body"] for change in entry["changes"]]
        for one in received
        for entry in one.json["entry"]
    ]
    assert texts == [["1", "2", "3", "4"], ["5", "6"]]
    wait_until(
        lambda: (
            {m["status"] for m in sandbox.look("whatsapp/phones/31655501234")["messages"]}
            == {"sent"}
        )
    )


def test_statuses_climb_with_pricing_and_opaque_data(sandbox, connected, graph):
    write(sandbox)
    _, answer = graph.send(biz_opaque_callback_data="order-42")
    sandbox.control("whatsapp/phones/31655501234/read")

    values = [value_of(one) for one in connected.take(4)[1:]]
    user_id = sandbox.look("whatsapp/phones/31655501234")["user_id"]
    pricing = {
        "billable": False,
        "pricing_model": "PMP",
        "type": "free_customer_service",
        "category": "service",
    }
    common = {
        "id": answer["messages"][0]["id"],
        "recipient_id": "31655501234",
        "recipient_user_id": user_id,
        "biz_opaque_callback_data": "order-42",
    }
    statuses = [value["statuses"][0] for value in values]
    assert all(status.pop("timestamp").isdecimal() for status in statuses)
    assert statuses == [
        common | {"status": "sent", "pricing": pricing},
        common | {"status": "delivered", "pricing": pricing},
        common | {"status": "read"},
    ]
    assert values[0]["contacts"] == [
        {"profile": {"name": "Sanne de Wit"}, "wa_id": "31655501234", "user_id": user_id}
    ]


def test_statuses_to_user_without_number_hide_it(sandbox, connected, graph):
    sandbox.control("whatsapp/phones/31655501234", {"persona": "bsuid_only"})
    write(sandbox)
    user_id = sandbox.look("whatsapp/phones/31655501234")["user_id"]
    graph.send(to=None, recipient=user_id)

    status = value_of(connected.take(2)[1])["statuses"][0]
    assert ("recipient_id" in status, status["recipient_user_id"]) == (False, user_id)


def test_delivered_waits_for_offline_phone(sandbox, connected, graph):
    write(sandbox)
    sandbox.control("whatsapp/phones/31655501234", {"online": False})
    graph.send()
    offline = sandbox.look("whatsapp/phones/31655501234")["messages"]

    sandbox.control("whatsapp/phones/31655501234", {"online": True, "auto_read": True})

    statuses = [value_of(one)["statuses"][0]["status"] for one in connected.take(4)[1:]]
    assert (len(offline), statuses) == (1, ["sent", "delivered", "read"])


def test_read_receipts_off_sends_no_read(sandbox, connected, graph, wait_until):
    sandbox.control("whatsapp/phones/31655501234", {"read_receipts": False, "auto_read": True})
    write(sandbox)
    graph.send()

    wait_until(lambda: not sandbox.look("deliveries")["pending"])
    statuses = [value_of(one)["statuses"][0]["status"] for one in connected.received[1:]]
    assert statuses == ["sent", "delivered"]


@pytest.mark.parametrize(
    ("prepare", "code", "title"),
    [
        ({}, 131047, "Re-engagement message"),
        ({"not_on_whatsapp": True}, 131026, "Message undeliverable"),
    ],
)
def test_undeliverable_is_accepted_then_fails(sandbox, connected, graph, prepare, code, title):
    sandbox.control("whatsapp/phones/31655501234", prepare)

    status, _ = graph.send()

    [received] = connected.take(1)
    value = value_of(received)
    [error] = value["statuses"][0]["errors"]
    assert (status, value["statuses"][0]["status"]) == (200, "failed")
    assert (error["code"], error["title"], error["message"]) == (code, title, title)
    assert value["contacts"] == [{"wa_id": "31655501234"}]
    assert sandbox.look("whatsapp/phones/31655501234")["messages"] == []


def test_window_closes_24_hours_after_last_message(sandbox, connected, graph):
    write(sandbox)
    sandbox.control("clock", {"advance": 86399 - 60})
    graph.send()
    sandbox.control("clock", {"advance": 61})
    graph.send()
    sandbox.control("whatsapp/settings", {"window_error_sync": True})
    status, answer = graph.send()

    statuses = [value_of(one)["statuses"][0]["status"] for one in connected.take(4)[1:]]
    assert statuses == ["sent", "delivered", "failed"]
    assert (status, answer["error"]["code"]) == (400, 131047)


def test_webhook_is_retried_until_200(sandbox, connected, wait_until):
    connected.answers[:] = [500, 503, 204, 302]

    message_id = write(sandbox)["id"]

    received = connected.take(5)
    assert {value_of(one)["messages"][0]["id"] for one in received} == {message_id}
    wait_until(lambda: not sandbox.look("deliveries")["pending"])
    attempts = sandbox.look("deliveries")["deliveries"]
    assert [(one["status"], one["attempt"]) for one in attempts] == [
        (500, 1),
        (503, 2),
        (204, 3),
        (302, 4),
        (200, 5),
    ]


def test_webhook_survives_a_server_that_is_down(sandbox, connected, serving, wait_until):
    app, came = Flask("late"), []
    app.post("/late")(lambda: came.append(request.get_json()) or "")
    with serving(app) as url:
        pass
    sandbox.control("whatsapp/app", {"callback_url": f"{url}/late"})
    write(sandbox)
    wait_until(lambda: len(sandbox.look("deliveries")["deliveries"]) >= 3)

    with serving(app, int(url.rpartition(":")[2])):
        wait_until(lambda: not sandbox.look("deliveries")["pending"])

    errors = {one["error"] for one in sandbox.look("deliveries")["deliveries"]}
    assert (len(came), errors) == (1, {"ConnectionError", None})


def test_webhook_reaches_every_subscribed_app(sandbox, connected, serving, graph):
    sandbox.control(
        "whatsapp/app",
        {"app_id": "22", "app_secret": "second", "callback_url": f"{connected.url}?app=2"},
    )

    write(sandbox)

    signatures = {one.headers["X-Hub-Signature-256"] for one in connected.take(2)}
    body = connected.received[0].body
    assert signatures == {signature("sandbox-app-secret", body), signature("second", body)}


def test_webhook_without_subscription_goes_nowhere(sandbox, receiver, graph):
    write(sandbox)

    assert sandbox.look("deliveries") == {"deliveries": [], "pending": {}}


def test_webhook_is_valid_json_with_hostile_text(sandbox, connected):
    text = '<script>alert("x")</script>\\u0000 \u2028 😀 "}'

    write(sandbox, text)

    [received] = connected.take(1)
    assert json.loads(received.body) == received.json
    assert value_of(received)["messages"][0]["text"]["body"] == text
