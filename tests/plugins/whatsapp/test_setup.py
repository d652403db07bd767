"""Setting a connection up at Meta, and what each step says when it fails."""

from dataclasses import replace

import pytest

from balie.api import Context
from balie_whatsapp.account.changes import NUMBER_KEY
from balie_whatsapp.plugin import plugin

from .conftest import NOW, TOKEN, make_context
from .graph_api import Graph
from .payloads import NUMBER_ID, SECRET, WABA_ID

HOOK = "https://balie.example/hooks/bakker/wa"
APP = "4242"
GOOD_TOKEN = {
    "app_id": APP,
    "is_valid": True,
    "expires_at": 0,
    "scopes": ["whatsapp_business_messaging", "whatsapp_business_management"],
}
NUMBER = {
    "id": NUMBER_ID,
    "display_phone_number": "+31 6 5550-9999",
    "verified_name": "Bakker",
    "quality_rating": "GREEN",
    "status": "CONNECTED",
    "name_status": "APPROVED",
    "whatsapp_business_manager_messaging_limit": "TIER_2K",
    "webhook_configuration": {"phone_number": HOOK, "application": "https://other.example"},
}


def set_the_scene(graph: Graph) -> None:
    graph.answers(200, {"success": True})
    graph.on("/debug_token", {"data": GOOD_TOKEN})
    graph.on(f"/{NUMBER_ID}", NUMBER)
    graph.on(f"/{NUMBER_ID}/whatsapp_business_profile", {"success": True})
    graph.on(f"/{NUMBER_ID}/groups", {"data": {"groups": []}})
    graph.on(f"/{NUMBER_ID}/message_qrdls", {"data": []})
    graph.on(f"/{WABA_ID}/phone_numbers", {"data": [{"id": NUMBER_ID}]})
    graph.on(f"/{WABA_ID}/subscribed_apps", {"data": []})
    graph.on(f"/{WABA_ID}/message_templates", {"data": []})
    graph.on(f"/{APP}/subscriptions", {"data": []})


@pytest.fixture
def scene(graph: Graph) -> Graph:
    set_the_scene(graph)
    return graph


def context(clock, session, graph, **settings) -> Context:
    hook = settings.pop("hook_url", HOOK)
    return replace(make_context(clock, session, graph_url=graph.url, **settings), hook_url=hook)


def steps(ctx: Context) -> dict[str, tuple[bool, str]]:
    return {step.name: (step.ok, step.text) for step in plugin.connection_setup(ctx).steps}


@pytest.fixture
def ctx(clock, session, scene):
    return context(clock, session, scene)


def test_every_step_of_a_new_connection(ctx: Context, scene: Graph):
    assert steps(ctx) == {
        "Access token": (True, "Valid, without an end date."),
        "Number": (True, "+31 6 5550-9999, Bakker."),
        "Quality": (True, "GREEN."),
        "Display name": (True, "Approved."),
        "Messaging limit": (True, "TIER_2K customers a day."),
        "Account": (True, "The number is this account's."),
        "Subscription": (True, "The app hears what happens in the account now."),
        "Webhook address": (
            True,
            f"This number's messages come to {HOOK}; Meta has asked there.",
        ),
        "The app's fields": (
            True,
            "All fields are switched on, those of the account and the templates too.",
        ),
        "Templates": (True, "No approved template; after 24 hours no answer is possible then."),
        "Groups": (True, "0 found."),
    }
    assert ctx.kv.get(NUMBER_KEY) == "31655509999"
    posted = {seen.path.partition("/v24.0/")[2]: seen for seen in scene.seen if seen.body}
    assert posted[NUMBER_ID].json == {
        "webhook_configuration": {
            "override_callback_uri": HOOK,
            "verify_token": "words we chose",
        }
    }
    assert posted[f"{WABA_ID}/subscribed_apps"].json == {}
    fields = posted[f"{APP}/subscriptions"]
    assert fields.headers["authorization"] == f"Bearer {APP}|{SECRET}"
    assert fields.json["callback_url"] == HOOK
    assert "messages" in fields.json["fields"].split(",")


def test_setting_up_again_takes_no_others_address_away(ctx: Context, scene: Graph):
    """A second POST without a body would remove an address that somebody set for the account."""
    app = {"whatsapp_business_api_data": {"id": APP}, "override_callback_uri": "https://x.example"}
    scene.on("/subscribed_apps", {"data": [app]})
    found = steps(ctx)
    assert found["Subscription"] == (True, "The app hears what happens in the account already.")
    assert [seen.method for seen in scene.asked("/subscribed_apps")] == ["GET"]


@pytest.mark.parametrize(
    ("answer", "ok", "told"),
    [
        ({"is_valid": False}, False, "The token is invalid or has expired. Make a new one"),
        (
            {**GOOD_TOKEN, "scopes": ["whatsapp_business_messaging"]},
            False,
            "The token lacks: whatsapp_business_management.",
        ),
        (
            {**GOOD_TOKEN, "expires_at": NOW.timestamp() + 3600},
            False,
            "The token expires on 2026-10-01 13:00 UTC.",
        ),
        (
            {**GOOD_TOKEN, "expires_at": NOW.timestamp() + 60 * 86400},
            True,
            "Valid until 2026-11-30.",
        ),
        ({**GOOD_TOKEN, "scopes": "all"}, True, "Valid, without an end date."),
    ],
)
def test_token_is_judged(ctx: Context, scene: Graph, answer, ok, told):
    scene.on("/debug_token", {"data": answer})
    found = steps(ctx)["Access token"]
    assert found[0] is ok
    assert found[1].startswith(told)


def test_token_that_meta_says_nothing_of_is_tried(ctx: Context, scene: Graph):
    scene.on("/debug_token", {"error": {"code": 100, "message": "No"}}, 400)
    found = steps(ctx)
    assert found["Access token"][0] is True
    assert found["Number"][0] is True
    assert found["The app's fields"][1].startswith("Look in the app's dashboard")


def test_token_that_is_refused_ends_it(ctx: Context, scene: Graph):
    scene.on("/debug_token", {"error": {"code": 190, "message": f"bad {TOKEN}"}}, 401)
    ((name, (ok, told)),) = steps(ctx).items()
    assert (name, ok) == ("Access token", False)
    assert "The access token has" not in told
    assert TOKEN not in told
    assert len(scene.seen) == 1


@pytest.mark.parametrize(
    ("changes", "name", "told"),
    [
        ({"status": "DISCONNECTED"}, "Number", "is DISCONNECTED at Meta. Register the number"),
        (
            {
                "health_status": {
                    "can_send_message": "BLOCKED",
                    "entities": [
                        {
                            "errors": [
                                {"error_description": "No card.", "possible_solution": "Add one."}
                            ]
                        }
                    ],
                }
            },
            "Number",
            "cannot send. No card. Add one.",
        ),
        ({"quality_rating": "RED"}, "Quality", "RED: customers block or report the number."),
        ({"name_status": "DECLINED"}, "Display name", "Meta says DECLINED; customers then see"),
    ],
)
def test_trouble_of_the_number_is_told(ctx: Context, scene: Graph, changes, name, told):
    scene.routes = [route for route in scene.routes if route[0] != f"/{NUMBER_ID}"]
    scene.routes.append((f"/{NUMBER_ID}", 200, {}, _json({**NUMBER, **changes})))
    ok, text = steps(ctx)[name]
    assert ok is False
    assert told in text


def _json(value) -> bytes:
    graph = Graph()
    graph.on("", value)
    return graph.routes[0][3]


def test_number_of_another_account_is_told(ctx: Context, scene: Graph):
    scene.on("/phone_numbers", {"data": [{"id": "999"}]})
    assert steps(ctx)["Account"] == (
        False,
        "This account does not have this number. Check waba_id in WhatsApp Manager.",
    )


@pytest.mark.parametrize(
    ("hook_url", "told"),
    [
        ("/hooks/bakker/wa", "Set BALIE_PUBLIC_URL."),
        ("", "Set BALIE_PUBLIC_URL."),
        ("https://balie.example/" + "x" * 200, "Meta takes addresses of up to 200 characters;"),
    ],
)
def test_address_that_meta_cannot_take_is_told(clock, session, scene: Graph, hook_url, told):
    ctx = context(clock, session, scene, hook_url=hook_url)
    ok, text = steps(ctx)["Webhook address"]
    assert ok is False
    assert told in text
    assert not [seen for seen in scene.seen if b"webhook_configuration" in seen.body]


def test_address_that_does_not_answer_is_told(ctx: Context, scene: Graph):
    def refuse(handler):
        path, posted = handler.path, handler.command == "POST"
        status, _, body = scene.answer_to(path)
        if posted and path.endswith(NUMBER_ID):
            status, body = 400, _json({"error": {"code": 2200, "message": "(#2200) Callback"}})
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    scene.instead = refuse
    ok, text = steps(ctx)["Webhook address"]
    assert ok is False
    assert text.startswith(f"Meta did not get the right answer from {HOOK}.")


def test_address_that_meta_does_not_name_is_told(clock, session, scene: Graph):
    ctx = context(clock, session, scene, hook_url="https://new.example/hooks/bakker/wa")
    assert steps(ctx)["Webhook address"] == (
        False,
        "Meta took the address but does not name it. Try again in a minute.",
    )


@pytest.mark.parametrize(
    ("fields", "ok", "told"),
    [
        ([{"name": "messages"}], True, "What Meta tells of the account and the templates goes to"),
        ([{"name": "flows"}], False, "The field messages is switched off"),
    ],
)
def test_app_that_others_use_is_left_as_it_is(ctx: Context, scene: Graph, fields, ok, told):
    entry = {
        "object": "whatsapp_business_account",
        "callback_url": "https://other.example/hook",
        "fields": fields,
    }
    scene.on(f"/{APP}/subscriptions", {"data": [entry, {"object": "page"}]})
    found = steps(ctx)["The app's fields"]
    assert found[0] is ok
    assert found[1].startswith(told)
    assert [seen.method for seen in scene.asked("/subscriptions")] == ["GET"]


def test_templates_are_counted(ctx: Context, scene: Graph):
    found = [
        {"name": name, "language": "nl", "status": status}
        for name, status in (("a", "APPROVED"), ("b", "APPROVED"), ("c", "REJECTED"))
    ]
    scene.on("/message_templates", {"data": found})
    assert steps(ctx)["Templates"] == (True, "2 APPROVED, 1 REJECTED.")


@pytest.mark.parametrize(
    ("changes", "speed"),
    [
        ({}, 80),
        ({"throughput": {"level": "HIGH"}}, 1000),
        ({"throughput": {"level": "STANDARD"}, "is_on_biz_app": True}, 20),
    ],
)
def test_speed_of_the_number_is_learned(ctx: Context, scene: Graph, changes, speed):
    scene.routes = [route for route in scene.routes if route[0] != f"/{NUMBER_ID}"]
    scene.routes.append((f"/{NUMBER_ID}", 200, {}, _json({**NUMBER, **changes})))
    assert plugin.connection_setup(ctx).learned == {"messages_per_second": speed}


def test_groups_are_learned(ctx: Context, scene: Graph):
    scene.on("/groups", {"data": {"groups": [{"id": "g=", "subject": "Buren"}]}})
    assert steps(ctx)["Groups"] == (True, "1 found.")
    assert ctx.kv.get("group:g=") == "Buren"


def test_number_that_has_no_groups_hears_nothing_of_them(ctx: Context, scene: Graph):
    scene.on("/groups", {"error": {"code": 131215, "message": "No"}}, 400)
    assert "Groups" not in steps(ctx)


WISHES = {
    "description": "Vers brood.",
    "opening_hours": "ma-vr 9.00-17.00",
    "reply_time": "binnen een uur",
    "topics": "bestellingen",
    "email": "a@bakker.example",
    "websites": "https://bakker.example, https://brood.example",
    "vertical": "RETAIL",
    "questions": "Waar is mijn bestelling?\n\nZijn jullie open?",
    "commands": "/volg: Waar is het: nu?",
    "entry_points": "Vraag over mijn pakbon\nVraag van de site",
    "calling": "on",
    "call_hours": "ma-vr 0900-1700; za 10:00-14:00",
}


def test_wishes_are_carried_out(clock, session, scene: Graph):
    """S22: hours, reply time and topics stand in the profile."""
    ctx = context(clock, session, scene, locale="nl", **WISHES)
    scene.on("/message_qrdls", {"data": [{"prefilled_message": "Vraag van de site"}]})
    found = steps(ctx)
    assert found["Profiel"] == (
        True,
        "Gezet: about, description, email, vertical, websites.",
    )
    assert found["Vragen en opdrachten"] == (True, "3 gezet.")
    assert found["Korte links"] == (True, "1 gemaakt, 1 waren er al.")
    assert found["Bellen"][0] is True
    profile = scene.asked("/whatsapp_business_profile")[0].json
    assert profile == {
        "messaging_product": "whatsapp",
        "about": "Open: ma-vr 9.00-17.00 · Antwoord: binnen een uur",
        "description": "Vers brood.\nOpen: ma-vr 9.00-17.00\nAntwoord: binnen een uur\n"
        "Voor: bestellingen",
        "email": "a@bakker.example",
        "vertical": "RETAIL",
        "websites": ["https://bakker.example", "https://brood.example"],
    }
    assert scene.asked("/conversational_automation")[0].json == {
        "prompts": ["Waar is mijn bestelling?", "Zijn jullie open?"],
        "commands": [{"command_name": "volg", "command_description": "Waar is het: nu?"}],
    }
    assert [seen.json for seen in scene.asked("/message_qrdls") if seen.body] == [
        {"prefilled_message": "Vraag over mijn pakbon", "generate_qr_image": "SVG"}
    ]
    calling = scene.asked("/settings")[0].json["calling"]
    assert calling["status"] == "ENABLED"
    assert calling["call_hours"]["timezone_id"] == "Europe/Amsterdam"
    assert calling["call_hours"]["weekly_operating_hours"][-1] == {
        "day_of_week": "SATURDAY",
        "open_time": "1000",
        "close_time": "1400",
    }
    assert len(calling["call_hours"]["weekly_operating_hours"]) == 6


def test_profile_that_is_too_long_is_not_set(clock, session, scene: Graph):
    ctx = context(clock, session, scene, description="x" * 512, topics="y")
    assert steps(ctx)["Profile"] == (
        False,
        "The profile is 7 characters too long in description; shorten the settings.",
    )
    assert scene.asked("/whatsapp_business_profile") == []


def test_check_says_where_the_messages_go(clock, session, scene: Graph):
    ctx = context(clock, session, scene)
    assert plugin.connection_check(ctx).ok is True
    moved = context(clock, session, scene, hook_url="https://new.example/hooks/bakker/wa")
    health = plugin.connection_check(moved)
    assert health.ok is False
    assert health.text == (
        f"The token works, but messages to +31 6 5550-9999 go to {HOOK}. "
        "Set the connection up again."
    )
    assert [seen.method for seen in scene.seen] == ["GET", "GET"]
