"""Attack cases A1 to A4: who may bring something in, and what becomes of it."""

import http.client
import json

import pytest
from tests.e2e.whole import (
    APP_SECRET,
    OTHER_NUMBER_ID,
    OTHER_SECRET,
    Whole,
    new_customer,
    signature,
    text,
    wait_until,
    webhook,
)


def accepted(whole: Whole) -> int:
    return whole.balance().accepted


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="none"),
        pytest.param({"X-Hub-Signature-256": ""}, id="empty"),
        pytest.param({"X-Hub-Signature-256": "sha256="}, id="no digest"),
        pytest.param({"X-Hub-Signature-256": "sha256=" + "0" * 64}, id="wrong"),
        pytest.param({"X-Hub-Signature": "sha1=" + "0" * 40}, id="of old"),
    ],
)
def test_a1_signature_missing_or_wrong_is_401_and_stores_nothing(each_whole, headers):
    before = accepted(each_whole)

    answer = each_whole.post(webhook(text(new_customer(), "Hoi")), headers)

    assert (answer.status_code, answer.text) == (401, "the signature does not fit\n")
    assert accepted(each_whole) == before


def test_a1_signature_of_another_tenant_is_401_and_stores_nothing(whole):
    body = webhook(text(new_customer(), "Hoi"))
    before = accepted(whole)

    answer = whole.post(body, {"X-Hub-Signature-256": signature(body, OTHER_SECRET)})

    assert answer.status_code == 401
    assert accepted(whole) == before


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda right: right.replace("sha256=", "sha1="), id="wrong prefix"),
        pytest.param(lambda right: right.removeprefix("sha256="), id="no prefix"),
        pytest.param(str.upper, id="capitals"),
        pytest.param(lambda right: right + "0", id="longer"),
        pytest.param(lambda right: right[:-1], id="shorter"),
        pytest.param(lambda right: f"{right}, {right}", id="twice in one"),
    ],
)
def test_a2_signature_in_another_form_is_401(whole, change):
    body = webhook(text(new_customer(), "Hoi"))

    answer = whole.post(body, {"X-Hub-Signature-256": change(signature(body))})

    assert answer.status_code == 401


@pytest.mark.parametrize("order", ["right first", "right last", "right twice"])
def test_a2_signature_header_sent_twice_is_401(whole, order):
    body = webhook(text(new_customer(), "Hoi"))
    right, wrong = signature(body), "sha256=" + "0" * 64
    values = {
        "right first": (right, wrong),
        "right last": (wrong, right),
        "right twice": (right, right),
    }[order]
    before = accepted(whole)

    connection = http.client.HTTPConnection("127.0.0.1", whole.stage.port, timeout=10)
    connection.putrequest("POST", "/hooks/demo/whatsapp")
    connection.putheader("Content-Length", str(len(body)))
    for value in values:
        connection.putheader("X-Hub-Signature-256", value)
    connection.endheaders(body)
    status = connection.getresponse().status
    connection.close()

    assert status == 401
    assert accepted(whole) == before


def test_a2_body_that_was_serialised_anew_is_401(whole):
    body = webhook(text(new_customer(), "Hoi"))
    same = json.dumps(json.loads(body), separators=(",", ":")).encode()
    before = accepted(whole)

    answer = whole.post(same, {"X-Hub-Signature-256": signature(body)})

    assert json.loads(same) == json.loads(body)
    assert answer.status_code == 401
    assert accepted(whole) == before


def test_a2_signature_over_a_body_in_chunks_is_taken(whole):
    number = new_customer()
    body = webhook(text(number, "In stukken"))
    pieces = iter([body[:10], body[10:200], body[200:]])

    answer = whole.stage.http.post(
        f"{whole.stage.url}/hooks/demo/whatsapp",
        data=pieces,
        headers={"X-Hub-Signature-256": signature(body)},
        timeout=10,
    )

    assert answer.status_code == 200
    wait_until(lambda: whole.comments(number) == ["In stukken"])


def test_a3_same_body_again_gives_one_message(each_whole):
    number = new_customer()
    body = webhook(text(number, "Eén keer"))
    before = each_whole.settle().accepted

    answers = [each_whole.post(body).status_code for _ in range(5)]

    assert answers == [200] * 5
    wait_until(lambda: each_whole.comments(number) == ["Eén keer"])
    assert each_whole.settle().accepted == before + 1
    assert each_whole.comments(number) == ["Eén keer"]


def test_a3_same_message_in_another_body_gives_one_message(whole):
    number = new_customer()
    first = text(number, "Eén keer")
    second = text(number, "En nog iets")

    whole.post(webhook(first))
    whole.post(webhook(second, first))

    wait_until(lambda: "En nog iets" in "\n".join(whole.comments(number)))
    whole.settle()
    assert "\n".join(whole.comments(number)).count("Eén keer") == 1


def test_a4_message_for_another_number_is_refused_counted_and_not_kept(each_whole):
    number = new_customer()
    refused = each_whole.settle().refused
    secret_words = "voor de buren bestemd"

    answer = each_whole.post(webhook(text(number, secret_words), number_id="106540999999999"))

    assert answer.status_code == 200
    assert each_whole.settle().refused == refused + 1
    [item] = [one for one in each_whole.items() if "106540999999999" in one.reason]
    assert (item.state, item.body) == ("refused", None)
    assert item.reason == (
        "messages is for phone number id 106540999999999, not this connection's."
    )
    assert each_whole.tickets(number) == []


def test_a4_message_of_one_tenant_under_the_signature_of_another_is_refused(each_whole):
    number = new_customer()
    body = webhook(text(number, "Voor de demo, bij de buren bezorgd"))

    answer = each_whole.post(
        body, {"X-Hub-Signature-256": signature(body, OTHER_SECRET)}, "buren/whatsapp"
    )

    assert answer.status_code == 200
    each_whole.settle()
    assert each_whole.tickets(number) == []


def test_a4_same_message_id_in_two_tenants_is_two_messages(each_whole):
    number = new_customer()
    message = text(number, "Zelfde id")
    other = webhook(message, number_id=OTHER_NUMBER_ID)

    each_whole.post(webhook(message))
    each_whole.post(
        other, {"X-Hub-Signature-256": signature(other, OTHER_SECRET)}, "buren/whatsapp"
    )

    wait_until(lambda: each_whole.comments(number) == ["Zelfde id", "Zelfde id"])
    assert len(each_whole.tickets(number)) == 2


def test_a4_refused_message_can_still_come_rightly(whole):
    number = new_customer()
    message = text(number, "Nu goed")

    whole.post(webhook(message, number_id="106540999999999"))
    whole.post(webhook(message))

    wait_until(lambda: whole.comments(number) == ["Nu goed"])


def test_handshake_answers_the_challenge(whole):
    query = {"hub.mode": "subscribe", "hub.verify_token": "sandbox-verify-token"}

    answer = whole.get("/hooks/demo/whatsapp", params=query | {"hub.challenge": "1158201444"})

    assert (answer.status_code, answer.text) == (200, "1158201444")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"hub.mode": "subscribe", "hub.challenge": "1"},
        {"hub.mode": "subscribe", "hub.verify_token": "guessed", "hub.challenge": "1"},
        {"hub.mode": "unsubscribe", "hub.verify_token": "sandbox-verify-token"},
        {"hub.mode": "subscribe", "hub.verify_token": APP_SECRET, "hub.challenge": "1"},
    ],
)
def test_handshake_with_a_wrong_token_or_mode_is_403(whole, query):
    answer = whole.get("/hooks/demo/whatsapp", params=query)

    assert answer.status_code == 403
    assert answer.text != query.get("hub.challenge")


def test_handshake_challenge_with_markup_is_plain_text(whole):
    query = {
        "hub.mode": "subscribe",
        "hub.verify_token": "sandbox-verify-token",
        "hub.challenge": "<script>alert(1)</script>",
    }

    answer = whole.get("/hooks/demo/whatsapp", params=query)

    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_secret_that_was_just_changed_is_believed_at_once(whole):
    balie = whole.stage.services()
    body = webhook(text(new_customer(), "Met het nieuwe geheim"))

    balie.directory.set_config("demo", "whatsapp", {"app_secret": "another-app-secret"})
    answers = [
        whole.post(body, {"X-Hub-Signature-256": signature(body, secret)}).status_code
        for secret in ("another-app-secret", APP_SECRET)
    ]
    balie.directory.set_config("demo", "whatsapp", {"app_secret": APP_SECRET})
    after = whole.post(body, {"X-Hub-Signature-256": signature(body)}).status_code

    assert (answers, after) == ([200, 401], 200)
    balie.store.close()
