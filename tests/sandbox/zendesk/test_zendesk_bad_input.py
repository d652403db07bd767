"""Every route of the account with bodies that no client should send: refused, never broken."""

import re

import pytest
from tests.sandbox.zendesk.openapi import hold

from balie_sandbox.app import create_app

HEADERS = {
    "Authorization": "Basic YnJpZGdlQGV4YW1wbGUuY29tL3Rva2VuOnNhbmRib3gtb25seS1ub3QtYS10b2tlbg=="
}
NAMES = (
    "ticket",
    "tickets",
    "user",
    "users",
    "identity",
    "organization",
    "organization_membership",
    "group",
    "group_membership",
    "brand",
    "ticket_field",
    "ticket_form",
    "user_field",
    "custom_status",
    "macro",
    "view",
    "sla_policy",
    "trigger",
    "webhook",
    "request",
    "message",
    "attachment",
    "satisfaction_rating",
    "satisfaction",
)
ODD = (None, "x", 5, {"id": []}, [{"id": {}}])
FIELDS = (
    "name",
    "title",
    "subject",
    "comment",
    "comments",
    "tags",
    "ids",
    "type",
    "status",
    "conditions",
    "actions",
    "custom_fields",
    "email_ccs",
    "followers",
    "requester",
    "requester_id",
    "identities",
    "user_fields",
    "phone",
    "email",
    "external_id",
    "text",
    "html_body",
    "ticket_id",
    "value",
    "score",
    "endpoint",
    "subscriptions",
    "authentication",
    "to",
    "grant_type",
    "uploads",
    "external_attachment_urls",
    "custom_status_id",
    "safe_update",
)


def bodies():
    """JSON of the wrong shape, from the outside in."""
    yield from ODD
    for odd in ODD:
        yield dict.fromkeys((*NAMES, *FIELDS), odd)
        inner = dict.fromkeys(FIELDS, odd)
        yield {name: [inner] if name.endswith("s") else inner for name in NAMES} | inner
    for odd in ODD:
        # With what is needed to come further in.
        inner = {"name": "x", "title": "x", "type": "text", "comment": {"body": "x"}}
        inner |= {name: odd for name in FIELDS if name not in inner}
        yield dict.fromkeys(NAMES, inner) | {"ids": odd}


@pytest.fixture(scope="module")
def app():
    app = create_app()
    app.config["PROPAGATE_EXCEPTIONS"] = True
    return app


def rules_of(app):
    """Method and path pattern of everything that takes a body."""
    for rule in app.url_map.iter_rules():
        text = str(rule)
        if text.startswith("/zendesk/") and not text.endswith((".json", "<path:path>", "/test")):
            for method in sorted(rule.methods & {"POST", "PUT", "PATCH", "DELETE"}):
                yield method, text


def seeded(app):
    """Reset and make one of everything; an id for each name that paths have."""
    sandbox = app.extensions["balie_sandbox"]
    sandbox.reset()
    account = sandbox.zendesk
    account.settings.change({"plan_limit": 10**9, "ticket_limit_on": False})
    client = app.test_client()
    user = client.post("/control/zendesk/users", json={"name": "Sanne", "phone": "+31655501234"})
    user_id = user.json["user"]["id"]
    body = {"ticket": {"requester_id": user_id, "comment": {"body": "x"}}}
    client.post("/zendesk/api/v2/tickets", json=body, headers=HEADERS)
    [ticket] = account.tickets
    file = account.files.store("a.txt", "text/plain", b"hallo")
    ticket.comments[0].files.append(file)
    hook = {"url": "http://127.0.0.1:9/hook"}
    webhook = client.post("/control/zendesk/webhook", json=hook).json
    for plural in ("organizations", "user_fields", "slas/policies"):
        sent = {"name": "x", "title": "x", "type": "text", "key": "x"}
        client.post(f"/control/zendesk/catalog/{plural}", json=sent)
    ids = {
        "user_id": user_id,
        "identity_id": account.users.get(user_id).identities[0].id,
        "ticket_id": ticket.id,
        "comment_id": ticket.comments[0].id,
        "file_id": file.id,
        "webhook_id": webhook["id"],
        "trigger_id": webhook["trigger_id"],
        "token": account.files.upload(file).token,
    }
    return account, ids


def path_of(account, pattern, ids):
    """The pattern with ids that there are, where there are any."""
    plural = pattern.removeprefix("/zendesk/api/v2/").split("/<")[0]
    record = next(iter(account.catalog.called(plural) or []), None)
    known = ids | ({"key": record.id} if record else {})
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(known.get(found[1], 1)), pattern)


def test_no_route_breaks_on_a_body_of_the_wrong_shape(app):
    """An exception would come through: the application is told to let it."""
    client, seen = app.test_client(), set()
    for method, pattern in list(rules_of(app)):
        account, ids = seeded(app)
        path = path_of(account, pattern, ids)
        for body in bodies():
            answer = client.open(path, method=method, json=body, headers=HEADERS)
            assert answer.status_code < 500, (method, path, body)
            hold(method, path, answer.status_code, answer.content_type or "", answer.data)
            seen.add(answer.status_code)

    assert {200, 201, 204, 400, 404, 422} <= seen


@pytest.mark.parametrize("sent", [b"", b"{", b"[]", b"\\xff", b'{"ticket": NaN}', b"[" * 5000])
def test_no_route_breaks_on_what_is_no_json(app, sent):
    client = app.test_client()
    headers = HEADERS | {"Content-Type": "application/json"}

    answer = client.post("/zendesk/api/v2/tickets", data=sent, headers=headers)

    assert answer.status_code == 400
