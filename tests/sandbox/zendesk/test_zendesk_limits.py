"""Rate limits and their headers."""


def test_plan_limit_refuses_with_both_header_families(zendesk, settings, sandbox):
    settings(plan_limit=3)
    answers = [zendesk.ask("GET", "/users/me") for _ in range(3)]

    refused = answers[-1] if answers[-1].status_code == 429 else zendesk.ask("GET", "/users/me")

    first = answers[0].headers
    assert (first["X-Rate-Limit"], first["X-Rate-Limit-Remaining"]) == ("3", "2")
    assert (first["ratelimit-limit"], first["ratelimit-remaining"]) == ("3", "2")
    assert 0 < int(first["ratelimit-reset"]) <= 60
    assert (refused.status_code, refused.json()["error"]) == (429, "APIRateLimitExceeded")
    sandbox.control("clock", {"advance": int(refused.headers["Retry-After"])})
    assert zendesk.ask("GET", "/users/me").status_code == 200


def test_thirty_updates_of_a_ticket_are_let_through_in_ten_minutes(zendesk, sandbox):
    zendesk.ticket()
    zendesk.ticket()
    statuses = [zendesk.update(1, subject=str(number))[0] for number in range(30)]

    refused = zendesk.ask("PUT", "/tickets/1", {"ticket": {"subject": "x"}})

    assert statuses == [200] * 30
    assert refused.status_code == 429
    bucket = refused.headers["zendesk-ratelimit-per-ticket-updates"]
    assert bucket.startswith("total=30; remaining=0; resets=")
    assert zendesk.update(2, subject="free")[0] == 200
    sandbox.control("clock", {"advance": int(refused.headers["Retry-After"])})
    assert zendesk.update(1, subject="again")[0] == 200


def test_account_lets_only_so_many_updates_through_in_a_minute(zendesk, settings):
    settings(account_update_limit=1)
    zendesk.ticket()
    zendesk.ticket()

    assert [zendesk.update(number, subject="x")[0] for number in (1, 2)] == [200, 429]


def test_ticket_limits_can_be_switched_off(zendesk, settings):
    settings(ticket_limit=1, account_update_limit=1, ticket_limit_on=False)
    zendesk.ticket()

    assert [zendesk.update(1, subject=str(number))[0] for number in range(3)] == [200] * 3


def test_every_header_family_tells_the_plans_count(zendesk):
    found = zendesk.ask("GET", "/users/me").headers

    for limit in ("X-Rate-Limit", "ratelimit-limit", "rate-limit-limit"):
        assert found[limit] == "700"
    for left in ("X-Rate-Limit-Remaining", "ratelimit-remaining", "rate-limit-remaining"):
        assert found[left] == "699"
    assert found["rate-limit-reset"] == found["ratelimit-reset"]


def test_creation_and_list_tell_buckets_of_their_own(zendesk):
    user = zendesk.user()["id"]
    body = {"ticket": {"requester_id": user, "comment": {"body": "x"}}}

    made = zendesk.ask("POST", "/tickets.json", body)
    seen = zendesk.ask("GET", "/tickets")

    name = "zendesk-ratelimit-ticket-request-create-by-user-and-ip"
    assert made.headers[name].startswith("total=300; remaining=299; resets=")
    assert seen.headers["zendesk-ratelimit-tickets-index"].startswith("total=100; remaining=99; ")


def test_one_user_is_changed_five_times_a_minute_and_refused_in_plain_text(zendesk, sandbox):
    path = f"/users/{zendesk.user()['id']}"
    changed = [zendesk.ask("PUT", path, {"user": {"notes": str(n)}}) for n in range(5)]

    refused = zendesk.ask("PUT", path, {"user": {"notes": "x"}})

    assert [one.status_code for one in changed] == [200] * 5
    assert (refused.status_code, refused.headers["Content-Type"]) == (
        429,
        "text/plain; charset=utf-8",
    )
    assert refused.text.startswith("You have exceeded the rate limit for updating a single")
    assert zendesk.call("PUT", f"/users/{zendesk.user()['id']}", {"user": {"notes": "x"}})[0] == 200
    sandbox.control("clock", {"advance": int(refused.headers["Retry-After"])})
    assert zendesk.call("PUT", path, {"user": {"notes": "x"}})[0] == 200


def test_plan_names_its_limit_and_may_refuse_in_plain_text(zendesk, settings):
    assert settings(plan="suite_team", plain_text_429=True)["plan_limit"] == 200
    settings(plan_limit=0)

    refused = zendesk.ask("GET", "/users/me")

    assert (refused.status_code, refused.text) == (
        429,
        "Number of allowed API requests per minute exceeded",
    )


def test_fault_of_409_and_503_answer_as_zendesk_does(zendesk, sandbox):
    fault = {"target": "zendesk", "kind": "status", "count": 1}
    sandbox.control("faults", fault | {"status": 409})
    sandbox.control("faults", fault | {"status": 503, "retry_after": 7})

    conflict, down = zendesk.ask("GET", "/users/me"), zendesk.ask("GET", "/users/me")

    assert (conflict.status_code, conflict.json()["error"]) == (409, "DatabaseConflict")
    assert (down.status_code, down.headers["Retry-After"]) == (503, "7")


def test_organization_changed_too_often_is_refused_as_a_list_of_errors(zendesk):
    body = {"organization": {"name": "Bakkerij"}}
    path = f"/organizations/{zendesk.done('POST', '/organizations', body)['organization']['id']}"
    changed = [zendesk.call("PUT", path, body)[0] for _ in range(5)]

    status, refused = zendesk.call("PUT", path, body)

    assert (changed, status) == ([200] * 5, 429)
    assert [one["code"] for one in refused["errors"]] == ["TooManyRequests"]


def test_page_of_organizations_that_is_no_number_is_refused_as_a_list_of_errors(zendesk):
    status, refused = zendesk.call("GET", "/organizations/autocomplete?name=b&page=x")

    error = {"code": "InvalidPaginationParameter", "title": "page must be an integer"}
    assert (status, refused) == (400, {"errors": [error]})
    assert zendesk.call("GET", "/organizations?page=x")[1]["error"] == error["code"]


def test_trigger_categories_are_refused_as_a_list_of_errors(sandbox, make_client):
    status, refused = make_client(sandbox, scope="tickets:read").call("GET", "/trigger_categories")

    assert (status, [one["code"] for one in refused["errors"]]) == (403, ["Forbidden"])
