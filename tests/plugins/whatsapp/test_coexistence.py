"""A number that is also in the WhatsApp Business app, and what customers want of marketing."""

from datetime import UTC, datetime

import pytest

from balie.api import (
    Address,
    AddressKind,
    Context,
    CustomerNotice,
    MediaKind,
    MessageReceived,
    MessageSent,
    Refused,
    Severity,
    Text,
    Unknown,
)
from balie_whatsapp.plugin import plugin

from .conftest import NOW, make_context
from .payloads import a_payload, a_value, take
from .test_ingress import AT

PHONE = Address(kind=AddressKind.PHONE, value="+31655500001")
BSUID = Address(kind=AddressKind.BSUID, value="NL.1001")
THEN = datetime(2025, 2, 10, 23, 42, 35, tzinfo=UTC)


def echo(**changes):
    return {
        "from": "31655509999",
        "to": "31655500001",
        "to_user_id": "NL.1001",
        "id": "wamid.E1",
        "timestamp": "1790000000",
        "type": "text",
        "text": {"body": "Tot zo"},
        **changes,
    }


def read_value(ctx: Context, field, **more):
    (raw,) = take(ctx, a_payload({**a_value(**more), "contacts": []}, field=field))
    return raw, plugin.event_parse(ctx, raw)


def test_message_from_the_app_is_one_that_was_sent(ctx: Context):
    raw, events = read_value(ctx, "smb_message_echoes", message_echoes=[echo()])
    assert (raw.id, raw.lane) == ("wamid.E1", "NL.1001")
    assert events == [
        MessageSent(id="wamid.E1", to=(BSUID, PHONE), at=AT, parts=(Text(text="Tot zo"),))
    ]


def test_message_deleted_in_the_app_is_ours(ctx: Context):
    deleted = echo(type="revoke", revoke={"original_message_id": "wamid.E0"})
    _, (event,) = read_value(ctx, "smb_message_echoes", message_echoes=[deleted])
    assert event.parts == (Unknown(type="revoke", text="[Message deleted on our phone]"),)
    assert event.quotes == "wamid.E0"


def test_message_from_the_app_to_nobody_is_refused(ctx: Context):
    nobody = echo(to=None, to_user_id="")
    _, events = read_value(ctx, "smb_message_echoes", message_echoes=[nobody])
    assert events == [Refused(reason="The message sent from the app names no recipient.")]


THREAD = {
    "id": "31655500001",
    "messages": [
        {
            "from": "31655509999",
            "to": "31655500001",
            "id": "wamid.H2",
            "timestamp": "1739230956",
            "type": "text",
            "text": {"body": "Ja"},
            "history_context": {"status": "READ"},
        },
        {
            "from": "31655500001",
            "id": "wamid.H1",
            "timestamp": "1739230955",
            "type": "media_placeholder",
        },
    ],
}
CHUNK = {"metadata": {"phase": 0, "chunk_order": 1, "progress": 55}, "threads": [THREAD]}


def test_history_is_not_read_unasked(ctx: Context):
    raw, _ = read_value(ctx, "history", history=[CHUNK])
    assert raw.refused == "The history from before Balie is not imported; see import_history."
    assert raw.body == {}


@pytest.fixture
def importing(clock, session):
    return make_context(clock, session, import_history=True)


def test_history_is_read_in_order_and_opens_no_window(importing: Context):
    raw, events = read_value(importing, "history", history=[CHUNK])
    assert raw.lane == "31655500001"
    assert events == [
        MessageReceived(
            id="wamid.H1",
            sender=(PHONE,),
            at=THEN,
            parts=(
                Unknown(
                    type="media_placeholder",
                    text="[File from before the connection, which did not come along]",
                ),
            ),
            opens_window=False,
        ),
        MessageSent(
            id="wamid.H2", to=(PHONE,), at=THEN.replace(second=36), parts=(Text(text="Ja"),)
        ),
    ]


def test_file_that_follows_the_history_belongs_to_its_message(importing: Context):
    message = {
        "from": "31655500001",
        "id": "wamid.H1",
        "timestamp": "1739230955",
        "type": "image",
        "image": {"id": "77", "mime_type": "image/jpeg"},
    }
    _, (event,) = read_value(importing, "history", messages=[message])
    assert (event.id, event.quotes, event.sender) == ("wamid.H1:file", "wamid.H1", (PHONE,))
    assert (event.parts[0].kind, event.parts[0].ref) == (MediaKind.IMAGE, "77")


def test_history_that_the_owner_declined_is_told_the_admin(importing: Context):
    declined = [{"errors": [{"code": 2593109, "title": "Declined"}]}]
    raw, (event,) = read_value(importing, "history", history=declined)
    assert raw.refused == ""
    assert (event.severity, event.text) == (
        Severity.WARNING,
        "WhatsApp reports: Declined (2593109)",
    )


@pytest.mark.parametrize("chunk", [{"metadata": {}}, {"threads": "many"}, {"threads": [3]}])
def test_history_without_threads_is_refused(importing: Context, chunk):
    raw, _ = read_value(importing, "history", history=[chunk])
    assert raw.refused == "The history holds no thread."


def test_history_of_nobody_is_refused(importing: Context):
    chunk = {"threads": [{"messages": [{"type": "text"}]}]}
    _, events = read_value(importing, "history", history=[chunk])
    assert events == [Refused(reason="The history holds no message that names its people.")]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("stop", "[The customer wants no more marketing from this number]"),
        ("resume", "[The customer wants marketing from this number again]"),
        ("signup", "[The customer signed up for marketing]"),
        ("perhaps", "[The customer's preference] User said perhaps"),
    ],
)
def test_preference_is_told_in_the_ticket(ctx: Context, value, text):
    preference = {
        "wa_id": "31655500001",
        "user_id": "NL.1001",
        "detail": f"User said {value}",
        "category": "marketing_messages",
        "value": value,
        "timestamp": 1790000000,
    }
    raw, events = read_value(ctx, "user_preferences", user_preferences=[preference])
    assert raw.lane == "NL.1001"
    assert events == [CustomerNotice(id=raw.id, sender=(BSUID, PHONE), at=AT, text=text)]


def test_preference_of_nobody_is_refused(ctx: Context):
    raw, events = read_value(ctx, "user_preferences", user_preferences=[{"value": "stop"}])
    assert raw.at == NOW
    assert events == [Refused(reason="The preference names no customer.")]
