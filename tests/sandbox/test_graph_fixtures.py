"""The Graph half against Meta's published examples."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

EXAMPLES = (
    Path(__file__).parents[3] / "shared/fixtures/whatsapp/facebook__openapi/extracted_examples"
)
needs_examples = pytest.mark.skipif(
    not EXAMPLES.is_dir(), reason="../shared/fixtures is not beside the repository"
)
BSUID_FIELDS = {"user_id", "from_user_id"}


def example(path):
    return json.loads((EXAMPLES / path).read_text())


def shape(value):
    """Return the keys of a JSON value and what is below them, without the ids of 2026."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items() if key not in BSUID_FIELDS}
    if isinstance(value, list):
        return [shape(inner) for inner in value]
    return type(value)


@needs_examples
def test_inbound_text_has_the_published_shape(sandbox, connected):
    sandbox.control("whatsapp/messages", {"from": "31655501234", "text": "Hoi"})

    [received] = connected.take(1)
    published = example("whatsapp_webhooks/post/request/Text_Message.json")
    assert shape(received.json) == shape(published)


@needs_examples
def test_send_answers_in_the_published_shape(sandbox, graph):
    _, answer = graph.send()

    published = example("Phone_Number_ID_messages/post/response_200/Send_Text_Message.json")
    assert shape(answer) == shape(published)


PICTURE = b"\x89PNG\r\n\x1a\n"
#: Published with a placeholder where Meta wants a value.
SPOILT = {"Send_Multi_Product_Message.json": 131009, "Send_Reply_to_List_Message.json": 131008}


def usable(graph, body):
    """Put what exists here into a published example: a customer, a file, a link."""
    body |= {"to": "+31655501234"}
    media = body.get(body.get("type", "text"), {})
    if body.get("type") in ("audio", "document", "image", "sticker", "video"):
        if "id" in media:
            files = {"file": ("a", PICTURE, "image/png")}
            form = {"messaging_product": "whatsapp"}
            _, uploaded = graph.call("POST", "106540352242922/media", data=form, files=files)
            media["id"] = uploaded["id"]
        else:
            media["link"] = "https://example.org/file"
    return body


def send_examples():
    folder = EXAMPLES / "Phone_Number_ID_messages/post/request"
    return sorted(path.name for path in folder.glob("*.json")) if folder.is_dir() else []


@needs_examples
@pytest.mark.parametrize("name", send_examples())
def test_published_send_is_accepted(sandbox, graph, name):
    inbound = sandbox.control("whatsapp/messages", {"from": "31655501234", "text": "Hoi"})
    body = usable(graph, example(f"Phone_Number_ID_messages/post/request/{name}"))
    if "status" in body:
        body["message_id"] = inbound["id"]

    status, answer = graph.call("POST", "v24.0/106540352242922/messages", body)

    if name in SPOILT:
        assert (status, answer["error"]["code"]) == (400, SPOILT[name])
    elif body.get("template", {}).get("name", "hello_world") != "hello_world":
        # Templates of other accounts; test_graph_template_send.py has those of this one.
        assert (status, answer["error"]["code"]) == (404, 132001)
    else:
        assert status == 200, answer


PLAIN = st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.floats(-9, 9)
INNER_KEYS = ["body", "message_id", "override_callback_uri", "type"]
MESSAGE_KEYS = ["messaging_product", "to", "recipient", "recipient_type", "type", "text", "context"]
OTHER_KEYS = ["status", "message_id", "typing_indicator", "biz_opaque_callback_data", "pin"]
ASSET_KEYS = ["webhook_configuration", "object", "callback_url", "verify_token", "fields"]

json_values = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(INNER_KEYS), inner),
    max_leaves=6,
)
bodies = st.dictionaries(
    st.sampled_from(MESSAGE_KEYS + OTHER_KEYS + ASSET_KEYS),
    json_values | st.sampled_from(["whatsapp", "text", "read", "31655501234", "NL.1"]),
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(body=bodies)
@pytest.mark.parametrize(
    "path",
    [
        "106540352242922/messages",
        "106540352242922",
        "106540352242922/register",
        "419561257915477/subscribed_apps",
        "670843887433847/subscriptions",
    ],
)
def test_any_json_is_answered_without_a_crash(graph, path, body):
    status, answer = graph.call("POST", path, body)

    assert status in (200, 400)
    assert status == 200 or set(answer["error"]) >= {"message", "type", "code"}


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[]", b"null", b'"x"', b"\xff", b"[" * 100_000, b'{"to": "\\ud800"}']
)
def test_any_bytes_are_answered_without_a_crash(graph, sandbox, raw):
    status, answer = graph.call("POST", "106540352242922/messages", data=raw)
    control = sandbox.session.post(f"{sandbox.url}/control/whatsapp/messages", data=raw, timeout=15)

    assert (status, answer["error"]["code"]) == (400, 100)
    assert (control.status_code, list(control.json())) == (400, ["error"])
