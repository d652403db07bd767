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
