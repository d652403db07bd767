"""The search: its lag, its syntax, its pitfalls."""

import pytest


def found(zendesk, query):
    """Ids that a query finds; `query` is sent exactly as written."""
    return [row["id"] for row in zendesk.done("GET", f"/search?query={query}")["results"]]


@pytest.fixture
def at_once(settings):
    """An account whose search does not lag."""
    settings(search_lag_seconds=0)


def test_search_finds_a_user_only_after_the_lag(zendesk, sandbox):
    user = zendesk.user(phone="+31 6 5550 1234", external_id="wa:1")

    assert found(zendesk, "type:user phone:*655501234") == []
    assert zendesk.done("GET", "/users?external_id=wa:1")["users"][0]["id"] == user["id"]
    sandbox.control("clock", {"advance": 59})
    assert found(zendesk, "type:user phone:*655501234") == []
    sandbox.control("clock", {"advance": 1})
    assert found(zendesk, "type:user phone:*655501234") == [user["id"]]


def test_search_knows_the_old_value_until_the_lag_has_passed(zendesk, sandbox):
    user = zendesk.user(phone="+31655501234")
    sandbox.control("clock", {"advance": 61})
    zendesk.done("PUT", f"/users/{user['id']}", {"user": {"phone": "+31655501277"}})

    assert found(zendesk, "phone:*655501234") == [user["id"]]
    assert found(zendesk, "phone:*655501277") == []


@pytest.mark.parametrize(
    "stored", ["+31655501234", "06-5550 1234", "(06) 5550.1234", "0031 6 55501234", "06 55501234"]
)
def test_search_by_trailing_digits_finds_every_notation(zendesk, at_once, stored):
    user = zendesk.user(phone=stored)

    assert found(zendesk, "type:user role:end-user phone:*655501234") == [user["id"]]


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        ("phone:31655501234", 1),
        ("phone:%2B31655501234", 1),
        ("phone:+31655501234", 0),
        ("phone:*6-5550-1234", 0),
        ("phone:655501234", 0),
        ("phone:3165550*", 1),
        ("type:user phone:*655501234 role:agent", 0),
        ("type:ticket phone:*655501234", 0),
    ],
)
def test_search_by_phone_takes_digits_only(zendesk, at_once, query, hits):
    zendesk.user(phone="+31655501234")

    assert len(found(zendesk, query)) == hits


def test_search_by_phone_also_finds_strangers_with_the_same_tail(zendesk, at_once):
    dutch, american = zendesk.user(phone="+31655501234"), zendesk.user(phone="+1655501234")

    assert found(zendesk, "phone:*655501234") == [american["id"], dutch["id"]]


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        ("type:ticket external_id:conv-1", [1]),
        ("type:ticket external_id:conv-*", [2, 1]),
        ("type:ticket status<solved", [1]),
        ("type:ticket status:solved", [2]),
        ("type:ticket status>=new", [2, 1]),
        ("type:ticket tags:vip", [2]),
        ("type:ticket -tags:vip", [1]),
        ("type:ticket tags:vip tags:balie", [2, 1]),
        ("type:ticket requester:wa:1", [2, 1]),
        ("type:ticket requester:31655501234", [2, 1]),
        ('type:ticket subject:"WhatsApp: Sanne"', [2, 1]),
        ("type:ticket goedemiddag", [2, 1]),
        ("type:ticket custom_field_5:x", [1]),
        ("type:ticket created>2020-01-01", [2, 1]),
        ("type:ticket created<2020-01-01", []),
        ("type:ticket nonsense:x", []),
    ],
)
def test_search_for_tickets_follows_the_syntax(zendesk, at_once, query, hits):
    requester = zendesk.user(phone="+31655501234", external_id="wa:1")["id"]
    field = [{"id": 5, "value": "x"}]
    common = {"requester_id": requester}
    zendesk.ticket(external_id="conv-1", tags=["balie"], custom_fields=field, **common)
    zendesk.ticket(external_id="conv-2", tags=["balie", "vip"], status="solved", **common)

    assert found(zendesk, query) == hits


def test_search_forgets_a_deleted_user(zendesk, at_once):
    user = zendesk.user(phone="+31655501234")
    zendesk.done("DELETE", f"/users/{user['id']}")

    assert found(zendesk, "phone:*655501234") == []


def test_search_pages_by_offset(zendesk, at_once):
    users = [zendesk.user("Sanne")["id"] for _ in range(3)]

    first = zendesk.done("GET", "/search?query=type:user name:sanne&per_page=2")
    second = zendesk.session.get(
        first["next_page"], headers={"Authorization": f"Bearer {zendesk.token}"}, timeout=15
    ).json()

    assert (first["count"], first["facets"], second["next_page"]) == (3, None, None)
    assert [row["id"] for row in first["results"] + second["results"]] == users[::-1]
    assert {row["result_type"] for row in first["results"]} == {"user"}


@pytest.mark.parametrize(
    ("query", "status", "error"),
    [
        ("query=type:user&page=11", 422, "invalid"),
        ("query=type:user&per_page=10&page=101", 422, "invalid"),
        ("query=type:user&page[size]=10", 400, "InvalidPaginationParameter"),
        ("query=type:user&page=x", 400, "InvalidPaginationParameter"),
        ("query=", 400, "invalid"),
    ],
)
def test_search_out_of_bounds_is_refused(zendesk, query, status, error):
    answer, found = zendesk.call("GET", f"/search?{query}")

    assert (answer, found["error"]) == (status, error)


def test_user_search_by_external_id_does_not_lag(zendesk):
    user = zendesk.user(external_id="wa:1")

    assert zendesk.done("GET", "/users/search?external_id=WA:1")["users"][0]["id"] == user["id"]
    assert zendesk.done("GET", "/users/search?query=sanne")["users"] == []


def test_search_count_counts(zendesk, at_once):
    zendesk.user()

    assert zendesk.done("GET", "/search/count?query=role:end-user") == {"count": 1}
