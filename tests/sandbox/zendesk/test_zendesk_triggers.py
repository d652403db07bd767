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
        {"conditions": {"all": [{"field": "status", "operator": "is", "value": {}}]}},
        {"actions": [{"field": "status", "value": {}}]},
        {"conditions": {"all": "x"}},
        {"conditions": []},
    ],
)
def test_trigger_that_is_wrong_is_refused(zendesk, changes):
    body = trigger([("status", "is", "new")], MARK)
    body["trigger"] |= changes

    assert zendesk.call("POST", "/triggers", body)[0] == 422


def filled(zendesk, text):
    """What a trigger's text becomes on an update of ticket 1."""
    mail = [("notification_user", ["8400000000102", "x", text])]
    made = zendesk.done("POST", "/triggers", trigger([("update_type", "is", "Change")], mail))
    zendesk.update(1, comment={"body": "Kijk <hier>", "public": True})
    zendesk.done("DELETE", f"/triggers/{made['trigger']['id']}")
    audit = zendesk.done("GET", "/tickets/1/audits")["audits"][-1]
    return [one["body"] for one in audit["events"] if one["type"] == "Notification"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{{ticket.id}} {{nonsense}}.", "1 ."),
        ("{% for tag in ticket.tags %}[{{tag}}]{% endfor %}", "[balie][vip]"),
        ("{% if ticket.status == 'New' %}nieuw{% else %}oud{% endif %}", "nieuw"),
        ("{% if ticket.tags contains 'x' %}a{% else %}b{% endif %}!", "b!"),
        ("{{ticket.latest_comment | escape}}", "Kijk &lt;hier&gt;"),
        (
            "{% for comment in ticket.comments %}{{comment.author.name}};{% endfor %}",
            "Balie bridge;Sanne de Wit;",
        ),
        ("{% for a in b.c %}{{a}}", ""),
    ],
    ids=["names", "tags", "if", "contains", "filter", "comments", "unclosed"],
)
def test_liquid_fills_a_triggers_text(zendesk, text, shown):
    zendesk.ticket(tags=["balie", "vip"])

    assert shown in filled(zendesk, text)


def test_liquid_lists_the_attachments_of_the_latest_public_comment(zendesk, sandbox):
    zendesk.ticket()
    loop = (
        "{% for attachment in ticket.latest_public_comment.attachments %}"
        "{{attachment.filename}} {{attachment.url}}{% endfor %}"
    )
    mail = [("notification_user", ["8400000000103", "x", loop])]
    zendesk.done("POST", "/triggers", trigger([("update_type", "is", "Change")], mail))
    file = {"name": "a.txt", "content_type": "text/plain", "text": "hallo"}
    sandbox.control("zendesk/tickets/1/comments", {"body": "x", "files": [file]})

    [found] = [one for one in sandbox.look("zendesk/mails")["mails"] if "daan" in one["to"]]
    url = zendesk.done("GET", "/tickets/1/comments")["comments"][1]["attachments"][0]["content_url"]
    assert found["body"] == f"a.txt {url}"


def test_standard_triggers_mail_the_customers_own_words_back(zendesk, sandbox):
    """A bridge that posts as the customer, while the API's user is somebody else, causes this."""
    user = zendesk.user(email="sanne@example.com")["id"]
    zendesk.ticket(requester_id=user, subject="Vraag")
    zendesk.update(1, comment={"body": "Hallo?", "author_id": user, "public": True})

    mails = [(one["to"], one["subject"]) for one in sandbox.look("zendesk/mails")["mails"]]
    assert mails == [
        ("sanne@example.com", "[Balie demo] Vraag"),
        ("sanne@example.com", "[Balie demo] Re: Vraag"),
    ]


def test_customer_without_an_address_gets_no_mail(zendesk, sandbox):
    zendesk.ticket()

    assert sandbox.look("zendesk/mails")["mails"] == []


def test_rating_replies_and_reopens_are_conditions(zendesk, sandbox):
    conditions = [("satisfaction_score", "changed", None), ("satisfaction_score", "is", "bad")]
    rows = [("replies", "greater_than", "0"), ("reopens", "is", "1"), *conditions]
    zendesk.done("POST", "/triggers", trigger(rows, MARK))
    zendesk.ticket()
    for status in ("solved", "open", "solved"):
        sandbox.control("zendesk/tickets/1/status", {"status": status})
    sandbox.control("zendesk/tickets/1/comments", {"body": "Antwoord", "public": True})
    assert "fired" not in zendesk.done("GET", "/tickets/1")["ticket"]["tags"]

    sandbox.control("zendesk/tickets/1/rating", {"score": "bad"})

    assert "fired" in zendesk.done("GET", "/tickets/1")["ticket"]["tags"]


def test_public_comment_of_a_merge_passes_a_condition_on_the_channel(zendesk, sandbox):
    rows = [("comment_is_public", "is", "true"), ("current_via_id", "is", "19")]
    zendesk.done("POST", "/triggers", trigger(rows, MARK))
    zendesk.ticket()
    zendesk.ticket()

    sandbox.control("zendesk/tickets/1/merge", {"into": 2, "public": True})

    assert "fired" in zendesk.done("GET", "/tickets/2")["ticket"]["tags"]
