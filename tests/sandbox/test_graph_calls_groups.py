"""Calls, groups, and numbers that are used in the app as well."""

import pytest

NUMBER = "106540352242922"
DISPLAY = "31855500100"
CUSTOMER = "31655501234"
OTHER = "31655505678"


def changes(receiver, count):
    return [one.json["entry"][0]["changes"][0] for one in receiver.take(count)]


def post(graph, path, **body):
    return graph.call("POST", path, {"messaging_product": "whatsapp"} | body)


def ring(sandbox, **more):
    return sandbox.control("whatsapp/calls", {"from": f"+{CUSTOMER}"} | more)["id"]


SESSION = {"sdp_type": "answer", "sdp": "v=0"}


def test_call_of_a_customer_opens_the_window(sandbox, graph, connected):
    call_id = ring(sandbox, cta_payload="from-ad")

    graph.send()

    call, sent = changes(connected, 2)
    [entry] = call["value"]["calls"]
    session = entry.pop("session")
    user_id = sandbox.look(f"whatsapp/phones/{CUSTOMER}")["user_id"]
    assert (call["field"], session["sdp_type"]) == ("calls", "offer")
    assert entry.pop("timestamp").isdecimal()
    assert entry == {
        "id": call_id,
        "to": DISPLAY,
        "from": CUSTOMER,
        "from_user_id": user_id,
        "event": "connect",
        "direction": "USER_INITIATED",
        "cta_payload": "from-ad",
    }
    assert sent["value"]["statuses"][0]["status"] == "sent"


def test_call_rejected_ends_as_failed(sandbox, graph, connected):
    call_id = ring(sandbox)

    answer = post(graph, f"{NUMBER}/calls", call_id=call_id, action="reject")

    _, ended = changes(connected, 2)
    [entry] = ended["value"]["calls"]
    assert answer == (200, {"messaging_product": "whatsapp", "success": True})
    assert (entry["event"], entry["status"], "duration" in entry) == ("terminate", "FAILED", False)
    assert sandbox.look(f"whatsapp/calls/{call_id}")["state"] == "ended"
    again = post(graph, f"{NUMBER}/calls", call_id=call_id, action="terminate")
    assert again[1]["error"]["code"] == 131009


def test_call_accepted_tells_how_long_it_took(sandbox, graph, connected):
    call_id = ring(sandbox)
    opaque = {"biz_opaque_callback_data": "c-1"}
    post(graph, f"{NUMBER}/calls", call_id=call_id, action="accept", session=SESSION, **opaque)
    sandbox.control("clock", {"advance": 120})

    sandbox.control(f"whatsapp/calls/{call_id}/terminate", {})

    [entry] = changes(connected, 2)[1]["value"]["calls"]
    assert (entry["status"], entry["biz_opaque_callback_data"]) == ("COMPLETED", "c-1")
    assert 120 <= entry["duration"] < 180


def test_call_ended_by_an_error_tells_it(sandbox, connected):
    call_id = ring(sandbox)

    sandbox.control(f"whatsapp/calls/{call_id}/terminate", {"error": 138001})

    value = changes(connected, 2)[1]["value"]
    assert (value["calls"][0]["status"], value["errors"][0]["code"]) == ("FAILED", 138001)


def test_call_of_the_business_needs_permission(sandbox, graph, connected):
    def connect():
        offer = {"sdp_type": "offer", "sdp": "v=0"}
        return post(graph, f"{NUMBER}/calls", to=CUSTOMER, action="connect", session=offer)

    off = connect()[1]["error"]["code"]
    sandbox.control(f"whatsapp/numbers/{NUMBER}", {"messaging_limit": "TIER_2K"})
    post(graph, f"{NUMBER}/settings", calling={"status": "ENABLED"})
    asked = connect()[1]["error"]["code"]
    sandbox.control(f"whatsapp/phones/{CUSTOMER}", {"call_permission": "permanent"})
    call_id = connect()[1]["calls"][0]["id"]

    sandbox.control(f"whatsapp/calls/{call_id}/answer", {"accept": True})

    _, connected_, ringing, accepted = changes(connected, 4)
    assert (off, asked) == (138000, 138006)
    assert connected_["value"]["calls"][0]["session"]["sdp_type"] == "answer"
    statuses = [one["value"]["statuses"][0] for one in (ringing, accepted)]
    assert [(one["type"], one["status"]) for one in statuses] == [
        ("call", "RINGING"),
        ("call", "ACCEPTED"),
    ]


def test_call_permission_follows_the_answer_on_the_phone(sandbox, graph):
    sandbox.control("whatsapp/messages", {"from": CUSTOMER, "text": "Hoi"})
    interactive = {
        "type": "call_permission_request",
        "action": {"name": "call_permission_request"},
    }
    sent = graph.send(type="interactive", text=None, interactive=interactive)[1]["messages"][0]
    path = f"{NUMBER}/call_permissions?user_wa_id={CUSTOMER}"
    before = graph.call("GET", path)[1]

    sandbox.control(f"whatsapp/phones/{CUSTOMER}/tap", {"message_id": sent["id"]})

    after = graph.call("GET", path)[1]
    can_call = [one["actions"][1]["can_perform_action"] for one in (before, after)]
    assert (before["permission"]["status"], after["permission"]["status"], can_call) == (
        "no_permission",
        "temporary",
        [False, True],
    )


def make_group(sandbox, **more):
    people = {"participants": [f"+{CUSTOMER}", f"+{OTHER}"]}
    return sandbox.control("whatsapp/groups", {"subject": "Texel"} | people | more)["id"]


def test_group_message_comes_with_its_speaker(sandbox, connected):
    group_id = make_group(sandbox)

    sandbox.control("whatsapp/messages", {"from": OTHER, "text": "Hoi", "group": group_id})

    value = changes(connected, 1)[0]["value"]
    assert value["messages"][0]["group_id"] == group_id
    assert value["contacts"][0]["wa_id"] == OTHER


def test_group_gets_one_message_and_statuses_together(sandbox, graph, connected):
    group_id = make_group(sandbox)

    status, answer = graph.send(to=group_id, recipient_type="group")

    sent, delivered = (one["value"]["statuses"] for one in changes(connected, 2))
    shown = [sandbox.look(f"whatsapp/phones/{one}")["messages"][0] for one in (CUSTOMER, OTHER)]
    assert (status, answer["messages"][0]["group_id"]) == (200, group_id)
    assert [one["text"] for one in shown] == ["Goedemiddag"] * 2
    assert [(one["status"], one["recipient_id"]) for one in sent] == [("sent", group_id)]
    assert {one["recipient_participant_id"] for one in delivered} == {CUSTOMER, OTHER}
    assert sent[0]["pricing"]["category"] == "group_service"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"to": "nowhere"}, 131041),
        ({"type": "location", "location": {"latitude": 1, "longitude": 1}}, 131051),
        ({"to": None}, 100),
    ],
)
def test_group_send_that_cannot_be_is_refused(sandbox, graph, change, code):
    body = {"to": make_group(sandbox), "recipient_type": "group"} | change

    assert graph.send(**body)[1]["error"]["code"] == code


def test_group_empty_or_suspended_takes_nothing(sandbox, graph):
    empty, held = make_group(sandbox, participants=[]), make_group(sandbox)
    sandbox.control(f"whatsapp/groups/{held}/suspend", {})

    codes = [
        graph.send(to=one, recipient_type="group")[1]["error"]["code"] for one in (empty, held)
    ]

    assert codes == [131020, 131207]


def test_group_is_made_changed_and_deleted_by_the_api(sandbox, graph, connected):
    request = post(graph, f"{NUMBER}/groups", subject="Rit", description="Zaterdag")[1]
    created = changes(connected, 1)[0]
    [entry] = created["value"]["groups"]
    group_id = entry["group_id"]

    listed = graph.call("GET", f"{NUMBER}/groups")[1]["data"]["groups"]
    link = graph.call("GET", f"{group_id}/invite_link")[1]["invite_link"]
    reset = post(graph, f"{group_id}/invite_link")[1]["invite_link"]
    post(graph, group_id, subject="Rit naar Texel")
    shown = graph.call("GET", f"{group_id}?fields=subject,participants")[1]
    graph.call("DELETE", group_id)

    fields = [one["field"] for one in changes(connected, 3)]
    assert (entry["type"], entry["request_id"]) == ("group_create", request["request_id"])
    assert ([one["id"] for one in listed], link) == ([group_id], entry["invite_link"])
    assert reset != link
    assert (shown["subject"], shown["participants"]) == ("Rit naar Texel", [])
    assert fields == ["group_lifecycle_update", "group_settings_update", "group_lifecycle_update"]
    assert graph.call("GET", group_id)[0] == 400


def test_group_members_come_by_approval_and_go(sandbox, graph, connected):
    group_id = make_group(sandbox, join_approval_mode="approval_required", participants=[])
    path = f"whatsapp/groups/{group_id}"
    request = sandbox.control(f"{path}/join", {"from": CUSTOMER})["join_request_id"]
    waiting = graph.call("GET", f"{group_id}/join_requests")[1]["data"]
    approved = post(graph, f"{group_id}/join_requests", join_requests=[request, "none"])[1]
    sandbox.control(f"{path}/leave", {"from": CUSTOMER})

    types = [one["value"]["groups"][0]["type"] for one in changes(connected, 3)]
    assert [one["join_request_id"] for one in waiting] == [request]
    assert approved["approved_join_requests"] == [request]
    assert approved["failed_join_requests"][0]["join_request_id"] == "none"
    assert types == [
        "group_join_request_created",
        "group_participants_add",
        "group_participants_remove",
    ]


def coexist(sandbox):
    sandbox.control(f"whatsapp/numbers/{NUMBER}", {"coexists": True})


def test_echo_is_shown_and_told_and_opens_no_window(sandbox, graph, connected):
    coexist(sandbox)

    echo = sandbox.control("whatsapp/echoes", {"from": CUSTOMER, "text": "Ja hoor"})["id"]
    graph.send()

    told, failed = changes(connected, 2)
    [entry] = told["value"]["message_echoes"]
    [shown] = sandbox.look(f"whatsapp/phones/{CUSTOMER}")["messages"]
    assert told["field"] == "smb_message_echoes"
    assert (entry["from"], entry["to"], entry["id"]) == (DISPLAY, CUSTOMER, echo)
    assert (entry["text"], shown["direction"]) == ({"body": "Ja hoor"}, "in")
    assert failed["value"]["statuses"][0]["errors"][0]["code"] == 131047


def test_history_comes_in_phases_with_files_after_it(sandbox, graph, connected):
    coexist(sandbox)
    past = [
        {"with": CUSTOMER, "text": "Lang geleden", "days_ago": 100, "status": "delivered"},
        {"with": CUSTOMER, "from_business": True, "text": "Toen", "days_ago": 10},
        {"with": OTHER, "type": "image", "days_ago": 2},
    ]
    sandbox.control("whatsapp/past", {"messages": past})

    status, _ = post(graph, f"{NUMBER}/smb_app_data", sync_type="history")

    *phases, media = [one["value"] for one in changes(connected, 4)]
    metadata = [one["history"][0]["metadata"] for one in phases]
    assert (status, [one["phase"] for one in metadata], metadata[-1]["progress"]) == (
        200,
        [0, 1, 2],
        100,
    )
    threads = phases[1]["history"][0]["threads"]
    assert [one["id"] for one in threads] == [CUSTOMER, OTHER]
    assert threads[0]["messages"][0]["history_context"] == {"status": "READ"}
    assert threads[0]["messages"][0]["from"] == DISPLAY
    assert threads[1]["messages"][0]["type"] == "media_placeholder"
    assert media["messages"][0]["image"]["id"].isdecimal()


def test_history_can_be_declined(sandbox, connected):
    sandbox.control("whatsapp/history", {"declined": True})

    [change] = changes(connected, 1)
    assert change["value"]["history"][0]["errors"][0]["code"] == 2593109


def test_sync_is_once_and_in_time(sandbox, graph):
    def sync(kind="smb_app_state_sync"):
        return post(graph, f"{NUMBER}/smb_app_data", sync_type=kind)

    plain = sync()[1]["error"]["code"]
    coexist(sandbox)
    first, again = sync(), sync()
    sandbox.control("clock", {"advance": 86401})
    late = sync("history")

    assert (plain, first[0]) == (100, 200)
    assert [one[1]["error"]["code"] for one in (again, late)] == [2593107, 2593108]


def test_contacts_of_the_app_are_told(sandbox, connected):
    sandbox.control("whatsapp/contacts", {"from": CUSTOMER, "action": "remove"})

    [change] = changes(connected, 1)
    [entry] = change["value"]["state_sync"]
    assert (change["field"], entry["action"]) == ("smb_app_state_sync", "remove")
    assert entry["contact"]["phone_number"] == CUSTOMER
