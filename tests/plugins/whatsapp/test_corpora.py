"""Payloads of other projects: each gives events that can be read, or stated refusals."""

from pathlib import Path

import pytest

from balie.api import Context, Fixture, PayloadInvalid
from balie_whatsapp.plugin import plugin

from .stated import RECORDED
from .summary import told

FIXTURES = Path(__file__).parents[4] / "shared/fixtures/whatsapp"
PAYLOADS = sorted(
    [
        *FIXTURES.glob("facebook__openapi/**/whatsapp_webhooks/post/request/*.json"),
        *FIXTURES.glob("Bindambc__*/**/deserialization/*.json"),
    ]
)
TWO_DOCUMENTS = "textMessageStatusRead"

pytestmark = pytest.mark.skipif(not PAYLOADS, reason="the shared fixtures are not here")


def named(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", [p for p in PAYLOADS if p.stem != TWO_DOCUMENTS], ids=named)
def test_payload_gives_its_stated_result(ctx: Context, path):
    request = plugin.fixture_prepare(ctx, Fixture(payload=path.read_bytes()))
    raws = plugin.channel_ingress(ctx, request).events
    assert [line for raw in raws for line in told(ctx, raw)] == RECORDED[path.stem]


def test_every_payload_is_stated():
    assert {path.stem for path in PAYLOADS} - {TWO_DOCUMENTS} == set(RECORDED)


@pytest.mark.parametrize("path", PAYLOADS, ids=named)
def test_payload_as_it_is_belongs_to_another_connection(ctx: Context, path):
    """All but one corpus name another number or account than ours."""
    request = plugin.fixture_prepare(ctx, Fixture(payload=path.read_bytes(), as_is=True))
    assert request.body == path.read_bytes()
    if path.stem == TWO_DOCUMENTS:
        with pytest.raises(PayloadInvalid):
            plugin.channel_ingress(ctx, request)
        return
    ours = b"106540352242922" in request.body
    for raw in plugin.channel_ingress(ctx, request).events:
        assert ours or "not this connection's" in raw.refused
