"""Payloads of other projects: each gives events that can be read, or stated refusals."""

from pathlib import Path

import pytest

from balie.api import (
    AccountNotice,
    Context,
    CustomerNotice,
    Fixture,
    MessageReceived,
    PayloadInvalid,
    Severity,
    Status,
    StatusReported,
    TemplateChanged,
)
from balie_whatsapp.plugin import plugin

FIXTURES = Path(__file__).parents[4] / "shared/fixtures/whatsapp"
PAYLOADS = sorted(
    [
        *FIXTURES.glob("facebook__openapi/**/whatsapp_webhooks/post/request/*.json"),
        *FIXTURES.glob("Bindambc__*/**/deserialization/*.json"),
    ]
)
TWO_DOCUMENTS = "textMessageStatusRead"
NOTICES = {
    "accountBanned": ("ban", Severity.ALARM),
    "accountRestricted": ("restricted", Severity.ALARM),
    "accountReview": ("review", Severity.CLEARED),
    "phoneNumberNameUpdate": ("name", Severity.INFO),
    "qualityUpdate": ("quality", Severity.ALARM),
    "verifiedAccount": ("account", Severity.INFO),
}
TEMPLATES = {
    "rejectedTemplate": ("schedule_confirmation4", "pt_BR", "REJECTED"),
    "templateSchedulingForDisabling": ("My message template", "en_US", ""),
}
OF_CUSTOMERS = {
    "Group_Create_Message",
    "Group_Remove_Participants",
    "Group_Settings_Update",
    "System_Message",
}
STATUSES = {
    "mediaUploadError": (Status.FAILED, "131053"),
    "reEngagementMessageError": (Status.FAILED, "131047"),
    "textMessageStatusDelivered": (Status.DELIVERED, ""),
    "textMessageStatusSent": (Status.SENT, ""),
}

pytestmark = pytest.mark.skipif(not PAYLOADS, reason="the shared fixtures are not here")


def named(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", [p for p in PAYLOADS if p.stem != TWO_DOCUMENTS], ids=named)
def test_payload_gives_the_event_that_it_is(ctx: Context, path):
    request = plugin.fixture_prepare(ctx, Fixture(payload=path.read_bytes()))
    (raw,) = plugin.channel_ingress(ctx, request).events
    event, *more = plugin.event_parse(ctx, raw)
    assert raw.refused == ""
    if path.stem in NOTICES:
        assert isinstance(event, AccountNotice)
        assert (event.topic, event.severity) == NOTICES[path.stem]
    elif path.stem in TEMPLATES:
        assert isinstance(event, TemplateChanged)
        assert (event.name, event.language, event.status) == TEMPLATES[path.stem]
        assert [type(other) for other in more] == [AccountNotice]
    elif path.stem in OF_CUSTOMERS:
        assert isinstance(event, CustomerNotice)
        assert event.text
    elif path.stem in STATUSES:
        assert isinstance(event, StatusReported)
        assert (event.status, event.code) == STATUSES[path.stem]
    else:
        assert isinstance(event, MessageReceived)
        assert event.sender
        assert all(part.text for part in event.parts)


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
