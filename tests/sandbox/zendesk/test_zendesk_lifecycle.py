"""Merging, deleting, importing and batching tickets; custom fields and statuses; others on it."""

import pytest


@pytest.fixture
def field(zendesk):
    """(type, options...) to the id of a new ticket field."""

    def make(kind, *options, **more):
        rows = [{"name": one.title(), "value": one} for one in options]
        body = {"type": kind, "title": f"Veld {kind}", "custom_field_options": rows}
        made = zendesk.done("POST", "/ticket_fields", {"ticket_field": body | more})
        return made["ticket_field"]["id"]

    return make


def test_merge_closes_the_sources_and_tells_the_target(zendesk):
    for subject in ("Eerste", "Tweede"):
        zendesk.ticket(subject=subject, tags=["balie"])

    job = zendesk.done("POST", "/tickets/2/merge", {"ids": [1]})["job_status"]

    assert zendesk.done("GET", f"/job_statuses/{job['id']}")["job_status"]["status"] == "completed"
    source = zendesk.done("GET", "/tickets/1")["ticket"]
    assert (source["status"], source["tags"]) == ("closed", ["balie", "closed_by_merge"])
    last = zendesk.done("GET", "/tickets/1/comments")["comments"][-1]
    assert (last["public"], last["via"]["source"]["rel"]) == (False, "merge")
    assert last["body"] == 'This request was closed and merged into request #2 "Tweede".'
    told = zendesk.done("GET", "/tickets/2/comments")["comments"][-1]
    assert told["via"]["source"]["from"] == {"ticket_ids": [1]}
    assert told["public"] is False
    assert zendesk.call("POST", "/tickets/2/merge", {"ids": [1]})[0] == 422


def test_merge_takes_files_along_and_is_public_only_when_asked(zendesk, sandbox):
    zendesk.ticket()
    zendesk.ticket()
    file = {"name": "a.txt", "content_type": "text/plain", "text": "hallo"}
    sandbox.control("zendesk/tickets/1/comments", {"body": "x", "files": [file]})
    words = {"ids": [1], "target_comment": "Samengevoegd.", "target_comment_is_public": True}

    zendesk.done("POST", "/tickets/2/merge", words)

    told = zendesk.done("GET", "/tickets/2/comments")["comments"][-1]
    assert (told["body"], told["public"]) == ("Samengevoegd.", True)
    assert [one["file_name"] for one in told["attachments"]] == ["a.txt"]


@pytest.mark.parametrize("ids", [[], [1], ["x"]], ids=["none", "itself", "no id"])
def test_merge_of_nothing_useful_is_refused(zendesk, ids):
    zendesk.ticket()

    assert zendesk.call("POST", "/tickets/1/merge", {"ids": ids})[0] == 422


def test_deleted_ticket_is_gone_until_it_is_restored(zendesk, settings):
    settings(search_lag_seconds=0)
    zendesk.ticket(external_id="conv:1")

    assert zendesk.call("DELETE", "/tickets/1") == (204, None)
    assert zendesk.call("GET", "/tickets/1")[0] == 404
    assert zendesk.done("GET", "/tickets?external_id=conv:1")["tickets"] == []
    assert zendesk.done("GET", "/search?query=type:ticket")["results"] == []
    [deleted] = zendesk.done("GET", "/deleted_tickets")["deleted_tickets"]
    assert (deleted["id"], deleted["previous_state"]) == (1, "new")
    assert zendesk.ask("PUT", "/deleted_tickets/1/restore").status_code == 200
    assert zendesk.done("GET", "/tickets?external_id=conv:1")["tickets"][0]["status"] == "new"


def test_ticket_deleted_for_good_never_comes_back(zendesk):
    zendesk.ticket(external_id="conv:1")
    zendesk.call("DELETE", "/tickets/1")

    job = zendesk.done("DELETE", "/deleted_tickets/1")["job_status"]

    assert job["status"] == "queued"
    assert zendesk.call("PUT", "/deleted_tickets/1/restore")[0] == 404
    assert zendesk.done("GET", "/deleted_tickets")["deleted_tickets"] == []


def test_batches_of_tickets_are_jobs_with_a_result_each(zendesk):
    user = zendesk.user()["id"]
    rows = [{"requester_id": user, "comment": {"body": "x"}}, {"requester_id": user}]
    made = zendesk.done("POST", "/tickets/create_many", {"tickets": rows})["job_status"]
    changed = zendesk.done(
        "PUT", "/tickets/update_many?ids=1,9", {"ticket": {"additional_tags": ["x"]}}
    )["job_status"]

    results = [
        zendesk.done("GET", f"/job_statuses/{one['id']}")["job_status"]["results"]
        for one in (made, changed)
    ]
    assert [one.get("error") for one in results[0]] == [None, "RecordInvalid"]
    assert [(one["id"], one["success"]) for one in results[1]] == [(1, True), (9, False)]
    assert zendesk.done("GET", "/tickets/1")["ticket"]["tags"] == ["x"]
    zendesk.done("DELETE", "/tickets/destroy_many?ids=1")
    assert zendesk.done("GET", "/tickets")["tickets"] == []


def test_ticket_made_asynchronously_is_a_job(zendesk):
    user = zendesk.user()["id"]
    body = {"ticket": {"requester_id": user, "comment": {"body": "x"}}}

    job = zendesk.done("POST", "/tickets?async=true", body)["job_status"]

    assert zendesk.done("GET", f"/job_statuses/{job['id']}")["job_status"]["results"][0]["id"] == 1


def test_imported_ticket_keeps_its_times_and_runs_no_trigger(zendesk):
    user = zendesk.user(email="sanne@example.com")["id"]
    comments = [
        {"author_id": user, "value": "Hallo", "created_at": "2025-03-01T10:00:00Z"},
        {"value": "Dag", "public": False, "created_at": "2025-03-01T10:05:00Z"},
    ]
    ticket = {"requester_id": user, "subject": "Oud", "tags": ["oud"], "comments": comments}

    made = zendesk.done("POST", "/imports/tickets?archive_immediately=true", {"ticket": ticket})

    assert (made["ticket"]["status"], made["ticket"]["tags"]) == ("closed", ["oud"])
    found = zendesk.done("GET", "/tickets/1/comments")["comments"]
    assert [(one["body"], one["created_at"], one["public"]) for one in found] == [
        ("Hallo", "2025-03-01T10:00:00Z", True),
        ("Dag", "2025-03-01T10:05:00Z", False),
    ]
    [audit] = zendesk.done("GET", "/tickets/1/audits")["audits"]
    assert "Notification" not in [one["type"] for one in audit["events"]]


def test_dropdown_takes_its_options_and_tags_the_ticket(zendesk, field):
    key = field("tagger", "balie_delivered", "balie_failed")
    zendesk.ticket(custom_fields=[{"id": key, "value": "balie_delivered"}], tags=["balie"])

    status, changed = zendesk.update(1, custom_fields=[{"id": key, "value": "balie_failed"}])
    refused, answer = zendesk.update(1, custom_fields=[{"id": key, "value": "onzin"}])

    assert (status, changed["ticket"]["tags"]) == (200, ["balie", "balie_failed"])
    assert (refused, list(answer["details"])) == (422, [f"ticket_field_{key}"])


def test_new_ticket_shows_every_custom_field_empty(zendesk, field):
    text, box = field("text"), field("checkbox", tag="vip")

    made = zendesk.ticket(custom_fields=[{"id": box, "value": True}])

    assert made["custom_fields"] == [{"id": text, "value": None}, {"id": box, "value": True}]
    assert made["tags"] == ["vip"]


def test_unknown_field_is_passed_over_when_fields_are_strict(zendesk, settings):
    settings(strict_fields=True)

    assert zendesk.ticket(custom_fields=[{"id": 5, "value": "x"}])["custom_fields"] == []


def test_custom_status_brings_its_category_and_leaves_with_it(zendesk):
    body = {"status_category": "hold", "agent_label": "Wacht op leverancier"}
    made = zendesk.done("POST", "/custom_statuses", {"custom_status": body})["custom_status"]
    zendesk.ticket()

    _, held = zendesk.update(1, custom_status_id=made["id"], status="open")
    _, opened = zendesk.update(1, status="open")

    assert (held["ticket"]["status"], held["ticket"]["custom_status_id"]) == ("hold", made["id"])
    assert opened["ticket"]["custom_status_id"] != made["id"]
    statuses = zendesk.done("GET", "/custom_statuses")["custom_statuses"]
    assert [one["status_category"] for one in statuses[:5]] == [
        "new",
        "open",
        "pending",
        "hold",
        "solved",
    ]


@pytest.mark.parametrize("name", ["group", "brand", "ticket_form", "custom_status", "assignee"])
def test_link_to_nothing_is_refused_by_its_field(zendesk, name):
    zendesk.ticket()

    status, refused = zendesk.update(1, **{f"{name}_id": 99})

    assert (status, list(refused["details"])) == (422, [name])


def test_people_copied_in_and_following_are_kept(zendesk):
    zendesk.ticket(email_ccs=[{"user_email": "buur@example.com", "user_name": "Buur"}])
    agent = 8_400_000_000_103
    zendesk.update(1, followers=[{"user_id": agent, "action": "put"}])

    copied = zendesk.done("GET", "/tickets/1/email_ccs")["users"]
    assert [one["name"] for one in copied] == ["Buur"]
    ticket = zendesk.done("GET", "/tickets/1")["ticket"]
    assert (ticket["follower_ids"], ticket["email_cc_ids"]) == ([agent], [copied[0]["id"]])
    related = zendesk.done("GET", f"/users/{copied[0]['id']}/related")["user_related"]
    assert related["ccd_tickets"] == 1
    zendesk.update(1, email_ccs=[{"user_id": copied[0]["id"], "action": "delete"}])
    assert zendesk.done("GET", "/tickets/1/collaborators")["users"][0]["id"] == agent


def test_mail_of_the_customer_reopens_a_solved_ticket(zendesk, sandbox):
    zendesk.ticket()
    sandbox.control("zendesk/tickets/1/status", {"status": "solved"})

    shown = sandbox.control("zendesk/tickets/1/mail", {"body": "Toch niet"})

    assert (shown["status"], shown["comments"][-1]["via"]) == ("open", "mail")


def test_side_conversation_is_no_comment(zendesk, sandbox):
    zendesk.ticket()
    said = {"subject": "Voorraad", "body": "Hebben jullie er nog een?"}
    sandbox.control("zendesk/tickets/1/side_conversations", said)
    message = {"message": {"subject": "Transport", "body": "Waar is het?"}}
    zendesk.done("POST", "/tickets/1/side_conversations", message)

    found = zendesk.done("GET", "/tickets/1/side_conversations")["side_conversations"]
    assert [one["subject"] for one in found] == ["Voorraad", "Transport"]
    assert len(zendesk.done("GET", "/tickets/1/comments")["comments"]) == 1


def test_rating_is_the_verified_requesters_alone(zendesk, sandbox, credentials):
    user = zendesk.user(email="sanne@example.com", verified=True)["id"]
    zendesk.ticket(requester_id=user)
    path, body = "/tickets/1/satisfaction_rating", {"satisfaction_rating": {"score": "good"}}
    assert zendesk.call("POST", path, body)[0] == 403
    wide = sandbox.session.post(
        f"{sandbox.url}/zendesk/oauth/tokens",
        json=credentials | {"scope": "read write impersonate"},
    )
    zendesk.token = wide.json()["access_token"]
    behalf = {"X_On_Behalf_Of": "sanne@example.com"}

    assert zendesk.ask("POST", path, body, **behalf).status_code == 422
    sandbox.control("zendesk/tickets/1/status", {"status": "solved"})
    [rated] = zendesk.ask("POST", path, body, **behalf).json()["satisfaction_rating"]

    assert (rated["score"], rated["ticket_id"]) == ("good", 1)
    [listed] = zendesk.done("GET", "/satisfaction_ratings?score=good")["satisfaction_ratings"]
    assert listed["id"] == rated["id"]
    assert zendesk.done("GET", "/tickets/1")["ticket"]["satisfaction_rating"]["score"] == "good"


def test_acting_for_another_needs_the_scope(zendesk):
    zendesk.user(email="sanne@example.com")

    answer = zendesk.ask("GET", "/users/me", X_On_Behalf_Of="sanne@example.com")

    assert answer.status_code == 403


def test_macro_tells_what_it_would_change_and_saves_nothing(zendesk):
    user = zendesk.user("Sanne")["id"]
    zendesk.ticket(requester_id=user, tags=["balie"])
    found = zendesk.done("GET", "/macros/search?query=order")["macros"]
    [macro] = found

    alone = zendesk.done("GET", f"/macros/{macro['id']}/apply")["result"]["ticket"]
    whole = zendesk.done("GET", f"/tickets/1/macros/{macro['id']}/apply")["result"]["ticket"]

    assert alone["comment"]["scoped_body"] == [
        ["channel:all", "Could you send us the order number?"]
    ]
    assert (whole["id"], whole["status"], whole["tags"]) == (
        1,
        "pending",
        ["balie", "order_number_asked"],
    )
    ticket = zendesk.done("GET", "/tickets/1")["ticket"]
    assert (ticket["status"], ticket["tags"]) == ("new", ["balie"])


def test_macro_run_at_the_desk_is_submitted_with_its_placeholders(zendesk, sandbox):
    zendesk.ticket(requester_id=zendesk.user("Sanne")["id"])

    shown = sandbox.control("zendesk/tickets/1/macro", {"title": "Groet en afsluiten"})

    assert (shown["status"], shown["comments"][-1]["body"]) == ("solved", "Graag gedaan, Sanne!")


def test_view_counts_and_lists_by_its_conditions(zendesk):
    zendesk.ticket(tags=["balie"])
    zendesk.ticket()
    views = zendesk.done("GET", "/views/active")["views"]
    keys = {one["title"]: one["id"] for one in views}

    count = zendesk.done("GET", f"/views/{keys['Balie']}/count")["view_count"]
    rows = zendesk.done("GET", f"/views/{keys['All unsolved tickets']}/tickets")["tickets"]

    assert (count["value"], count["fresh"], len(rows)) == (1, True, 2)


def test_comment_cap_is_a_setting_and_lets_other_changes_through(zendesk, settings):
    settings(max_comments=1)
    zendesk.ticket()

    assert zendesk.update(1, comment={"body": "x"})[0] == 422
    assert zendesk.update(1, status="open")[0] == 200


def test_search_is_exported_by_cursor(zendesk, settings):
    settings(search_lag_seconds=0)
    for _ in range(3):
        zendesk.ticket()
    path = "/search/export?query=status:new&filter[type]=ticket&page[size]=2"

    first = zendesk.done("GET", path)
    cursor = first["meta"]["after_cursor"]
    second = zendesk.done("GET", f"{path}&page[after]={cursor}")

    assert [one["id"] for one in first["results"] + second["results"]] == [3, 2, 1]
    assert (first["meta"]["has_more"], second["meta"]["has_more"]) == (True, False)


def test_help_center_and_hours_are_read(zendesk, sandbox):
    article = {"title": "Retourneren", "body": "Binnen 30 dagen.", "locale": "nl"}
    sandbox.control("zendesk/catalog/help_center/articles", article)

    found = zendesk.done("GET", "/help_center/articles/search?query=dagen&locale=nl")["results"]
    assert [one["title"] for one in found] == ["Retourneren"]
    [schedule] = zendesk.done("GET", "/business_hours/schedules.json")["schedules"]
    assert schedule["intervals"][0] == {"start_time": 1980, "end_time": 2460}


def test_field_with_a_broken_pattern_is_refused(zendesk):
    body = {"type": "regexp", "title": "x", "regexp_for_validation": "("}

    assert zendesk.call("POST", "/ticket_fields", {"ticket_field": body})[0] == 422


def test_macro_with_odd_actions_is_applied_as_far_as_it_goes(zendesk):
    actions = [
        {"field": "comment_value", "value": ["hallo"]},
        {"field": "comment_mode_is_public", "value": False},
        {"field": "assignee_id", "value": "current_user"},
        {"field": "group_id", "value": "current_groups"},
        {"value": "x"},
    ]
    made = zendesk.done("POST", "/macros", {"macro": {"title": "M", "actions": actions}})["macro"]

    found = zendesk.done("GET", f"/macros/{made['id']}/apply")["result"]["ticket"]

    assert (found["comment"]["body"], found["comment"]["public"]) == ("hallo", False)
    me = zendesk.done("GET", "/users/me")["user"]
    assert (found["assignee_id"], found["group_id"]) == (me["id"], me["default_group_id"])


@pytest.mark.parametrize("value", [{}, 1.5, [None], [["x"]]])
def test_macro_whose_action_holds_no_value_of_a_rule_is_refused(zendesk, value):
    macro = {"title": "M", "actions": [{"field": "status", "value": value}]}

    status, refused = zendesk.call("POST", "/macros", {"macro": macro})

    assert (status, list(refused["details"])) == (422, ["value"])
