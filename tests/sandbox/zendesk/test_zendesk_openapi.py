"""Answers against the vendor's own OpenAPI file, an operation at a time.

conftest.py holds every answer that any of these tests gets against the file; here each operation
that the sandbox shares with it is called once, so that none is left out.
"""

import json
import re
from pathlib import Path

import pytest
from tests.sandbox.zendesk.every_call import ON_BEHALF, calls, filled
from tests.sandbox.zendesk.exemptions import EXEMPTIONS
from tests.sandbox.zendesk.full_account import fill
from tests.sandbox.zendesk.openapi import SOURCE, Description, description

from balie_sandbox.app import create_app
from balie_sandbox.zendesk.users.deletion_routes import SHOWN

pytestmark = pytest.mark.skipif(
    not SOURCE.exists(),
    reason="the shared fixtures are not beside this repo: no answer of the sandbox's Zendesk is"
    " held against the vendor's OpenAPI file",
)
RECORDED = Path(__file__).parents[4] / "shared/fixtures/zendesk/errors/error_bodies.json"


@pytest.fixture(scope="module")
def account(sandbox_process, make_client):
    """A client and the ids of an account that has one of everything."""
    sandbox_process.control("reset")
    client = make_client(sandbox_process, scope="read write impersonate")
    return client, fill(client, sandbox_process)


def as_id(one):
    """Method and path name a call; bodies are long."""
    return one if isinstance(one, str) else ""


@pytest.mark.parametrize(("method", "path", "body"), calls(), ids=as_id)
def test_operation_answers_as_the_vendor_describes(account, method, path, body):
    zendesk, ids = account
    behalf = {"X_On_Behalf_Of": ON_BEHALF[path]} if path in ON_BEHALF else {}
    description().checked.clear()

    answer = zendesk.ask(method, filled(path, ids), filled(body, ids), **behalf)

    plain = filled(path, ids).partition("?")[0]
    operation = description().operation(method, f"/api/v2{plain}")
    assert answer.status_code < 300, answer.text
    assert description().checked == {(method, operation.template, answer.status_code)}


def test_every_operation_that_the_file_and_the_sandbox_share_is_called():
    described = {(one.method, as_shape(one.template)) for one in description().operations}
    served = {
        (method, as_shape(str(rule).removeprefix("/zendesk")))
        for rule in create_app().url_map.iter_rules()
        for method in rule.methods
        if str(rule).startswith("/zendesk/")
    }
    called = {
        (method, as_shape(description().operation(method, f"/api/v2{as_path(path)}").template))
        for method, path, _ in calls()
    }

    assert ("PUT", "/api/v2/tickets/_") in described & served
    assert (described & served) - called == set()


def as_shape(path):
    """A path with its names left out, for the file and the sandbox name them differently."""
    return re.sub(r"{[^}]+}|<[^>]+>", "_", path)


def as_path(path):
    return as_shape(path.partition("?")[0])


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        (("GET", "/tickets/1", 200, "application/json", '{"ticket":{"id":"x"}}'), "ticket/id"),
        (("GET", "/tickets/1", 200, "application/json", '{"tickets":[]}'), "none of"),
        (("GET", "/tickets/1", 200, "application/json", "[]"), "none of"),
        (("GET", "/tickets/1", 200, "text/html", "<p>"), "none of"),
        (("POST", "/tickets", 202, "application/json", "{}"), "not 202"),
        (("DELETE", "/tickets/1", 204, "text/html", "x"), "no body"),
        (("PUT", "/deleted_tickets/1/restore", 200, "application/json", "{}"), "string"),
        (("GET", "/tickets/1", 404, "application/json", '{"message":"x"}'), "not valid"),
        (("GET", "/tickets/1", 404, "text/plain", "x"), "not valid"),
        (("POST", "/webhooks", 400, "application/json", '{"errors":[{"code":"x"}]}'), "not valid"),
    ],
    ids=[
        "type",
        "envelope",
        "list",
        "page",
        "status",
        "body",
        "no body",
        "error",
        "text",
        "errors",
    ],
)
def test_answer_that_does_not_fit_is_complained_of(answer, complaint):
    method, path, status, kind, body = answer

    found = description().complaints(method, f"/api/v2{path}", status, kind, body.encode())

    assert complaint in " ".join(found)


@pytest.mark.parametrize("name", json.loads(RECORDED.read_text()) if RECORDED.exists() else [])
def test_recorded_refusal_fits_as_ours_must(name):
    one = json.loads(RECORDED.read_text())[name]
    path, body = "/api/v2/tickets/1", json.dumps(one["body"]).encode()

    found = description().complaints("PUT", path, one["status"], "application/json", body)

    # Of 2013, when the details of a field were no list yet.
    assert (found == []) == (name != "422_phone_format_2013")


#: For each exemption, in their order, an answer that needs it.
NEEDED = (
    ("GET", "/tickets/1", 200, {"ticket": {"requester_id": 1, "custom_fields": [{"value": True}]}}),
    ("PUT", "/tickets/1", 200, {"audit": {"events": [{"value": ["vip"]}]}}),
    ("POST", "/macros", 200, {"macro": {"title": "M", "actions": [{"value": ["all", "Hoi"]}]}}),
    (
        "GET",
        "/deleted_users/1",
        200,
        {"deleted_user": dict.fromkeys(SHOWN) | {"shared_phone_number": True}},
    ),
    ("POST", "/tickets", 200, {"job_status": {"id": "V3-1"}}),
    ("GET", "/users/1/tags", 200, {"tags": ["vip"]}),
)


def test_each_exemption_is_needed():
    strict = Description(())

    for (method, path, status, body), row in zip(NEEDED, EXEMPTIONS, strict=True):
        answer = (method, f"/api/v2{path}", status, "application/json", json.dumps(body).encode())
        assert description().complaints(*answer) == [], row.why
        assert strict.complaints(*answer) or not strict.operation(method, answer[1]), row.why
