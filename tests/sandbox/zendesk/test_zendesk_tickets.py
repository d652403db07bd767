"""Tickets: authorship, status, idempotency, concurrency, follow-ups."""

import pytest
import requests

CLOSED = {
    "error": "RecordInvalid",
    "description": "Record validation errors",
    "details": {"status": [{"description": "Status: closed prevents ticket update"}]},
}
MISMATCH = {
    "error": "IdempotentRequestError",
    "description": "Request parameters don't match the given idempotency key",
}


def comments_of(zendesk, ticket_id):
    return zendesk.done("GET", f"/tickets/{ticket_id}/comments")["comments"]


def test_ticket_without_author_looks_as_if_the_api_user_wrote_it(zendesk):
    user, me = zendesk.user(), zendesk.done("GET", "/users/me")["user"]

    zendesk.ticket(requester_id=user["id"], comment={"body": "Hoi"})
    zendesk.ticket(requester_id=user["id"], comment={"body": "Hoi"}, submitter_id=user["id"])

    assert comments_of(zendesk, 1)[0]["author_id"] == me["id"]
    assert comments_of(zendesk, 2)[0]["author_id"] == user["id"]


def test_ticket_answer_has_the_audit_with_the_comments_id(zendesk):
    user = zendesk.user()
    ticket = {
        "subject": "Vraag",
        "requester_id": user["id"],
        "comment": {"body": "Eén\nregel\n\n<b>twee</b>", "author_id": user["id"]},
        "metadata": {"bridge_msgs": ["wamid.x"]},
    }

    answer = zendesk.ask("POST", "/tickets", {"ticket": ticket})

    found = answer.json()
    assert answer.headers["Location"] == found["ticket"]["url"]
    said, *fields, mailed = found["audit"]["events"]
    assert (mailed["type"], mailed["recipients"]) == ("Notification", [user["id"]])
    comment = comments_of(zendesk, 1)[0]
    assert (said["type"], said["id"], said["audit_id"]) == (
        "Comment",
        comment["id"],
        found["audit"]["id"],
    )
    assert comment["html_body"] == (
        '<div class="zd-comment" dir="auto"><p dir="auto">Eén<br>regel</p>'
        '<p dir="auto">&lt;b&gt;twee&lt;/b&gt;</p></div>'
    )
    assert {"subject", "requester_id", "status"} <= {one["field_name"] for one in fields}
    assert found["audit"]["metadata"]["custom"] == {"bridge_msgs": ["wamid.x"]}


def test_comment_of_the_end_user_leaves_a_solved_ticket_solved(zendesk):
    ticket = zendesk.ticket(status="solved")
    said = {"body": "Toch nog iets", "author_id": ticket["requester_id"]}

    _, first = zendesk.update(1, comment=said)
    _, second = zendesk.update(1, comment=said, status="open")

    assert (first["ticket"]["status"], second["ticket"]["status"]) == ("solved", "open")


def test_closed_ticket_refuses_every_update(zendesk, sandbox):
    zendesk.ticket(tags=["balie"])
    sandbox.control("zendesk/tickets/1/status", {"status": "closed"})

    assert zendesk.update(1, status="open") == (422, CLOSED)
    assert zendesk.update(1, comment={"body": "x"}) == (422, CLOSED)
    assert zendesk.call("PUT", "/tickets/1/tags", {"tags": ["x"]}) == (422, CLOSED)


def test_follow_up_of_a_closed_ticket_inherits_its_tags(zendesk, sandbox):
    zendesk.ticket(tags=["balie", "vip"])
    ignored = zendesk.ticket(via_followup_source_id=1)
    sandbox.control("zendesk/tickets/1/status", {"status": "closed"})

    follow_up = zendesk.ticket(via_followup_source_id=1)

    assert ignored["tags"] == []
    assert follow_up["tags"] == ["balie", "vip"]
    assert follow_up["via"]["source"]["rel"] == "follow_up"
    assert zendesk.done("GET", "/tickets/1")["ticket"]["followup_ids"] == [follow_up["id"]]


def test_idempotency_key_gives_the_first_answer_again_for_two_hours(zendesk, sandbox):
    user = zendesk.user()["id"]
    body = {"ticket": {"requester_id": user, "comment": {"body": "Hoi"}}}

    first = zendesk.ask("POST", "/tickets", body, Idempotency_Key="k1")
    again = zendesk.ask("POST", "/tickets", body, Idempotency_Key="k1")
    body["ticket"]["subject"] = "Anders"
    other = zendesk.ask("POST", "/tickets", body, Idempotency_Key="k1")
    sandbox.control("clock", {"advance": 7201})
    zendesk.token = fresh_token(sandbox)
    later = zendesk.ask("POST", "/tickets", body, Idempotency_Key="k1")

    lookups = [answer.headers["X-Idempotency-Lookup"] for answer in (first, again, later)]
    assert lookups == ["miss", "hit", "miss"]
    assert (again.status_code, again.json()) == (201, first.json())
    assert (other.status_code, other.json()) == (400, MISMATCH)
    assert later.json()["ticket"]["id"] == 2


def fresh_token(sandbox):
    grant = {"grant_type": "client_credentials", "client_id": "balie", "scope": "read write"}
    body = grant | {"client_secret": "sandbox-only-not-a-secret"}
    answer = sandbox.session.post(f"{sandbox.url}/zendesk/oauth/tokens", json=body, timeout=15)
    return answer.json()["access_token"]


def test_ticket_whose_answer_was_lost_is_not_made_twice(zendesk, sandbox):
    body = {"ticket": {"requester_id": zendesk.user()["id"], "comment": {"body": "Hoi"}}}
    sandbox.control("faults", {"target": "zendesk", "kind": "lost", "count": 1})

    with pytest.raises(requests.ConnectionError):
        zendesk.ask("POST", "/tickets", body, Idempotency_Key="k1")
    again = zendesk.ask("POST", "/tickets", body, Idempotency_Key="k1")

    assert (again.status_code, again.headers["X-Idempotency-Lookup"]) == (201, "hit")
    assert len(sandbox.look("zendesk/tickets")["tickets"]) == 1


def test_tickets_are_found_by_what_was_said_in_them(zendesk, sandbox):
    for words in ("Waar blijft hij & wanneer?", "Dank u"):
        zendesk.ask("POST", "/tickets", {"ticket": {"comment": {"body": words}}})

    found = sandbox.look("zendesk/tickets?said=blijft+hij+%26")["tickets"]
    assert [one["comments"][0]["body"] for one in found] == ["Waar blijft hij & wanneer?"]
    assert len(sandbox.look("zendesk/tickets")["tickets"]) == 2


def test_refused_ticket_is_not_remembered_under_its_key(zendesk):
    refused = zendesk.ask("POST", "/tickets", {"ticket": {}}, Idempotency_Key="k1")
    user = zendesk.user()["id"]
    body = {"ticket": {"requester_id": user, "comment": {"body": "Hoi"}}}

    assert refused.status_code == 422
    assert zendesk.ask("POST", "/tickets", body, Idempotency_Key="k1").status_code == 201


def test_safe_update_from_an_old_copy_conflicts(zendesk, sandbox):
    stamp = zendesk.ticket()["updated_at"]
    sandbox.control("clock", {"advance": 5})
    first, _ = zendesk.update(1, subject="A", safe_update=True, updated_stamp=stamp)
    second, found = zendesk.update(1, subject="B", safe_update=True, updated_stamp=stamp)

    assert (first, second, found["error"]) == (200, 409, "UpdateConflict")
    assert zendesk.done("GET", "/tickets/1")["ticket"]["subject"] == "A"


def test_update_that_changes_nothing_leaves_the_stamp(zendesk, sandbox):
    ticket = zendesk.ticket()
    sandbox.control("clock", {"advance": 5})

    _, found = zendesk.update(1, subject=ticket["subject"])

    assert found["ticket"]["updated_at"] == ticket["updated_at"]
    assert found["audit"]["events"] == []


def test_tags_in_the_body_replace_and_additional_tags_add(zendesk):
    zendesk.ticket(tags=["Balie", "vip"])

    _, added = zendesk.update(1, additional_tags=["new"])
    _, removed = zendesk.update(1, remove_tags=["vip"])
    _, replaced = zendesk.update(1, tags="one two")

    tags = [found["ticket"]["tags"] for found in (added, removed, replaced)]
    assert tags == [["balie", "vip", "new"], ["balie", "new"], ["one", "two"]]


def test_external_id_finds_tickets_at_once_and_need_not_be_unique(zendesk):
    zendesk.ticket(external_id="conv:1")
    zendesk.ticket(external_id="conv:1")
    zendesk.ticket(external_id="conv:2")

    found = zendesk.done("GET", "/tickets?external_id=conv:1")

    assert ([ticket["id"] for ticket in found["tickets"]], found["count"]) == ([1, 2], 2)


def test_comments_page_by_cursor_newest_first_with_users(zendesk):
    requester = zendesk.ticket()["requester_id"]
    for number in range(3):
        zendesk.update(1, comment={"body": str(number), "author_id": requester})
    path = "/tickets/1/comments?sort=-created_at&page[size]=2&include=users"

    first = zendesk.done("GET", path)
    second = zendesk.done("GET", f"{path}&page[after]={first['meta']['after_cursor']}")

    assert [one["body"] for one in first["comments"]] == ["2", "1"]
    assert [one["body"] for one in second["comments"]] == ["0", "Goedemiddag"]
    assert [first["meta"]["has_more"], second["meta"]["has_more"]] == [True, False]
    assert [user["id"] for user in first["users"]] == [requester]


def test_internal_note_stays_internal_and_html_becomes_text(zendesk):
    zendesk.ticket()
    note = {"html_body": "<p>Let op</p><script>x()</script><p>a &amp; b</p>", "public": False}

    zendesk.update(1, comment=note)

    comment = comments_of(zendesk, 1)[1]
    assert (comment["public"], comment["body"]) == (False, "Let op\na & b")
    assert "script" not in comment["html_body"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"comment": {"body": "  "}}, "comment"),
        ({"comment": {"body": "x", "author_id": 5}}, "author"),
        ({"comment": 3}, "comment"),
        ({"status": "asleep"}, "status"),
        ({"assignee_id": 5}, "assignee"),
        ({"requester_id": 5}, "requester"),
        ({"custom_fields": {"a": 1}}, "custom_fields"),
        ({"tags": [1]}, "tags"),
        ({"metadata": "x"}, "metadata"),
        ({"subject": ["x"]}, "subject"),
        ({"safe_update": True}, "updated_stamp"),
        ({"comment": {"body": "x" * 70_000}}, "comment"),
    ],
)
def test_update_with_a_wrong_field_is_refused_whole(zendesk, fields, field):
    zendesk.ticket()

    status, found = zendesk.update(1, **{"priority": "high", "external_id": "x"} | fields)

    assert (status, list(found["details"])) == (422, [field])
    ticket = zendesk.done("GET", "/tickets/1")["ticket"]
    assert (ticket["priority"], ticket["external_id"], len(comments_of(zendesk, 1))) == (
        None,
    ) * 2 + (1,)


def test_unknown_path_and_unknown_ticket_are_told_apart(zendesk):
    assert zendesk.call("GET", "/tickets/9")[1] == {
        "error": "RecordNotFound",
        "description": "Not found",
    }
    assert zendesk.call("GET", "/ticket/9")[1]["error"] == "InvalidEndpoint"
