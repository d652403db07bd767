"""Any JSON to any edge and any control route: answered, never a crash."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from balie_sandbox.app import create_app
from balie_sandbox.graph.edges import EDGES
from balie_sandbox.graph.model import App, Number, Waba
from balie_sandbox.graph.outbound.content import READERS
from balie_sandbox.graph.outbound.interactive import ACTIONS
from balie_sandbox.sandbox import Sandbox

NUMBER = "106540352242922"
PLAIN = st.none() | st.booleans() | st.integers(-5, 99) | st.text(max_size=8) | st.floats(-9, 9)
#: Keys that some reader looks for, so that chance gets past the first check.
# fmt: off
KEYS = [
    "action", "address", "audio", "body", "button", "buttons", "calling", "call_hours",
    "call_id", "caption", "cards", "category", "code", "commands", "components", "contacts",
    "context", "currency", "description", "display_text", "document", "emoji", "example",
    "field", "file", "flow_action_payload", "flow_cta", "flow_id", "footer", "format", "from",
    "group", "header", "id", "image", "index", "interactive", "join_requests", "language",
    "link", "latitude", "location", "longitude", "message", "message_id", "messages",
    "messaging_product", "name", "number", "original_message_id", "parameters", "participants",
    "payload", "phones", "pin", "prefilled_message", "product_items", "prompts", "reaction",
    "recipient", "recipient_type", "reply", "rows", "sections", "session", "settings",
    "sub_type", "subject", "template", "text", "timestamp", "title", "to", "type", "url",
    "user", "value", "verify_token", "video", "voice", "websites", "weekly_operating_hours",
]
# fmt: on
WORDS = [
    "whatsapp",
    "31655501234",
    "hello_world",
    "en_US",
    "connect",
    "reply",
    "body",
    "button",
    "quick_reply",
    "nl",
    "UTILITY",
    "BODY",
    "0",
    *READERS,
    *ACTIONS,
]
VALUES = st.recursive(
    PLAIN | st.sampled_from(WORDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner),
    max_leaves=12,
)
BODIES = st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=8)
QUICK = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
OWNERS = {Number: NUMBER, Waba: "419561257915477", App: "670843887433847"}
#: They would call out of the test, or have a file instead of JSON.
ELSEWHERE = {"subscriptions", "subscribed_apps", "media"}
EDGE_CALLS = sorted(
    (method, f"/graph/v24.0/{OWNERS[kind]}/{edge}")
    for (method, edge), (kind, _) in EDGES.items()
    if kind in OWNERS and edge not in ELSEWHERE
)


@pytest.fixture(scope="module")
def client():
    app = create_app(Sandbox())
    app.testing = True
    return app.test_client()


@pytest.mark.parametrize(("method", "path"), EDGE_CALLS, ids=[f"{m} {p}" for m, p in EDGE_CALLS])
@QUICK
@given(body=BODIES)
def test_any_json_to_any_edge_is_answered(client, method, path, body):
    answer = client.open(
        path,
        method=method,
        json={"messaging_product": "whatsapp"} | body,
        headers={"Authorization": "Bearer EAASANDBOXtoken"},
    )

    assert answer.is_json
    assert answer.status_code == 200 or set(answer.json["error"]) >= {"message", "type", "code"}


@settings(QUICK, max_examples=80)
@given(type_=st.sampled_from(sorted(READERS)), content=VALUES, more=BODIES)
def test_any_content_of_any_type_is_answered(client, type_, content, more):
    body = more | {"messaging_product": "whatsapp", "to": "31655501234", "type": type_}
    answer = client.post(
        f"/graph/{NUMBER}/messages",
        json=body | {type_: content},
        headers={"Authorization": "Bearer EAASANDBOXtoken"},
    )

    assert answer.status_code in (200, 400, 404)


@settings(QUICK, max_examples=80)
@given(kind=st.sampled_from(sorted(ACTIONS)), action=VALUES, header=VALUES, body=VALUES)
def test_any_action_of_any_interactive_is_answered(client, kind, action, header, body):
    interactive = {"type": kind, "action": action, "header": header, "body": body}
    answer = client.post(
        f"/graph/{NUMBER}/messages",
        json={
            "messaging_product": "whatsapp",
            "to": "31655501234",
            "type": "interactive",
            "interactive": interactive,
        },
        headers={"Authorization": "Bearer EAASANDBOXtoken"},
    )

    assert answer.status_code in (200, 400)


@settings(QUICK, max_examples=30)
@given(components=st.lists(VALUES | BODIES, max_size=3), parameters=st.lists(BODIES, max_size=3))
def test_any_template_is_answered(client, components, parameters):
    headers = {"Authorization": "Bearer EAASANDBOXtoken"}
    body = {"name": "x", "language": "nl", "category": "UTILITY", "components": components}
    made = client.post("/graph/419561257915477/message_templates", json=body, headers=headers)
    template = {"name": "hello_world", "language": {"code": "en_US"}, "components": parameters}
    message = {"messaging_product": "whatsapp", "to": "31655501234", "type": "template"}
    sent = client.post(
        f"/graph/{NUMBER}/messages", json=message | {"template": template}, headers=headers
    )

    assert made.status_code in (200, 400)
    assert sent.status_code in (200, 400, 404)


CONTROLS = [
    "messages",
    "raw",
    "errors",
    "tokens",
    "settings",
    "events",
    "templates",
    "calls",
    "groups",
    "echoes",
    "past",
    "history",
    "contacts",
    "app",
    f"numbers/{NUMBER}",
    "phones/31655501234",
    "phones/31655501234/tap",
    "phones/31655501234/play",
    "phones/31655501234/change_number",
    "phones/31655501234/marketing",
    "media/1",
    "calls/1/terminate",
    "groups/1/join",
]


@pytest.mark.parametrize("path", CONTROLS)
@QUICK
@given(body=BODIES)
def test_any_json_to_any_control_is_answered(client, path, body):
    usual = {"from": "31655501234", "to": NUMBER}
    answer = client.post(f"/control/whatsapp/{path}", json=usual | body)

    assert answer.status_code in (200, 400)
    assert answer.status_code == 200 or list(answer.json) == ["error"]
