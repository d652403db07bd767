"""The control routes, and what they say about bad input."""

import pytest


def test_seeded_customer_is_found_at_once_and_kept_verbatim(sandbox, zendesk):
    made = sandbox.control("zendesk/users", {"name": "Sanne", "phone": "(06) 5550-1234"})["user"]

    found = zendesk.done("GET", "/search?query=type:user phone:*655501234")["results"]

    assert [(one["id"], one["phone"]) for one in found] == [(made["id"], "(06) 5550-1234")]


def test_tickets_show_everything_a_test_asks_about(sandbox, zendesk):
    user = zendesk.user(phone="+31655501234", external_id="wa:1")
    said = {"body": "Hoi", "author_id": user["id"]}
    zendesk.ticket(requester_id=user["id"], comment=said, tags=["balie"], metadata={"m": "wamid.x"})
    sandbox.control(
        "zendesk/tickets/1/comments", {"body": "psst", "public": False, "agent": "Daan"}
    )

    [ticket] = sandbox.look("zendesk/tickets")["tickets"]

    assert (ticket["status"], ticket["tags"], ticket["assignee"]["name"]) == (
        "open",
        ["balie"],
        "Daan",
    )
    assert ticket["requester"] == {
        "id": user["id"],
        "name": "Sanne de Wit",
        "role": "end-user",
        "phone": "+31655501234",
        "external_id": "wa:1",
    }
    seen = [
        (one["body"], one["author"]["name"], one["public"], one["via"])
        for one in ticket["comments"]
    ]
    assert seen == [("Hoi", "Sanne de Wit", True, "api"), ("psst", "Daan", False, "web")]
    assert ticket["comments"][0]["metadata"]["custom"] == {"m": "wamid.x"}


def test_reset_leaves_only_the_staff(sandbox, zendesk):
    zendesk.ticket()

    sandbox.control("reset")

    assert sandbox.look("zendesk/tickets") == {"tickets": []}
    names = [user["name"] for user in sandbox.look("zendesk/users")["users"]]
    assert names == ["Balie bridge", "Noor", "Daan"]
    assert zendesk.call("GET", "/users/me")[0] == 401


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("tickets/9/comments", {"body": "x"}, 404),
        ("tickets/1/comments", {}, 400),
        ("tickets/1/comments", {"body": "x", "public": "yes"}, 400),
        ("tickets/1/comments", {"body": "x", "agent": "Nobody"}, 400),
        ("tickets/1/comments", [], 400),
        ("tickets/1/status", {"status": "asleep"}, 400),
        ("settings", {"plan_limit": "many"}, 400),
        ("settings", {"no_such": 1}, 400),
        ("settings", {"api_token_cutoff": "soon"}, 400),
        ("webhook", {"url": "nonsense"}, 400),
        ("webhook", {}, 400),
        ("users", {}, 422),
        ("clients", {"client_id": "x"}, 400),
    ],
)
def test_bad_input_is_explained(sandbox, zendesk, path, body, status):
    zendesk.ticket()

    answer = sandbox.session.post(f"{sandbox.url}/control/zendesk/{path}", json=body, timeout=15)

    assert answer.status_code == status
    assert answer.json().keys() & {"error", "errors"}


def test_another_client_gets_a_token_of_its_own(sandbox, credentials):
    sandbox.control("zendesk/clients", {"client_id": "other", "client_secret": "s"})

    body = credentials | {"client_id": "other", "client_secret": "s"}
    answer = sandbox.session.post(f"{sandbox.url}/zendesk/oauth/tokens", json=body, timeout=15)

    assert answer.status_code == 200
