"""Users: refusals, keys, phones."""

import pytest

NAME_TOO_SHORT = {
    "error": "RecordInvalid",
    "description": "Record validation errors",
    "details": {
        "name": [
            {
                "description": "Name: is too short (minimum one character)",
                "error": "ValueTooShort",
            }
        ]
    },
}


def test_user_with_only_a_name_is_an_unverified_end_user(zendesk):
    answer = zendesk.ask("POST", "/users", {"user": {"name": "x"}})

    user = answer.json()["user"]
    assert (answer.status_code, answer.headers["Location"]) == (201, user["url"])
    assert (user["role"], user["verified"], user["email"]) == ("end-user", False, None)


@pytest.mark.parametrize("name", ["", "   ", None])
def test_user_without_a_name_is_refused(zendesk, name):
    assert zendesk.call("POST", "/users", {"user": {"name": name}}) == (422, NAME_TOO_SHORT)


def test_external_id_is_unique_whatever_its_case(zendesk):
    zendesk.user(external_id="wa:Abc")

    status, found = zendesk.call("POST", "/users", {"user": {"name": "y", "external_id": "WA:aBC"}})

    assert (status, found["details"]["external_id"][0]["error"]) == (422, "DuplicateValue")


def test_create_or_update_matches_external_id_and_never_the_phone(zendesk):
    body = {"user": {"name": "Sanne", "external_id": "wa:1", "phone": "+31655501234"}}
    first, made = zendesk.call("POST", "/users/create_or_update", body)
    second, same = zendesk.call("POST", "/users/create_or_update", body)
    other = {"user": {"name": "Sanne", "external_id": "wa:2", "phone": "+31655501234"}}
    third, twin = zendesk.call("POST", "/users/create_or_update", other)

    assert (first, second, third) == (201, 200, 201)
    assert made["user"]["id"] == same["user"]["id"] != twin["user"]["id"]


def test_phone_is_kept_as_typed_and_a_second_owner_shares_it(zendesk):
    first = zendesk.user(phone="06-5550 1234")
    second = zendesk.user("Huisgenoot", phone="0655501234")

    assert (first["phone"], first["shared_phone_number"]) == ("06-5550 1234", False)
    assert (second["phone"], second["shared_phone_number"]) == ("0655501234", True)
    lines = zendesk.done("GET", f"/users/{first['id']}/identities")["identities"]
    assert [(line["type"], line["value"]) for line in lines] == [("phone_number", "06-5550 1234")]
    assert zendesk.done("GET", f"/users/{second['id']}/identities")["identities"] == []


def test_phone_forced_to_be_direct_but_taken_is_refused(zendesk):
    zendesk.user(phone="+31655501234")
    body = {"user": {"name": "y", "phone": "+31655501234", "shared_phone_number": False}}

    status, found = zendesk.call("POST", "/users", body)

    assert (status, found["details"]["phone"][0]["error"]) == (422, "DuplicateValue")


def test_phone_is_checked_only_where_the_account_does(zendesk, settings):
    settings(validate_phone_numbers=True)

    status, found = zendesk.call("POST", "/users", {"user": {"name": "y", "phone": "06 5550 1234"}})

    assert (status, found["details"]["phone"][0]["error"]) == (422, "InvalidFormat")


def test_deleted_user_frees_its_external_id_and_stays_readable(zendesk):
    user = zendesk.user(external_id="wa:1")

    status, found = zendesk.call("DELETE", f"/users/{user['id']}")

    assert (status, found["user"]["active"]) == (200, False)
    assert zendesk.done("GET", "/users?external_id=wa:1")["users"] == []
    assert zendesk.user(external_id="wa:1")["id"] != user["id"]


def test_merge_moves_identities_and_tickets(zendesk):
    source, target = zendesk.user(phone="+31655501234"), zendesk.user("Sanne")
    ticket = zendesk.ticket(requester_id=source["id"])

    zendesk.done("PUT", f"/users/{source['id']}/merge", {"user": {"id": target["id"]}})

    assert zendesk.done("GET", f"/users/{source['id']}")["user"]["active"] is False
    assert zendesk.done("GET", f"/users/{target['id']}")["user"]["phone"] == "+31655501234"
    found = zendesk.done("GET", f"/tickets/{ticket['id']}")["ticket"]
    assert found["requester_id"] == target["id"]


def test_show_many_takes_ids_and_external_ids(zendesk):
    first, second = zendesk.user(), zendesk.user("Karim", external_id="wa:2")

    users = zendesk.done("GET", f"/users/show_many?ids={first['id']}&external_ids=wa:2")["users"]

    assert [user["id"] for user in users] == [first["id"], second["id"]]


def test_show_many_over_a_hundred_is_refused(zendesk):
    ids = ",".join(str(number) for number in range(101))

    status, found = zendesk.call("GET", f"/users/show_many?ids={ids}")

    assert (status, found["max_count"]) == (400, 100)


@pytest.mark.parametrize(
    "user",
    [
        {"name": ["x"]},
        {"name": "x", "phone": {}},
        {"name": "x", "tags": 3},
        {"name": "x", "identities": ["y"]},
        {"name": "x", "identities": [{"type": "phone_number"}]},
        {"name": "x", "external_id": []},
        {"name": "x", "user_fields": "y"},
        {"name": "x", "role": "king"},
        {"name": "x", "email": "nonsense"},
    ],
)
def test_user_with_a_field_of_a_wrong_type_is_refused_whole(zendesk, user):
    status, found = zendesk.call("POST", "/users", {"user": user})

    assert (status, found["error"]) == (422, "RecordInvalid")
    assert len(zendesk.done("GET", "/users")["users"]) == 3


@pytest.mark.parametrize("body", [None, [], "x", {"ticket": {}}, {"user": []}])
def test_user_without_an_object_is_a_bad_request(zendesk, body):
    status, _ = zendesk.call("POST", "/users", body)

    assert status == (415 if body is None else 400)


@pytest.mark.parametrize(
    "raw", [b"{", b"", b'{"user": NaN}', b'{"user":{"name":"\\ud800"}}', b"[" * 100_000, b"\xff"]
)
def test_body_that_is_not_json_is_a_bad_request(zendesk, raw):
    headers = {"Authorization": f"Bearer {zendesk.token}", "Content-Type": "application/json"}

    answer = zendesk.session.post(f"{zendesk.base}/api/v2/users", data=raw, headers=headers)

    assert (answer.status_code, answer.json()["error"]) == (400, "BadRequest")


def test_requester_described_in_a_ticket_becomes_a_user_that_search_finds(zendesk, settings):
    settings(search_lag_seconds=0)
    requester = {"name": "Eva", "email": "eva@example.com"}

    ticket = zendesk.done(
        "POST", "/tickets", {"ticket": {"requester": requester, "comment": {"body": "Hoi"}}}
    )["ticket"]

    [found] = zendesk.done("GET", "/search?query=email:eva@example.com")["results"]
    assert (found["id"], found["role"]) == (ticket["requester_id"], "end-user")


def test_identity_added_as_direct_line_shows_on_an_empty_profile(zendesk):
    user = zendesk.user()
    body = {"identity": {"type": "phone_number", "value": "+31655501234"}}

    status, _ = zendesk.call("POST", f"/users/{user['id']}/identities", body)
    taken, _ = zendesk.call("POST", f"/users/{zendesk.user('Karim')['id']}/identities", body)

    assert (status, taken) == (201, 422)
    assert zendesk.done("GET", f"/users/{user['id']}")["user"]["phone"] == "+31655501234"
