"""Triggers: conditions, actions, order."""

import pytest


def trigger(conditions, actions, **fields):
    rows = [dict(zip(("field", "operator", "value"), row, strict=True)) for row in conditions]
    done = [{"field": name, "value": value} for name, value in actions]
    return {
        "trigger": {"title": "T", "conditions": {"all": rows, "any": []}, "actions": done} | fields
    }


MARK = [("current_tags", "fired")]


@pytest.mark.parametrize(
    ("conditions", "fires"),
    [
        ([("status", "less_than", "closed")], True),
        ([("status", "greater_than", "pending")], False),
        ([("status", "value", "OPEN")], True),
        ([("status", "value_previous", "new")], True),
        ([("status", "not_value_previous", "new")], False),
        ([("status", "changed", "")], True),
        ([("priority", "not_changed", "")], True),
        ([("update_type", "is", "Create")], False),
        ([("update_type", "is", "Change")], True),
        ([("role", "is", "agent")], True),
        ([("role", "is", "end_user")], False),
        ([("current_via_id", "is", "5")], True),
        ([("current_via_id", "is_not", "5")], False),
        ([("via_id", "is", 5)], True),
        ([("comment_is_public", "is", "true")], True),
        ([("comment_is_public", "is", True)], True),
        ([("comment_is_public", "is", "false")], False),
        ([("comment_includes_word", "includes", "bestelling retour")], True),
        ([("comment_includes_word", "not_includes", "bestelling")], False),
        ([("current_tags", "includes", "x balie")], True),
        ([("current_tags", "not_includes", "balie")], False),
        ([("assignee_id", "is", "")], True),
        ([("assignee_id", "is", "current_user")], False),
        ([("requester_id", "is_not", "current_user")], True),
        ([("custom_fields_5", "is", "x")], True),
        ([("custom_fields_6", "present", "")], False),
        ([("ticket_is_public", "is", "public"), ("status", "is", "solved")], False),
    ],
)
def test_conditions(zendesk, conditions, fires):
    ticket = zendesk.ticket(tags=["balie"], custom_fields=[{"id": 5, "value": "x"}])
    zendesk.done("POST", "/triggers", trigger(conditions, MARK))
    said = {"body": "Mijn bestelling?", "author_id": ticket["requester_id"], "public": True}

    _, found = zendesk.update(1, status="open", comment=said)

    assert ("fired" in found["ticket"]["tags"]) == fires


def test_any_needs_only_one(zendesk):
    body = trigger([], MARK)
    body["trigger"]["conditions"]["any"] = [
        {"field": "status", "operator": "is", "value": "solved"},
        {"field": "status", "operator": "is", "value": "new"},
    ]
    zendesk.done("POST", "/triggers", body)

    assert zendesk.ticket()["tags"] == ["fired"]


def test_a_change_by_one_trigger_lets_an_earlier_one_fire(zendesk):
    zendesk.done(
        "POST", "/triggers", trigger([("priority", "is", "high")], [("set_tags", "urgent")])
    )
    second = zendesk.done(
        "POST", "/triggers", trigger([("update_type", "is", "Create")], [("priority", "high")])
    )["trigger"]

    answer = zendesk.done(
        "POST", "/tickets", {"ticket": {"comment": {"body": "x"}, "subject": "S"}}
    )

    assert (answer["ticket"]["tags"], answer["ticket"]["priority"]) == (["urgent"], "high")
    [change] = [one for one in answer["audit"]["events"] if one.get("value") == "high"]
    assert (change["type"], change["via"]["source"]["from"]["id"]) == ("Change", second["id"])


def test_inactive_trigger_does_not_fire_and_an_update_can_wake_it(zendesk):
    made = zendesk.done("POST", "/triggers", trigger([], MARK, active=False))["trigger"]
    quiet = zendesk.ticket()["tags"]
    zendesk.done("PUT", f"/triggers/{made['id']}", {"trigger": {"active": True}})

    assert (quiet, zendesk.ticket()["tags"]) == ([], ["fired"])


def test_notify_requester_leaves_its_trace_in_the_audit(zendesk):
    mail = [("notification_user", ["requester_id", "[Received]", "Your request"])]
    zendesk.done("POST", "/triggers", trigger([("update_type", "is", "Create")], mail))

    ticket = zendesk.ticket()

    events = zendesk.done("GET", f"/tickets/{ticket['id']}/audits")["audits"][0]["events"]
    assert (events[-1]["type"], events[-1]["recipients"]) == (
        "Notification",
        [ticket["requester_id"]],
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"title": ""},
        {"actions": []},
        {"actions": [{"field": "explode", "value": 1}]},
        {"actions": [{"field": "notification_webhook", "value": "x"}]},
        {"conditions": {"all": [{"field": "mood", "operator": "is", "value": 1}]}},
        {"conditions": {"all": [{"field": "status", "operator": "rhymes", "value": 1}]}},
        {"conditions": {"all": "x"}},
        {"conditions": []},
    ],
)
def test_trigger_that_is_wrong_is_refused(zendesk, changes):
    body = trigger([("status", "is", "new")], MARK)
    body["trigger"] |= changes

    assert zendesk.call("POST", "/triggers", body)[0] == 422
