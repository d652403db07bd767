"""What becomes of a message: the statuses and their prices, on request and by the rules."""

from datetime import UTC, datetime, timedelta

import pytest

from balie_sandbox.graph.messages import Message
from balie_sandbox.graph.model import Number
from balie_sandbox.graph.pricing import pricing_of

CUSTOMER = "31655501234"
NUMBER = "106540352242922"


def write(sandbox, **more):
    return sandbox.control("whatsapp/messages", {"from": f"+{CUSTOMER}", "text": "Hoi"} | more)


def statuses(receiver, count):
    values = [one.json["entry"][0]["changes"][0]["value"] for one in receiver.take(count)]
    return [status for value in values for status in value.get("statuses", [])]


def set_phone(sandbox, **fields):
    sandbox.control(f"whatsapp/phones/{CUSTOMER}", fields)


def test_failures_are_used_up_one_each(sandbox, graph, connected):
    write(sandbox)
    set_phone(sandbox, failures=[131049, 131042])

    for _ in range(3):
        graph.send()

    seen = [
        (one["status"], *(error["code"] for error in one.get("errors", [])))
        for one in statuses(connected, 5)
    ]
    assert seen == [("failed", 131049), ("failed", 131042), ("sent",), ("delivered",)]


def test_customer_who_blocks_the_business_is_not_told(sandbox, graph, connected):
    write(sandbox)
    set_phone(sandbox, blocks_business=True)

    graph.send()

    assert statuses(connected, 2)[0]["errors"][0]["code"] == 131026


def test_open_chat_skips_delivered(sandbox, graph, connected):
    write(sandbox)
    set_phone(sandbox, chat_open=True)

    graph.send()

    sent, read = statuses(connected, 3)
    assert (sent["status"], read["status"], "pricing" in read) == ("sent", "read", True)


def test_voice_message_is_played(sandbox, graph, connected):
    voice = {"link": "https://example.org/a.ogg", "voice": True}
    write(sandbox)
    sent = graph.send(type="audio", text=None, audio=voice)[1]["messages"][0]["id"]
    connected.take(3)

    sandbox.control(f"whatsapp/phones/{CUSTOMER}/play", {"message_id": sent})

    assert [one["status"] for one in statuses(connected, 4)] == ["sent", "delivered", "played"]


def test_reaction_is_only_sent_and_needs_its_target(sandbox, graph, connected):
    target = write(sandbox)["id"]
    for message_id in (target, "wamid.none"):
        reaction = {"message_id": message_id, "emoji": "👍"}
        graph.send(type="reaction", text=None, reaction=reaction)

    sent, failed = statuses(connected, 3)
    assert sent["status"] == "sent"
    assert failed["errors"][0]["code"] == 131009


def test_any_status_can_be_sent_in_any_order(sandbox, graph, connected):
    write(sandbox)
    sent = graph.send()[1]["messages"][0]["id"]

    for body in ({"status": "read"}, {"status": "sent"}, {"status": "failed", "code": 131026}):
        sandbox.control(f"whatsapp/messages/{sent}/status", body)

    seen = [one["status"] for one in statuses(connected, 6)]
    assert seen == ["sent", "delivered", "read", "sent", "failed"]


def test_status_can_come_before_the_answer(sandbox, graph, connected):
    sandbox.control("whatsapp/settings", {"status_before_answer": True})
    write(sandbox)

    graph.send()

    assert len(connected.received) == 3


def test_conversation_is_there_for_old_apps_and_ads(sandbox, graph, connected):
    write(sandbox)
    graph.send()
    sandbox.control("whatsapp/settings", {"conversations": True})
    graph.send()
    sandbox.control("whatsapp/settings", {"conversations": False})
    write(sandbox, referral=True)
    graph.send()

    seen = statuses(connected, 8)
    origins = [one.get("conversation", {}).get("origin", {}).get("type") for one in seen]
    assert origins == [None, None, "service", "service", *["referral_conversion"] * 2]
    assert ["expiration_timestamp" in one.get("conversation", {}) for one in seen[2:4]] == [
        True,
        False,
    ]
    assert seen[-1]["pricing"]["type"] == "free_entry_point"


NEW_PRICES = datetime(2026, 10, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("category", "used", "at", "type_"),
    [
        ("service", 999, NEW_PRICES, "free_customer_service"),
        ("service", 1000, NEW_PRICES, "regular"),
        ("service", 1000, NEW_PRICES - timedelta(seconds=1), "free_customer_service"),
        ("utility", 0, NEW_PRICES, "regular"),
        ("utility", 0, NEW_PRICES - timedelta(seconds=1), "free_customer_service"),
        ("marketing", 0, NEW_PRICES, "regular"),
    ],
)
def test_price_follows_category_allowance_and_day(category, used, at, type_):
    number = Number(NUMBER, "1", "31855500100", "De Balie", last_inbound={CUSTOMER: at})
    number.delivered_by_month[at.strftime("%Y-%m")] = used
    message = Message("w", NUMBER, CUSTOMER, "in", "text", {}, at, "sent", category=category)

    assert pricing_of(number, message, at) == {
        "billable": type_ == "regular",
        "pricing_model": "PMP",
        "type": type_,
        "category": category,
    }


@pytest.mark.parametrize(
    ("interactive", "tap", "answer"),
    [
        (
            {
                "type": "button",
                "body": {"text": "?"},
                "action": {"buttons": [{"type": "reply", "reply": {"id": "y", "title": "Ja"}}]},
            },
            {"id": "y"},
            {"type": "button_reply", "button_reply": {"id": "y", "title": "Ja"}},
        ),
        (
            {
                "type": "list",
                "body": {"text": "?"},
                "action": {
                    "button": "Kies",
                    "sections": [{"rows": [{"id": "a", "title": "A"}, {"id": "b", "title": "B"}]}],
                },
            },
            {"index": 1},
            {"type": "list_reply", "list_reply": {"id": "b", "title": "B"}},
        ),
    ],
    ids=["button", "list"],
)
def test_tap_answers_with_the_reply(sandbox, graph, connected, interactive, tap, answer):
    write(sandbox)
    sent = graph.send(type="interactive", text=None, interactive=interactive)[1]["messages"][0]

    sandbox.control(f"whatsapp/phones/{CUSTOMER}/tap", {"message_id": sent["id"]} | tap)

    value = connected.take(4)[3].json["entry"][0]["changes"][0]["value"]
    [message] = value["messages"]
    assert (message["interactive"], message["context"]["id"]) == (answer, sent["id"])


def test_tap_on_request_shares_the_number(sandbox, graph, connected):
    set_phone(sandbox, persona="bsuid_only")
    write(sandbox)
    interactive = {
        "type": "request_contact_info",
        "body": {"text": "Uw nummer?"},
        "action": {"name": "request_contact_info"},
    }
    user_id = sandbox.look(f"whatsapp/phones/{CUSTOMER}")["user_id"]
    body = {"to": None, "recipient": user_id, "type": "interactive", "text": None}
    sent = graph.send(interactive=interactive, **body)[1]["messages"][0]["id"]

    sandbox.control(f"whatsapp/phones/{CUSTOMER}/tap", {"message_id": sent})

    value = connected.take(4)[3].json["entry"][0]["changes"][0]["value"]
    [message] = value["messages"]
    assert (message["contacts"][0]["origin"], "from" in message) == ("contact_request", False)
    assert message["contacts"][0]["phones"][0]["wa_id"] == CUSTOMER


@pytest.mark.parametrize("tap", [{"id": "none"}, {"index": 5}])
def test_tap_on_nothing_is_refused(sandbox, tap):
    sent = write(sandbox)["id"]

    answer = sandbox.session.post(
        f"{sandbox.url}/control/whatsapp/phones/{CUSTOMER}/tap",
        json={"message_id": sent} | tap,
        timeout=5,
    )

    assert (answer.status_code, list(answer.json())) == (400, ["error"])
