"""Payloads of other projects: each gives events that can be read, or stated refusals."""

from pathlib import Path

import pytest

from balie.api import (
    Context,
    Fixture,
    MessageReceived,
    PayloadInvalid,
    Refused,
    Status,
    StatusReported,
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
REFUSED = {
    "Group_Create_Message": "group_lifecycle_update.groups is not followed yet.",
    "Group_Remove_Participants": "group_participants_update.groups is not followed yet.",
    "Group_Settings_Update": "group_settings_update.groups is not followed yet.",
    "accountBanned": "account_update tells about the account",
    "accountRestricted": "account_update tells about the account",
    "accountReview": "account_review_update tells about the account",
    "phoneNumberNameUpdate": "phone_number_name_update tells about the account",
    "qualityUpdate": "phone_number_quality_update tells about the account",
    "rejectedTemplate": "message_template_status_update tells about the account",
    "templateSchedulingForDisabling": "message_template_status_update tells about the account",
    "verifiedAccount": "account_update tells about the account",
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
def test_payload_gives_an_event_or_a_stated_refusal(ctx: Context, path):
    request = plugin.fixture_prepare(ctx, Fixture(payload=path.read_bytes()))
    (raw,) = plugin.channel_ingress(ctx, request).events
    (event,) = plugin.event_parse(ctx, raw)
    if path.stem in REFUSED:
        assert isinstance(event, Refused)
        assert event.reason == raw.refused
        assert event.reason.startswith(REFUSED[path.stem])
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
