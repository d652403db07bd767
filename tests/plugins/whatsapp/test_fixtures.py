"""Stored payloads made into deliveries."""

import json

import pytest

from balie.api import Context, Fixture, PayloadInvalid
from balie_whatsapp.plugin import plugin

from .payloads import a_message, a_payload, a_value


def foreign_payload() -> bytes:
    value = a_value(a_message())
    value["metadata"]["phone_number_id"] = "999"
    return json.dumps(a_payload(value, entry_id="0")).encode()


def test_fixture_gets_the_connections_ids(ctx: Context):
    request = plugin.fixture_prepare(ctx, Fixture(payload=foreign_payload()))
    assert request.method == "POST"
    assert request.headers["content-type"] == "application/json"
    assert json.loads(request.body) == a_payload(a_value(a_message()))
    (event,) = plugin.channel_ingress(ctx, request).events
    assert event.refused == ""


def test_fixture_as_is_keeps_its_bytes(ctx: Context):
    request = plugin.fixture_prepare(ctx, Fixture(payload=foreign_payload(), as_is=True))
    assert request.body == foreign_payload()
    (event,) = plugin.channel_ingress(ctx, request).events
    assert event.refused == "messages is for phone number id 999, not this connection's."


@pytest.mark.parametrize("payload", [b"", b"{}{}", b"\xff"])
def test_fixture_that_is_not_json_is_sent_as_it_stands(ctx: Context, payload):
    request = plugin.fixture_prepare(ctx, Fixture(payload=payload))
    assert request.body == payload
    with pytest.raises(PayloadInvalid):
        plugin.channel_ingress(ctx, request)


@pytest.mark.parametrize(
    "document",
    [1, [], {"entry": 3}, {"entry": [{"changes": 1}]}, {"entry": [{"changes": [{"value": []}]}]}],
)
def test_fixture_of_another_shape_is_left_as_it_is(ctx: Context, document):
    payload = json.dumps(document).encode()
    request = plugin.fixture_prepare(ctx, Fixture(payload=payload))
    assert json.loads(request.body) == document
