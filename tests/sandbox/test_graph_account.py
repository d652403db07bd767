"""A number and its account: fields, profile, codes, settings, tokens, limits, events."""

import json

import pytest

NUMBER = "106540352242922"
WABA = "419561257915477"
CUSTOMER = "31655501234"


def set_number(sandbox, **fields):
    sandbox.control(f"whatsapp/numbers/{NUMBER}", fields)


def value_of(received):
    return received.json["entry"][0]["changes"][0]


def test_number_shows_what_was_set(sandbox, graph):
    set_number(sandbox, quality_rating="RED", messaging_limit="TIER_10K", coexists=True)

    fields = (
        "quality_rating,messaging_limit_tier,whatsapp_business_manager_messaging_limit,"
        "throughput,is_on_biz_app,name_status,health_status"
    )
    _, shown = graph.call("GET", f"v24.0/{NUMBER}?fields={fields}")

    assert shown.pop("health_status")["can_send_message"] == "LIMITED"
    assert shown == {
        "quality_rating": "RED",
        "messaging_limit_tier": "TIER_10K",
        "whatsapp_business_manager_messaging_limit": "TIER_10K",
        "throughput": {"level": "NOT_APPLICABLE"},
        "is_on_biz_app": True,
        "name_status": "APPROVED",
        "id": NUMBER,
    }


def test_number_that_is_restricted_refuses_and_says_why(sandbox, graph):
    set_number(sandbox, refuses_with=131031)

    status, answer = graph.send()
    health = graph.call("GET", f"{NUMBER}?fields=health_status")[1]["health_status"]

    assert (status, answer["error"]["code"]) == (403, 131031)
    assert health["can_send_message"] == "BLOCKED"
    assert health["entities"][0]["errors"][0]["error_code"] == 131031


def test_profile_is_changed_and_read(graph):
    profile = {"about": "Open 9-17", "websites": ["https://balie.example"], "vertical": "RETAIL"}
    path = f"{NUMBER}/whatsapp_business_profile"

    done = graph.call("POST", path, {"messaging_product": "whatsapp"} | profile)

    shown = graph.call("GET", f"{path}?fields=about,email,websites,vertical")[1]
    assert done == (200, {"success": True})
    assert shown == {"data": [profile | {"messaging_product": "whatsapp"}]}


@pytest.mark.parametrize(
    "change",
    [
        {"about": ""},
        {"about": "x" * 140},
        {"description": "x" * 513},
        {"vertical": "CIRCUS"},
        {"websites": ["a"]},
        {"websites": ["https://a.example"] * 3},
        {"profile_picture_handle": "4::none"},
    ],
)
def test_profile_refuses_what_is_too_long_or_unknown(graph, change):
    body = {"messaging_product": "whatsapp"} | change

    status, answer = graph.call("POST", f"{NUMBER}/whatsapp_business_profile", body)

    assert (status, answer["error"]["code"]) == (400, 100)


def test_qr_codes_are_made_changed_listed_and_deleted(graph, sandbox):
    path = f"{NUMBER}/message_qrdls"
    body = {"prefilled_message": "Ik heb een vraag", "generate_qr_image": "SVG"}
    made = graph.call("POST", path, body)[1]
    code = made["code"]
    picture = sandbox.session.get(made["qr_image_url"], timeout=5)

    graph.call("POST", path, {"code": code, "prefilled_message": "Anders"})
    one, many = graph.call("GET", f"{path}/{code}")[1], graph.call("GET", path)[1]
    deleted = graph.call("DELETE", f"{path}/{code}")

    assert made["qr_image_url"] == f"{sandbox.url}/lookaside/qr/{code}.svg"
    assert (picture.headers["Content-Type"], b"<svg" in picture.content) == (
        "image/svg+xml; charset=utf-8",
        True,
    )
    shown = {
        "code": code,
        "prefilled_message": "Anders",
        "deep_link_url": f"https://wa.me/message/{code}",
    }
    assert (one, many["data"], deleted) == ({"data": [shown]}, [shown], (200, {"success": True}))
    assert graph.call("GET", f"{path}/{code}")[1] == {"data": []}


def test_calling_hours_are_set_once_the_limit_allows(sandbox, graph, connected):
    hours = {
        "status": "ENABLED",
        "timezone_id": "Europe/Amsterdam",
        "weekly_operating_hours": [
            {"day_of_week": "MONDAY", "open_time": "0900", "close_time": "1700"}
        ],
    }
    body = {"calling": {"status": "ENABLED", "call_hours": hours}}
    early = graph.call("POST", f"{NUMBER}/settings", body)[1]["error"]["code"]
    set_number(sandbox, messaging_limit="TIER_2K")

    done = graph.call("POST", f"{NUMBER}/settings", body)

    calling = graph.call("GET", f"{NUMBER}/settings")[1]["calling"]
    told = value_of(connected.take(1)[0])
    assert (early, done) == (138015, (200, {"success": True}))
    assert (calling["status"], calling["call_hours"]) == ("ENABLED", hours)
    assert (told["field"], told["value"]["type"]) == (
        "account_settings_update",
        "phone_number_settings",
    )


@pytest.mark.parametrize(
    "calling",
    [
        {"status": "PERHAPS"},
        {"call_hours": {"weekly_operating_hours": [{"day_of_week": "SOMEDAY"}]}},
        {"call_hours": {"holiday_schedule": ["2026-12-25"]}},
    ],
)
def test_calling_hours_that_make_no_sense_are_refused(graph, calling):
    assert graph.call("POST", f"{NUMBER}/settings", {"calling": calling})[0] == 400


def test_automation_and_commerce_are_kept(graph):
    prompts = {"prompts": ["Waar is mijn bestelling?"], "enable_welcome_message": True}
    graph.call("POST", f"{NUMBER}/conversational_automation", prompts)
    graph.call("POST", f"{NUMBER}/whatsapp_commerce_settings", {"is_cart_enabled": False})

    shown = graph.call("GET", f"{NUMBER}?fields=conversational_automation")[1]
    commerce = graph.call("GET", f"{NUMBER}/whatsapp_commerce_settings")[1]["data"][0]

    assert shown["conversational_automation"] == prompts | {"id": NUMBER}
    assert commerce["is_cart_enabled"] is False


def test_block_list_silences_a_customer(sandbox, graph, connected):
    sandbox.control("whatsapp/messages", {"from": CUSTOMER, "text": "1"})
    body = {"messaging_product": "whatsapp", "block_users": [{"user": f"+{CUSTOMER}"}]}
    blocked = graph.call("POST", f"{NUMBER}/block_users", body)
    sandbox.control("whatsapp/messages", {"from": CUSTOMER, "text": "2"})
    graph.send()
    listed = graph.call("GET", f"{NUMBER}/block_users")[1]["data"]

    unblocked = graph.call("DELETE", f"{NUMBER}/block_users", body)

    first, second = (value_of(one)["value"] for one in connected.take(2))
    user = {"input": f"+{CUSTOMER}", "wa_id": CUSTOMER}
    assert blocked[1]["block_users"] == {"added_users": [user]}
    assert listed == [{"messaging_product": "whatsapp", "wa_id": CUSTOMER}]
    assert unblocked[1]["block_users"] == {"removed_users": [user]}
    assert first["messages"][0]["text"]["body"] == "1"
    assert second["statuses"][0]["errors"][0]["code"] == 130403


def test_block_of_a_stranger_fails_with_both_parts(graph):
    body = {"messaging_product": "whatsapp", "block_users": [{"user": "+31655509999"}]}

    status, answer = graph.call("POST", f"{NUMBER}/block_users", body)

    [failed] = answer["block_users"]["failed_users"]
    assert (status, answer["error"]["code"], failed["errors"][0]["code"]) == (400, 139100, 131047)


@pytest.mark.parametrize(
    ("token", "call", "code", "subcode"),
    [
        ({"scopes": ["whatsapp_business_messaging"]}, "manage", 10, None),
        ({"scopes": ["whatsapp_business_management"]}, "send", 10, None),
        ({"revoked": True}, "send", 190, 458),
        ({"expires_in": -1}, "send", 190, 463),
    ],
)
def test_token_that_may_not_is_refused(sandbox, graph, token, call, code, subcode):
    sandbox.control("whatsapp/tokens", {"token": "EAAother"} | token)
    headers = {"Authorization": "Bearer EAAother"}
    paths = {"manage": ("GET", NUMBER), "send": ("POST", f"{NUMBER}/messages")}

    status, answer = graph.call(*paths[call], headers=headers)

    error = answer["error"]
    assert (status, error["code"]) == (403 if code == 10 else 401, code)
    assert error.get("error_subcode") == subcode


def test_debug_token_shows_scopes_and_accounts(sandbox, graph):
    token = {"token": "EAAother", "scopes": ["whatsapp_business_messaging"], "expires_in": 60}
    sandbox.control("whatsapp/tokens", token)

    _, answer = graph.call("GET", "debug_token?input_token=EAAother")

    data = answer["data"]
    assert (data["is_valid"], data["scopes"]) == (True, ["whatsapp_business_messaging"])
    assert data["granular_scopes"] == [
        {"scope": "whatsapp_business_messaging", "target_ids": [WABA]}
    ]
    assert data["expires_at"] > 0


def test_management_calls_are_counted_and_limited(sandbox, graph):
    sandbox.control("whatsapp/settings", {"management_calls_per_hour": 2})

    def call():
        headers = {"Authorization": "Bearer EAASANDBOXtoken"}
        answer = graph.session.get(f"{graph.url}/{NUMBER}", headers=headers, timeout=5)
        usage = json.loads(answer.headers["X-Business-Use-Case-Usage"])[WABA][0]["call_count"]
        return answer.status_code, usage, answer.json().get("error", {}).get("code")

    first, _, third = call(), call(), call()
    sandbox.control("clock", {"advance": 3601})

    assert (first, third, call()) == ((200, 50, None), (400, 100, 80007), (200, 50, None))


def test_tier_limits_customers_outside_the_window(sandbox, graph, connected):
    set_number(sandbox, messaging_limit="TIER_50")
    template = {"name": "hello_world", "language": {"code": "en_US"}}

    def send(turn):
        to = f"+316555{turn:05d}"
        return graph.send(type="template", text=None, template=template, to=to)

    for turn in range(51):
        send(turn)
    send(0)

    def status_of(received):
        return value_of(received)["value"]["statuses"][0]

    seen = [status_of(one) for one in connected.take(103)]
    failed = [one for one in seen if one["status"] == "failed"]
    assert [(one["recipient_id"], one["errors"][0]["code"]) for one in failed] == [
        ("31655500050", 131048)
    ]


def test_pair_and_throughput_limits_are_on_and_can_be_set(sandbox, graph):
    sandbox.control("whatsapp/settings", {"messages_per_second": 1, "pair_limit": False})
    codes = {graph.send()[1].get("error", {}).get("code") for _ in range(5)}
    sandbox.control("whatsapp/settings", {"throughput_limit": False})

    assert codes == {None, 130429}
    assert {graph.send()[0] for _ in range(60)} == {200}


def test_allowed_recipients_are_the_only_ones(sandbox, graph):
    sandbox.control("whatsapp/settings", {"allowed_recipients": "31655500001"})

    assert graph.send()[1]["error"]["code"] == 131030
    assert graph.send(to="+31655500001")[0] == 200


def test_events_of_every_kind_reach_the_apps_own_callback(sandbox, graph, connected):
    listed = sandbox.look("whatsapp/events")
    plain = [field for field in listed["fields"] if field != "account_update"]
    graph.call(
        "POST",
        NUMBER,
        {"webhook_configuration": {"override_callback_uri": "", "verify_token": "x"}},
    )

    for field in plain:
        sandbox.control("whatsapp/events", {"field": field})
    for event in listed["account_update"]:
        sandbox.control("whatsapp/events", {"field": "account_update", "event": event})

    seen = [value_of(one) for one in connected.take(len(plain) + len(listed["account_update"]))]
    assert [one["field"] for one in seen[: len(plain)]] == plain
    assert [one["value"]["event"] for one in seen[len(plain) :]] == listed["account_update"]
    assert all(isinstance(one.json["entry"][0]["time"], int) for one in connected.received)
    assert "{" not in json.dumps([one["value"].get("waba_info") for one in seen]).replace(
        '{"waba_id"', ""
    )


def test_event_goes_around_an_override(sandbox, graph, connected, serving):
    sandbox.control("whatsapp/events", {"field": "account_alerts"})

    entry = connected.take(1)[0].json["entry"][0]
    assert (entry["id"], entry["changes"][0]["value"]["entity_id"]) == (WABA, NUMBER)


def test_ban_refuses_sends_until_it_is_lifted(sandbox, graph):
    ban = {"field": "account_update", "event": "DISABLED_UPDATE"}
    sandbox.control("whatsapp/events", ban)
    banned = graph.send()[1]["error"]["code"]

    sandbox.control(
        "whatsapp/events", ban | {"value": {"ban_info": {"waba_ban_state": "REINSTATE"}}}
    )

    assert (banned, graph.send()[0]) == (368, 200)


def test_new_limit_by_event_is_shown(sandbox, graph):
    event = {"field": "phone_number_quality_update", "value": {"current_limit": "TIER_10K"}}
    event["value"]["max_daily_conversations_per_business"] = "TIER_10K"
    sandbox.control("whatsapp/events", event)

    path = f"{NUMBER}?fields=whatsapp_business_manager_messaging_limit"
    limit = graph.call("GET", path)[1]["whatsapp_business_manager_messaging_limit"]
    assert limit == "TIER_10K"


def test_event_without_example_wants_a_value(sandbox):
    answer = sandbox.session.post(
        f"{sandbox.url}/control/whatsapp/events", json={"field": "moon_phase"}, timeout=5
    )

    assert answer.status_code == 400


def test_number_is_added_verified_and_registered(graph):
    made = graph.call(
        "POST",
        f"{WABA}/phone_numbers",
        {"cc": "31", "phone_number": "855500199", "verified_name": "Tweede balie"},
    )[1]["id"]
    body = {"messaging_product": "whatsapp", "pin": "123456"}
    early = graph.call("POST", f"{made}/register", body)[1]["error"]["code"]
    graph.call("POST", f"{made}/request_code", {"code_method": "SMS", "language": "nl"})
    wrong = graph.call("POST", f"{made}/verify_code", {"code": "000000"})[1]["error"]["code"]
    graph.call("POST", f"{made}/verify_code", {"code": "123456"})
    graph.call("POST", f"{made}/register", body)
    other = graph.call("POST", f"{made}/register", body | {"pin": "654321"})[1]["error"]["code"]

    assert (early, wrong, other) == (133006, 136025, 133005)
    assert graph.call("GET", f"{made}?fields=status")[1]["status"] == "CONNECTED"


def test_username_is_set_once_and_told(graph, connected):
    path = f"{NUMBER}/username"
    bad = graph.call("POST", path, {"username": "www.balie"})[1]["error"]["code"]
    done = graph.call("POST", path, {"username": "de.balie"})[1]

    told = value_of(connected.take(1)[0])
    assert (bad, done) == (147001, {"status": "approved"})
    assert graph.call("GET", path)[1]["username"] == "de.balie"
    assert (told["field"], told["value"]["username"]) == ("business_username_updates", "de.balie")


def test_upload_in_two_parts_gives_a_handle_for_a_picture(graph):
    _, opened = graph.call(
        "POST", "670843887433847/uploads?file_name=a.jpg&file_length=6&file_type=image/jpeg"
    )
    headers = {"Authorization": "OAuth EAASANDBOXtoken"}
    first = graph.call("POST", opened["id"], headers=headers, data=b"abc")[1]
    second = graph.call("POST", opened["id"], headers=headers, data=b"def")[1]

    body = {"messaging_product": "whatsapp", "profile_picture_handle": second["h"]}
    assert first == {"id": opened["id"], "file_offset": 3}
    assert graph.call("POST", f"{NUMBER}/whatsapp_business_profile", body)[0] == 200
