"""Message templates: made, reviewed, listed, edited, deleted; and the checks of a send."""

import json
from pathlib import Path

import pytest

WABA = "419561257915477"
CUSTOMER = "31655501234"
EXAMPLES = (
    Path(__file__).parents[3]
    / "shared/fixtures/whatsapp/facebook__openapi/extracted_examples/WABA_ID_message_templates"
)
BODY = {"type": "BODY", "text": "Dag {{1}}, uw bestelling {{2}} komt morgen aan."}


def make(sandbox, **more):
    usual = {"name": "order"} | ({} if "body" in more else {"components": [BODY]})
    return sandbox.control("whatsapp/templates", usual | more)


def create(graph, **more):
    usual = {"name": "order", "language": "nl", "category": "UTILITY", "components": [BODY]}
    return graph.call("POST", f"v24.0/{WABA}/message_templates", usual | more)


def changes(receiver):
    return [one.json["entry"][0] for one in receiver.received]


def published(kind):
    folder = EXAMPLES / kind
    return sorted(path.name for path in folder.glob("*.json")) if folder.is_dir() else []


@pytest.mark.skipif(not EXAMPLES.is_dir(), reason="../shared/fixtures is not beside it")
@pytest.mark.parametrize("name", published("post/request"))
def test_published_template_is_taken(graph, name):
    body = json.loads((EXAMPLES / "post/request" / name).read_text())
    if not body["name"].islower():
        body["name"] = "flow_template"

    status, answer = graph.call("POST", f"v24.0/{WABA}/message_templates", body)

    if name.startswith("Create_multi_product"):
        # Published with a link that Meta itself would find too full of variables.
        assert status in (200, 400)
    assert (status, answer["status"], answer["category"]) == (200, "PENDING", body["category"])


@pytest.mark.parametrize(
    ("review", "event"), [("approve", "APPROVED"), ("reject", "REJECTED")], ids=["yes", "no"]
)
def test_review_decides_and_tells(sandbox, graph, connected, review, event):
    sandbox.control("whatsapp/settings", {"review": review, "review_seconds": 0})

    _, made = create(graph)

    [entry] = [one.json["entry"][0] for one in connected.take(1)]
    [change] = entry["changes"]
    told = change["value"]
    assert (made["status"], change["field"]) == ("PENDING", "message_template_status_update")
    assert isinstance(entry["time"], int)
    assert (told["event"], told["message_template_id"]) == (event, int(made["id"]))
    assert (told["message_template_name"], told["message_template_language"]) == ("order", "nl")
    assert told["reason"] == ("NONE" if event == "APPROVED" else "INVALID_FORMAT")
    assert graph.call("GET", f"{made['id']}?fields=status")[1]["status"] == event


@pytest.mark.parametrize(
    ("decision", "field", "value"),
    [
        (
            {"status": "PAUSED"},
            "message_template_status_update",
            {"event": "PAUSED", "reason": "NONE"},
        ),
        (
            {"status": "DISABLED", "reason": "ABUSIVE_CONTENT"},
            "message_template_status_update",
            {"event": "DISABLED", "reason": "ABUSIVE_CONTENT"},
        ),
        (
            {"quality": "RED"},
            "message_template_quality_update",
            {"previous_quality_score": "UNKNOWN", "new_quality_score": "RED"},
        ),
        (
            {"category": "MARKETING"},
            "template_category_update",
            {"previous_category": "UTILITY", "new_category": "MARKETING"},
        ),
        (
            {"category": "MARKETING", "later": True},
            "template_category_update",
            {"correct_category": "MARKETING", "new_category": "UTILITY"},
        ),
        (
            {"components": [{"type": "BODY", "text": "Anders."}]},
            "message_template_components_update",
            {"message_template_element": "Anders."},
        ),
    ],
    ids=["pause", "disable", "quality", "category", "category later", "components"],
)
def test_decision_tells_in_its_field(sandbox, connected, decision, field, value):
    template = make(sandbox)

    sandbox.control(f"whatsapp/templates/{template['id']}", decision)

    connected.take(1)
    [change] = changes(connected)[0]["changes"]
    assert change["field"] == field
    assert {key: change["value"][key] for key in value} == value


def test_templates_are_listed_in_pages_with_filters(sandbox, graph):
    for turn in range(5):
        make(sandbox, name=f"t{turn}", category="MARKETING" if turn else "UTILITY")

    path = f"{WABA}/message_templates?limit=2&fields=name,status&category=MARKETING"
    first = graph.call("GET", path)[1]
    after = first["paging"]["cursors"]["after"]
    second = graph.call("GET", f"{path}&after={after}")[1]
    named = graph.call("GET", f"{WABA}/message_templates?name=t0&summary=total_count")[1]

    assert [set(one) for one in first["data"]] == [{"name", "status", "id"}] * 2
    names = [one["name"] for page in (first, second) for one in page["data"]]
    assert (names, "next" in first["paging"], "next" in second["paging"]) == (
        ["t1", "t2", "t3", "t4"],
        True,
        False,
    )
    assert ([one["name"] for one in named["data"]], named["summary"]) == (
        ["t0"],
        {"total_count": 1},
    )


@pytest.mark.parametrize(
    ("change", "subcode"),
    [
        ({"name": "Order"}, None),
        ({"language": "Nederlands"}, None),
        ({"category": "PROMO"}, None),
        ({"components": None}, None),
        ({"components": [{"type": "FOOTER", "text": "x"}]}, 2388072),
        ({"components": [{"type": "BODY", "text": "x" * 1025}]}, 2388040),
        ({"components": [{"type": "BODY", "text": "{{1}} begint dit bericht"}]}, 2388299),
        ({"components": [{"type": "BODY", "text": "Dag {{1}} en {{2}} hoi"}]}, 2388293),
        ({"components": [BODY, {"type": "FOOTER", "text": "{{1}}"}]}, 2388073),
        ({"components": [BODY, {"type": "HEADER", "text": "x" * 61}]}, 2388040),
        ({"components": [BODY, {"type": "HEADER", "format": "SONG"}]}, 2388047),
        ({"components": [BODY, {"type": "BUTTONS", "buttons": []}]}, 2388043),
        (
            {
                "components": [
                    BODY,
                    {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "x" * 26}]},
                ]
            },
            2388040,
        ),
    ],
)
def test_create_refuses_what_breaks_a_rule(graph, change, subcode):
    status, answer = create(graph, **change)

    assert (status, answer["error"]["code"]) == (400, 100)
    assert answer["error"].get("error_subcode") == subcode


def test_name_is_taken_then_locked_for_30_days(sandbox, graph):
    make(sandbox)
    taken = create(graph)[1]["error"]["error_subcode"]
    deleted = graph.call("DELETE", f"{WABA}/message_templates?name=order")
    locked = create(graph)[1]["error"]["error_subcode"]
    sandbox.control("clock", {"advance": 30 * 86400 + 1})

    assert (taken, deleted, locked) == (2388024, (200, {"success": True}), 2388023)
    assert create(graph)[0] == 200


def test_edit_goes_into_review_once_a_day(sandbox, graph):
    template = make(sandbox)
    sandbox.control("whatsapp/settings", {"review": "hold"})
    change = {"components": [{"type": "BODY", "text": "Dag {{1}}, alles goed daar?"}]}

    first = graph.call("POST", template["id"], change)
    pending = graph.call("POST", template["id"], change)[1]["error"]["error_subcode"]
    sandbox.control(f"whatsapp/templates/{template['id']}", {"status": "APPROVED"})
    again = graph.call("POST", template["id"], change)[1]["error"]["error_subcode"]

    assert (first[0], first[1]["success"], pending, again) == (200, True, 2388039, 2388039)


def send(graph, components=(), name="order", language="nl", **more):
    template = {"name": name, "language": {"code": language}, "components": list(components)}
    return graph.send(type="template", text=None, template=template, **more)


def texts(*values, type_="body"):
    return {"type": type_, "parameters": [{"type": "text", "text": value} for value in values]}


def test_send_outside_window_arrives_and_costs(sandbox, graph, connected):
    make(sandbox)

    status, answer = send(graph, [texts("Sanne", "42")])

    entry = changes(connected) if connected.take(1) else []
    pricing = entry[0]["changes"][0]["value"]["statuses"][0]["pricing"]
    [shown] = sandbox.look(f"whatsapp/phones/{CUSTOMER}")["messages"]
    assert (status, answer["messages"][0]["message_status"]) == (200, "accepted")
    assert shown["message"]["body"] == "Dag Sanne, uw bestelling 42 komt morgen aan."
    assert (pricing["category"], pricing["type"], pricing["billable"]) == (
        "utility",
        "regular",
        True,
    )


@pytest.mark.parametrize(
    ("status", "code", "http"),
    [
        ("PENDING", 132001, 404),
        ("REJECTED", 132001, 404),
        ("PAUSED", 132015, 400),
        ("DISABLED", 132016, 400),
    ],
)
def test_send_of_template_that_is_not_approved_is_refused(sandbox, graph, status, code, http):
    make(sandbox, status=status)

    answer = send(graph, [texts("a", "b")])

    assert (answer[0], answer[1]["error"]["code"]) == (http, code)


@pytest.mark.parametrize(
    ("components", "code"),
    [
        ([], 132000),
        ([texts("a")], 132000),
        ([texts("a", "b", "c")], 132000),
        ([texts("a", "b\nc")], 132018),
        ([texts("a", "b     c")], 132018),
        ([texts("a", "x" * 1100)], 132005),
        ([{"type": "body", "parameters": [{"type": "image"}, {"type": "text"}]}], 132012),
        ([texts("a", "b"), texts("c", type_="header")], 132000),
        ([texts("a", "b"), {"type": "button", "sub_type": "url", "index": "3"}], 132000),
        ([texts("a", "b"), {"type": "button", "index": "x"}], 132012),
    ],
)
def test_send_with_wrong_parameters_is_refused(sandbox, graph, components, code):
    make(sandbox)

    status, answer = send(graph, components)

    assert (status, answer["error"]["code"]) == (400, code)


def test_send_in_other_language_is_not_found(sandbox, graph):
    make(sandbox)

    status, answer = send(graph, [texts("a", "b")], language="en_US")

    details = answer["error"]["error_data"]["details"]
    assert (status, details) == (404, "template name (order) does not exist in en_US")


def test_send_with_media_header_wants_that_media(sandbox, graph):
    components = [{"type": "HEADER", "format": "IMAGE"}, BODY]
    make(sandbox, components=components)
    link = {"type": "image", "image": {"link": "https://example.org/a.jpg"}}
    place = {"type": "location", "location": {"latitude": 52, "longitude": 5}}

    good = send(graph, [texts("a", "b"), {"type": "header", "parameters": [link]}])
    none = send(graph, [texts("a", "b")])
    wrong = send(graph, [texts("a", "b"), {"type": "header", "parameters": [place]}])

    assert good[0] == 200
    assert [one[1]["error"]["code"] for one in (none, wrong)] == [132000, 132012]


def test_send_with_named_parameters_matches_names(sandbox, graph):
    body = {"type": "BODY", "text": "Dag {{name}}, tot op {{day}} in de winkel."}
    make(sandbox, components=[body], parameter_format="NAMED")

    def named(*pairs):
        return {
            "type": "body",
            "parameters": [
                {"type": "text", "parameter_name": name, "text": value} for name, value in pairs
            ],
        }

    good = send(graph, [named(("day", "maandag"), ("name", "Sanne"))])
    bad = send(graph, [named(("dag", "maandag"), ("name", "Sanne"))])

    [shown] = sandbox.look(f"whatsapp/phones/{CUSTOMER}")["messages"]
    assert (good[0], bad[1]["error"]["code"]) == (200, 132012)
    assert shown["message"]["body"] == "Dag Sanne, tot op maandag in de winkel."


def test_authentication_template_needs_a_number(sandbox, graph):
    components = [
        {"type": "BODY", "add_security_recommendation": True},
        {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE"}]},
    ]
    make(sandbox, name="code", category="AUTHENTICATION", components=components)
    user_id = sandbox.look(f"whatsapp/phones/{CUSTOMER}")["user_id"]
    button = texts("123456", type_="button") | {"sub_type": "url", "index": "0"}
    filled = [texts("123456"), button]

    by_number = send(graph, filled, name="code")
    by_user = send(graph, filled, name="code", to=None, recipient=user_id)
    bare = send(graph, filled[:1], name="code")

    assert by_number[0] == 200
    assert [one[1]["error"]["code"] for one in (by_user, bare)] == [131062, 131008]


def test_tapping_a_template_sends_its_payload(sandbox, graph, connected):
    make(sandbox, body="Uw antwoord staat klaar bij ons.", buttons=["Bekijk", "Nee"])
    button = {"type": "button", "sub_type": "quick_reply", "index": 0}
    payload = {"parameters": [{"type": "payload", "payload": "show-42"}]}
    sent = send(graph, [button | payload])[1]["messages"][0]["id"]

    sandbox.control(f"whatsapp/phones/{CUSTOMER}/tap", {"message_id": sent, "index": 0})

    message = connected.take(3)[2].json["entry"][0]["changes"][0]["value"]["messages"][0]
    assert (message["type"], message["context"]["id"]) == ("button", sent)
    assert message["button"] == {"payload": "show-42", "text": "Bekijk"}


@pytest.mark.parametrize(
    ("type_", "broken"),
    [("marketing", 134100), ("text", 134100)],
    ids=["utility template", "no template"],
)
def test_marketing_messages_takes_marketing_only(sandbox, graph, type_, broken):
    make(sandbox)
    template = {"name": "order", "language": {"code": "nl"}, "components": [texts("a", "b")]}
    body = {"messaging_product": "whatsapp", "to": "+31655501234", "type": "template"}
    body |= {"template": template} if type_ == "marketing" else {"type": "text"}

    status, answer = graph.call("POST", "106540352242922/marketing_messages", body)

    assert (status, answer["error"]["code"]) == (400, broken)
