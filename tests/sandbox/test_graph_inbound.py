"""What customers send, of every type, as its webhook shows it."""

import json
from pathlib import Path

import pytest

CUSTOMER = "31655501234"
NUMBER = "106540352242922"
EXAMPLES = (
    Path(__file__).parents[3]
    / "shared/fixtures/whatsapp/facebook__openapi/extracted_examples/whatsapp_webhooks/post/request"
)
needs_examples = pytest.mark.skipif(
    not EXAMPLES.is_dir(), reason="../shared/fixtures is not beside the repository"
)


def write(sandbox, **more):
    return sandbox.control("whatsapp/messages", {"from": f"+{CUSTOMER}"} | more)


def change_of(received):
    return received.json["entry"][0]["changes"][0]


def message_of(received):
    return change_of(received)["value"]["messages"][0]


def look(sandbox, number=CUSTOMER):
    return sandbox.look(f"whatsapp/phones/{number}")


def shape(value):
    """Return the keys of a JSON value and what is below them, without the ids of 2026."""
    if isinstance(value, dict):
        left_out = {"user_id", "from_user_id", "origin", "url"}
        return {key: shape(inner) for key, inner in value.items() if key not in left_out}
    if isinstance(value, list):
        return [shape(inner) for inner in value]
    return type(value)


PUBLISHED = {
    "Button_Message": {"type": "button", "reply_to": "wamid.t", "button": {"text": "Stop"}},
    "Contact_Sharing_Message": {
        "type": "contacts",
        "contacts": [
            {
                "name": {"first_name": "L", "last_name": "G", "formatted_name": "L G"},
                "org": {"company": "Balie"},
                "phones": [{"phone": "+1", "wa_id": "1", "type": "MOBILE"}],
            }
        ],
    },
    "Image_Message": {"type": "image", "caption": "Taj Mahal"},
    "Interactive_Button_Reply_Message": {
        "type": "interactive",
        "reply_to": "wamid.q",
        "button_reply": {"id": "cancel", "title": "Cancel"},
    },
    "Interactive_List_Reply_Message": {
        "type": "interactive",
        "reply_to": "wamid.q",
        "list_reply": {"id": "express", "title": "Express", "description": "Next day"},
    },
    "Location_Message": {
        "type": "location",
        "location": {"name": "Philz", "address": "101 Forest Ave", "url": "https://a.example/"},
    },
    "Order_Message": {"type": "order"},
    "Reaction_Message": {"type": "reaction", "reaction": {"message_id": "wamid.q", "emoji": "👍"}},
    "Text_Message_from_Click_to_WhatsApp_Ad": {
        "text": "Hello!",
        "referral": {"welcome_message": {"text": "Hi there!"}},
    },
    "Text_Message_with_Context_Product_Inquiry": {
        "text": "Still there?",
        "reply_to": "wamid.product",
        "context": {"referred_product": {"catalog_id": "1", "product_retailer_id": "2"}},
    },
    "Unsupported_Message": {"type": "unsupported"},
}


@needs_examples
@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_inbound_of_each_type_has_the_published_shape(sandbox, connected, name):
    sandbox.control("whatsapp/settings", {"media_urls": False})

    write(sandbox, **PUBLISHED[name])

    [received] = connected.take(1)
    published = json.loads((EXAMPLES / f"{name}.json").read_text())
    if name == "Order_Message":
        del published["entry"][0]["changes"][0]["value"]["messages"][0]["order"]["product_items"][1]
    assert shape(received.json) == shape(published)


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        (
            {"type": "interactive", "nfm_reply": {"name": "flow", "response_json": {"a": 1}}},
            {
                "interactive": {
                    "type": "nfm_reply",
                    "nfm_reply": {"name": "flow", "response_json": '{"a":1}'},
                }
            },
        ),
        (
            {"type": "interactive", "call_permission_reply": {"response": "reject"}},
            {
                "interactive": {
                    "type": "call_permission_reply",
                    "call_permission_reply": {"response": "reject"},
                }
            },
        ),
        (
            {"type": "reaction", "reaction": {"message_id": "wamid.x"}},
            {"reaction": {"message_id": "wamid.x"}},
        ),
        (
            {"type": "reaction", "reaction": {"message_id": "wamid.x", "emoji": ""}},
            {"reaction": {"message_id": "wamid.x", "emoji": ""}},
        ),
        ({"text": "a", "forwarded": True}, {"context": {"forwarded": True}}),
        ({"text": "a", "forwarded": "frequently"}, {"context": {"frequently_forwarded": True}}),
        ({"text": "a", "timestamp": 1700000000}, {"timestamp": "1700000000"}),
        ({"text": "a", "id": "wamid.mine"}, {"id": "wamid.mine"}),
        ({"type": "request_welcome"}, {"type": "request_welcome"}),
        ({"type": "hologram", "hologram": {"depth": 3}}, {"hologram": {"depth": 3}}),
        (
            {"type": "unsupported", "unsupported": {"type": "poll_creation"}},
            {"unsupported": {"type": "poll_creation"}},
        ),
    ],
)
def test_inbound_shows_what_was_asked_for(sandbox, connected, asked, shown):
    write(sandbox, **asked)

    message = message_of(connected.take(1)[0])
    assert {key: message[key] for key in shown} == shown


@pytest.mark.parametrize(
    ("type_", "change"), [("edit", {"text": "Hoi!"}), ("revoke", {})], ids=["edit", "revoke"]
)
def test_edit_and_revoke_reach_coexisting_numbers_only(sandbox, connected, type_, change):
    original = write(sandbox, text="Hio")["id"]
    told = {type_: {"original_message_id": original} | change}
    write(sandbox, type=type_, **told)

    sandbox.control(f"whatsapp/numbers/{NUMBER}", {"coexists": True})
    write(sandbox, type=type_, **told)

    _, plain, coexisting = (message_of(one) for one in connected.take(3))
    assert (plain["type"], plain["unsupported"]) == ("unsupported", {"type": type_})
    assert coexisting[type_]["original_message_id"] == original
    [shown] = look(sandbox)["messages"]
    assert shown.get("edited" if type_ == "edit" else "revoked") is True
    assert shown["text"] == ("Hoi!" if type_ == "edit" else "Hio")


def test_edit_of_caption_keeps_the_file(sandbox, connected):
    sandbox.control(f"whatsapp/numbers/{NUMBER}", {"coexists": True})
    sent = write(sandbox, type="image", caption="A")

    write(sandbox, type="edit", edit={"original_message_id": sent["id"], "caption": "B"})

    edited = message_of(connected.take(2)[1])["edit"]["message"]
    assert (edited["type"], edited["image"]["caption"]) == ("image", "B")
    assert (edited["image"]["id"], edited["context"]) == (sent["media_id"], {"id": "M0"})


def test_reaction_is_shown_and_taken_away(sandbox, graph):
    write(sandbox, text="Hoi")
    target = graph.send()[1]["messages"][0]["id"]
    write(sandbox, type="reaction", reaction={"message_id": target, "emoji": "👍"})
    before = look(sandbox)["messages"][-1]["reactions"]

    write(sandbox, type="reaction", reaction={"message_id": target})

    assert (before, "reactions" in look(sandbox)["messages"][-1]) == ({"customer": "👍"}, False)


def test_reaction_does_not_open_the_window(sandbox, graph, connected):
    write(sandbox, type="reaction", reaction={"message_id": "wamid.x", "emoji": "👍"})

    graph.send()

    value = change_of(connected.take(2)[1])["value"]
    assert value["statuses"][0]["errors"][0]["code"] == 131047


def test_change_of_number_tells_with_both_user_ids(sandbox, connected):
    write(sandbox, text="Hoi")
    before = look(sandbox)["user_id"]

    after = sandbox.control(f"whatsapp/phones/{CUSTOMER}/change_number", {"number": "+31655507777"})
    connected.take(2)
    sandbox.control("whatsapp/messages", {"from": "+31655507777", "text": "Ik weer"})

    _, moved, again = connected.take(3)
    assert change_of(moved)["value"].get("contacts") is None
    assert message_of(moved)["from"] == CUSTOMER
    assert message_of(moved)["system"] == {
        "type": "user_changed_number",
        "body": f"User Sanne de Wit changed from {CUSTOMER} to 31655507777",
        "wa_id": "31655507777",
        "user_id": after["user_id"],
        "previous_user_id": before,
    }
    assert message_of(again)["from_user_id"] == after["user_id"]
    assert [one["text"] for one in look(sandbox, "31655507777")["messages"]] == ["Hoi", "Ik weer"]


def test_change_of_user_id_tells_the_old_one(sandbox, connected):
    write(sandbox, text="Hoi")
    before = look(sandbox)["user_id"]

    after = sandbox.control(f"whatsapp/phones/{CUSTOMER}/change_user_id")["user_id"]

    system = message_of(connected.take(2)[1])["system"]
    assert (system["type"], system["user_id"]) == ("user_changed_user_id", after)
    assert system["previous_user_id"] == before != after


@pytest.mark.parametrize(
    ("written", "sender"), [("omit", {}), ("null", {"from": None}), ("empty", {"from": ""})]
)
def test_hidden_number_is_written_in_three_ways(sandbox, connected, written, sender):
    sandbox.control(f"whatsapp/phones/{CUSTOMER}", {"persona": "bsuid_only"})
    sandbox.control("whatsapp/settings", {"hidden_fields": written})

    write(sandbox, text="Hoi")

    [received] = connected.take(1)
    message, [contact] = message_of(received), change_of(received)["value"]["contacts"]
    assert {key: message[key] for key in message if key == "from"} == sender
    assert contact.get("wa_id", "none") == sender.get("from", "none")


def test_persona_recent_shares_number_for_30_days(sandbox, connected, graph):
    sandbox.control(f"whatsapp/phones/{CUSTOMER}", {"persona": "recent"})

    write(sandbox, text="1")
    write(sandbox, text="2")
    sandbox.control("clock", {"advance": 31 * 86400})
    write(sandbox, text="3")

    assert ["from" in message_of(one) for one in connected.take(3)] == [False, True, False]


def test_parent_user_id_is_in_every_place(sandbox, connected, graph):
    sandbox.control(f"whatsapp/phones/{CUSTOMER}", {"parent_user_id": "NL.ENT.1"})
    write(sandbox, text="Hoi")

    status, _ = graph.send(to=None, recipient="NL.ENT.1")

    inbound, sent = (change_of(one)["value"] for one in connected.take(2))
    assert status == 200
    assert inbound["messages"][0]["from_parent_user_id"] == "NL.ENT.1"
    assert inbound["contacts"][0]["parent_user_id"] == "NL.ENT.1"
    assert sent["statuses"][0]["recipient_parent_user_id"] == "NL.ENT.1"


def test_identity_check_guards_sends(sandbox, connected, graph):
    check = {"user_identity_change": {"enable_identity_key_check": True}}
    graph.call("POST", f"{NUMBER}/settings", check)
    sandbox.control(f"whatsapp/phones/{CUSTOMER}", {"identity_hash": "new="})
    write(sandbox, text="Hoi")

    graph.send(recipient_identity_key_hash="old=")
    graph.send(recipient_identity_key_hash="new=")

    inbound, failed, sent = (change_of(one)["value"] for one in connected.take(3))
    assert inbound["contacts"][0]["identity_key_hash"] == "new="
    assert failed["statuses"][0]["errors"][0]["code"] == 137000
    assert sent["statuses"][0]["recipient_identity_key_hash"] == "new="


def test_errors_of_the_value_have_neither_messages_nor_statuses(sandbox, connected):
    sandbox.control("whatsapp/errors", {"code": 130429, "details": "Te snel."})

    value = change_of(connected.take(1)[0])["value"]
    [error] = value["errors"]
    assert set(value) == {"messaging_product", "metadata", "errors"}
    assert (error["code"], error["title"]) == (130429, "Rate limit hit")
    assert error["error_data"] == {"details": "Te snel."}


@pytest.mark.parametrize("signature", ["right", "wrong", "missing"])
def test_raw_value_goes_out_as_it_is(sandbox, connected, signature):
    """A1, A2: also with a signature that is wrong or not there."""
    asked = {"field": "anything", "value": {"a": [None]}, "signature": signature}
    nowhere = sandbox.control("whatsapp/raw", asked)
    sandbox.control("whatsapp/raw", asked | {"field": "messages"})

    [received] = connected.take(1)
    found = received.headers.get("X-Hub-Signature-256", "")
    assert (nowhere, change_of(received)) == (
        {"apps": 0},
        {"value": {"a": [None]}, "field": "messages"},
    )
    assert (len(found), found.endswith("0000")) == {
        "right": (71, False),
        "wrong": (71, True),
        "missing": (0, False),
    }[signature]


def test_raw_body_is_a_whole_webhook(sandbox, connected):
    sandbox.control("whatsapp/raw", {"body": ["no envelope"]})

    assert connected.take(1)[0].json == ["no envelope"]


@pytest.mark.parametrize(
    "body",
    [
        {"type": "edit"},
        {"type": "revoke", "revoke": {}},
        {"type": "interactive"},
        {"text": "a", "group": "none"},
        {"text": "a", "timestamp": "soon"},
        {"type": "image", "file": {"fault": "explode"}},
        {"text": "a", "forwarded": "often"},
    ],
)
def test_write_refuses_what_makes_no_sense(sandbox, body):
    body = {"from": CUSTOMER} | body
    answer = sandbox.session.post(f"{sandbox.url}/control/whatsapp/messages", json=body, timeout=5)

    assert (answer.status_code, list(answer.json())) == (400, ["error"])


def test_marketing_stopped_is_told_and_refused(sandbox, connected, graph):
    sandbox.control(f"whatsapp/phones/{CUSTOMER}/marketing", {"value": "stop"})
    sandbox.control(
        "whatsapp/templates", {"name": "sale", "category": "MARKETING", "body": "Alles halve prijs"}
    )

    template = {"name": "sale", "language": {"code": "nl"}}
    graph.send(type="template", text=None, template=template)

    told, failed = connected.take(2)
    assert change_of(told)["field"] == "user_preferences"
    [wish] = change_of(told)["value"]["user_preferences"]
    assert (wish["wa_id"], wish["value"], wish["category"]) == (
        CUSTOMER,
        "stop",
        "marketing_messages",
    )
    assert change_of(failed)["value"]["statuses"][0]["errors"][0]["code"] == 131050
