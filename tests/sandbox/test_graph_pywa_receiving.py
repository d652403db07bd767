"""Every webhook of the sandbox, read by pywa."""

import threading

import pytest
from flask import Flask
from pywa import WhatsApp
from werkzeug.serving import make_server

NUMBER = "106540352242922"
WABA = "419561257915477"
CUSTOMER = "31655501234"

#: pywa's decorators: each gets what it makes of a webhook of its kind.
KINDS = (
    "message",
    "callback_button",
    "callback_selection",
    "flow_completion",
    "message_status",
    "template_status_update",
    "template_quality_update",
    "template_category_update",
    "template_components_update",
    "user_marketing_preferences",
    "phone_number_change",
    "identity_change",
    "call_connect",
    "call_terminate",
    "call_permission_update",
    "account_update",
    "edited_message",
    "deleted_message",
    "outgoing_message",
)


@pytest.fixture(scope="module")
def bot():
    """A pywa client behind a server: its address, and what it read so far."""
    app, seen = Flask("bot"), []
    client = WhatsApp(
        phone_id=NUMBER,
        waba_id=WABA,
        token="EAASANDBOXtoken",
        server=app,
        webhook_endpoint="/bot",
        verify_token="bot-verify",
        app_secret="sandbox-app-secret",
    )
    for kind in KINDS:
        getattr(client, f"on_{kind}")()(lambda _, update, kind=kind: seen.append((kind, update)))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/bot", seen
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def seen(sandbox, bot, wait_until):
    """What pywa read in this test, by kind; an error of pywa's parser is not among them."""
    url, seen = bot
    seen.clear()
    sandbox.control("whatsapp/app", {"callback_url": url})
    yield seen
    wait_until(lambda: not sandbox.look("deliveries")["pending"])


REACTION = {"message_id": "wamid.x", "emoji": "👍"}


@pytest.mark.parametrize(
    ("asked", "kind", "look"),
    [
        ({"text": "Hoi"}, "message", lambda m: m.text == "Hoi"),
        ({"type": "image", "caption": "K"}, "message", lambda m: m.image and m.caption == "K"),
        ({"type": "video"}, "message", lambda m: m.video.mime_type == "video/mp4"),
        ({"type": "voice"}, "message", lambda m: m.audio.voice),
        ({"type": "document"}, "message", lambda m: m.document.filename == "factuur.pdf"),
        ({"type": "sticker"}, "message", lambda m: m.sticker.animated is False),
        ({"type": "location"}, "message", lambda m: m.location.latitude > 52),
        ({"type": "contacts"}, "message", lambda m: m.contacts[0].name.first_name == "Joost"),
        ({"type": "reaction", "reaction": REACTION}, "message", lambda m: m.reaction.emoji == "👍"),
        ({"type": "order"}, "message", lambda m: m.order.products[0].quantity == 2),
        ({"type": "unsupported"}, "message", lambda m: m.error.code == 131051),
        ({"text": "a", "forwarded": True}, "message", lambda m: m.forwarded),
        ({"text": "a", "referral": True}, "message", lambda m: m.referral.source_type == "ad"),
        (
            {"type": "interactive", "reply_to": "w", "button_reply": {"id": "y", "title": "Ja"}},
            "callback_button",
            lambda b: (b.data, b.title) == ("y", "Ja"),
        ),
        (
            {"type": "interactive", "reply_to": "w", "list_reply": {"id": "y", "title": "Ja"}},
            "callback_selection",
            lambda b: (b.data, b.title) == ("y", "Ja"),
        ),
        (
            {"type": "button", "reply_to": "w", "button": {"text": "Ja", "payload": "p"}},
            "callback_button",
            lambda b: (b.data, b.title) == ("p", "Ja"),
        ),
        (
            {
                "type": "interactive",
                "reply_to": "w",
                "nfm_reply": {"name": "flow", "body": "Sent", "response_json": {"a": 1}},
            },
            "flow_completion",
            lambda f: f.response == {"a": 1},
        ),
        (
            {
                "type": "interactive",
                "reply_to": "w",
                "call_permission_reply": {"response": "accept", "response_source": "user_action"},
            },
            "call_permission_update",
            lambda p: p.response == "accept",
        ),
    ],
)
def test_pywa_reads_message_of_each_type(sandbox, seen, wait_until, asked, kind, look):
    sandbox.control("whatsapp/messages", {"from": f"+{CUSTOMER}"} | asked)

    [(found, update)] = wait_until(lambda: seen)
    assert (found, bool(look(update))) == (kind, True)


def test_pywa_reads_calls(sandbox, seen, wait_until):
    call_id = sandbox.control("whatsapp/calls", {"from": CUSTOMER})["id"]
    sandbox.control(f"whatsapp/calls/{call_id}/terminate", {})

    wait_until(lambda: len(seen) == 2)
    assert [(kind, update.id) for kind, update in seen] == [
        ("call_connect", call_id),
        ("call_terminate", call_id),
    ]


def test_pywa_reads_edits_deletions_and_echoes(sandbox, seen, wait_until):
    sandbox.control(f"whatsapp/numbers/{NUMBER}", {"coexists": True})
    original = sandbox.control("whatsapp/messages", {"from": CUSTOMER, "text": "Hio"})["id"]
    told = {"original_message_id": original}
    for asked in (
        {"type": "edit", "edit": told | {"text": "Hoi"}},
        {"type": "revoke", "revoke": told},
    ):
        sandbox.control("whatsapp/messages", {"from": CUSTOMER} | asked)
    sandbox.control("whatsapp/echoes", {"from": CUSTOMER, "text": "Ja hoor"})

    wait_until(lambda: len(seen) == 4)
    assert [kind for kind, _ in seen] == [
        "message",
        "edited_message",
        "deleted_message",
        "outgoing_message",
    ]
    assert (seen[1][1].message.text, seen[3][1].text) == ("Hoi", "Ja hoor")


def test_pywa_reads_templates_preferences_and_changes(sandbox, seen, wait_until):
    template = sandbox.control("whatsapp/templates", {"name": "t", "body": "Dag daar."})
    for decision in (
        {"status": "PAUSED"},
        {"quality": "RED"},
        {"category": "MARKETING"},
        {"components": [{"type": "BODY", "text": "Anders."}]},
    ):
        sandbox.control(f"whatsapp/templates/{template['id']}", decision)
    wait_until(lambda: len(seen) == 4)
    sandbox.control(f"whatsapp/phones/{CUSTOMER}/marketing", {"value": "stop"})
    sandbox.control("whatsapp/messages", {"from": CUSTOMER, "text": "Hoi"})
    wait_until(lambda: len(seen) == 6)
    sandbox.control(f"whatsapp/phones/{CUSTOMER}/change_number", {"number": "+31655507777"})
    wait_until(lambda: len(seen) == 7)

    assert [kind for kind, _ in seen] == [
        "template_status_update",
        "template_quality_update",
        "template_category_update",
        "template_components_update",
        "user_marketing_preferences",
        "message",
        "phone_number_change",
    ]
    assert seen[6][1].new_wa_id == "31655507777"


@pytest.mark.parametrize(
    "event", ["ACCOUNT_RESTRICTION", "DISABLED_UPDATE", "ACCOUNT_VIOLATION", "ACCOUNT_DELETED"]
)
def test_pywa_reads_account_updates(sandbox, seen, wait_until, event):
    sandbox.control("whatsapp/events", {"field": "account_update", "event": event})

    [(kind, update)] = wait_until(lambda: seen)
    assert (kind, update.event) == ("account_update", event)
