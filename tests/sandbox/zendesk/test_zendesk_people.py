"""Identities, organisations, deletion and batches of users."""


def test_identity_is_changed_verified_and_made_primary(zendesk):
    user = zendesk.user(email="eva@example.com")
    base = f"/users/{user['id']}/identities"
    added = {"identity": {"type": "email", "value": "eva.b@example.com"}}
    second = zendesk.done("POST", base, added)["identity"]
    changed = {"identity": {"value": "eva.bakker@example.com"}}

    assert zendesk.done("PUT", f"{base}/{second['id']}", changed)["identity"]["value"] == (
        "eva.bakker@example.com"
    )
    assert zendesk.done("PUT", f"{base}/{second['id']}/verify")["identity"]["verified"] is True
    shown = zendesk.done("PUT", f"{base}/{second['id']}/make_primary")["identities"]
    assert [one["primary"] for one in shown] == [False, True]
    found = zendesk.done("GET", f"/users/{user['id']}")["user"]
    assert (found["email"], found["verified"]) == ("eva.bakker@example.com", True)
    zendesk.user("Ander", email="eva.b@example.com")
    taken = {"identity": {"value": "eva.b@example.com"}}
    assert zendesk.call("PUT", f"{base}/{second['id']}", taken)[0] == 422


def test_organization_lists_its_members_and_is_unique_by_name(zendesk):
    made = zendesk.done(
        "POST", "/organizations", {"organization": {"name": "Bakkerij De Zon", "external_id": "b1"}}
    )["organization"]
    user = zendesk.user(organization_id=made["id"])

    base = f"/organizations/{made['id']}"
    assert [u["id"] for u in zendesk.done("GET", f"{base}/users")["users"]] == [user["id"]]
    assert zendesk.done("GET", f"{base}/related")["organization_related"]["users_count"] == 1
    found = zendesk.done("GET", "/organizations/search?external_id=b1")["organizations"]
    assert [one["name"] for one in found] == ["Bakkerij De Zon"]
    own = zendesk.done("GET", f"/users/{user['id']}/organizations")["organizations"]
    assert [one["id"] for one in own] == [made["id"]]
    status, refused = zendesk.call(
        "POST", "/organizations", {"organization": {"name": "bakkerij de zon"}}
    )
    assert (status, list(refused["details"])) == (422, ["name"])


def test_membership_gives_a_user_an_organization(zendesk):
    user = zendesk.user()
    body = {"organization": {"name": "Fietsenmaker"}}
    key = zendesk.done("POST", "/organizations/create_or_update", body)["organization"]["id"]
    join = {"organization_membership": {"user_id": user["id"], "organization_id": key}}

    zendesk.done("POST", "/organization_memberships", join)

    assert zendesk.done("GET", f"/users/{user['id']}")["user"]["organization_id"] == key


def test_user_with_an_open_ticket_is_not_deleted(zendesk, sandbox):
    requester = zendesk.ticket()["requester_id"]

    assert zendesk.call("DELETE", f"/users/{requester}")[0] == 422
    sandbox.control("zendesk/tickets/1/status", {"status": "closed"})
    deleted = zendesk.done("DELETE", f"/users/{requester}")["user"]
    assert deleted["active"] is False
    assert zendesk.done("GET", f"/users/{requester}")["user"]["active"] is False


def test_user_deleted_for_good_leaves_nothing_of_the_person(zendesk):
    user = zendesk.user(phone="+31655501234", external_id="wa:31655501234", notes="belt vaak")
    path = f"/users/{user['id']}"
    zendesk.done("DELETE", path)
    listed = zendesk.done("GET", "/deleted_users")["deleted_users"]

    last = zendesk.done("DELETE", f"/deleted_users/{user['id']}")["deleted_user"]

    assert ([one["id"] for one in listed], last["name"]) == ([user["id"]], user["name"])
    left = zendesk.done("GET", path)["user"]
    assert (left["name"], left["phone"], left["notes"], left["external_id"]) == (
        "Permanently Deleted User",
        None,
        None,
        None,
    )
    steps = zendesk.done("GET", f"{path}/compliance_deletion_statuses")
    told = [(s["application"], s["action"]) for s in steps["compliance_deletion_statuses"]]
    assert told[:3] == [
        ("all", "request_deletion"),
        ("support", "started"),
        ("support", "complete"),
    ]
    assert zendesk.call("DELETE", f"/deleted_users/{user['id']}")[0] == 404


def test_merged_user_reads_as_inactive_and_its_tickets_move(zendesk):
    ticket = zendesk.ticket()
    target = zendesk.user("Sanne de Wit", email="sanne@example.com")
    source = ticket["requester_id"]

    zendesk.done("PUT", f"/users/{source}/merge", {"user": {"id": target["id"]}})

    assert zendesk.done("GET", f"/users/{source}")["user"]["active"] is False
    asked = zendesk.done("GET", f"/users/{target['id']}/tickets/requested")["tickets"]
    assert [one["id"] for one in asked] == [ticket["id"]]
    related = zendesk.done("GET", f"/users/{target['id']}/related")["user_related"]
    assert related["requested_tickets"] == 1


def test_suspended_user_asks_nothing(zendesk):
    user = zendesk.user(suspended=True)
    body = {"ticket": {"requester_id": user["id"], "comment": {"body": "x"}}}

    status, refused = zendesk.call("POST", "/tickets", body)

    assert (status, list(refused["details"])) == (422, ["requester"])


def test_users_made_in_a_batch_are_a_job(zendesk, settings, sandbox):
    settings(job_seconds=5)
    rows = [{"name": "Een"}, {"name": ""}]
    queued = zendesk.done("POST", "/users/create_many", {"users": rows})["job_status"]

    working = zendesk.done("GET", f"/job_statuses/{queued['id']}")["job_status"]
    sandbox.control("clock", {"advance": 5})
    done = zendesk.done("GET", f"/job_statuses/{queued['id']}.json")["job_status"]

    assert (queued["status"], working["status"], done["status"]) == (
        "queued",
        "working",
        "completed",
    )
    assert queued["id"].startswith("V3-")
    assert [one.get("error") for one in done["results"]] == [None, "RecordInvalid"]


def test_batch_of_more_than_a_hundred_is_refused_as_recorded(zendesk):
    rows = [{"name": "x"}] * 101

    assert zendesk.call("POST", "/users/create_many", {"users": rows}) == (
        400,
        {
            "error": "TooManyValues",
            "description": "Parameter  cannot specify more than 100 values",
            "max_count": 100,
        },
    )


def test_tags_of_a_user_are_set_added_and_removed(zendesk):
    path = f"/users/{zendesk.user()['id']}/tags"
    zendesk.done("POST", path, {"tags": ["vip"]})
    zendesk.done("PUT", path, {"tags": ["nl"]})
    zendesk.ask("DELETE", path, {"tags": ["vip"]})

    assert zendesk.done("GET", path) == {"tags": ["nl"]}


def test_user_fields_are_unique_by_key(zendesk):
    field = {"user_field": {"type": "text", "title": "Klantnummer", "key": "customer_number"}}

    zendesk.done("POST", "/user_fields", field)

    assert zendesk.call("POST", "/user_fields", field)[0] == 422


def test_autocomplete_finds_by_the_start_of_the_name(zendesk):
    zendesk.user("Fatima"), zendesk.user("Willem")

    found = zendesk.done("GET", "/users/autocomplete?name=fat")["users"]
    assert [one["name"] for one in found] == ["Fatima"]
