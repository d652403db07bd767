"""Messages read whole: text as it was said, and a visible line for all else."""

import pytest

from balie.api import (
    Address,
    AddressKind,
    Context,
    EventKind,
    MessageReceived,
    PayloadInvalid,
    RawEvent,
    Refused,
    Text,
    Unknown,
)
from balie_whatsapp.plugin import plugin

from .conftest import NOW
from .payloads import a_message, a_payload, a_value, read, take
from .test_ingress import AT

PHONE = Address(kind=AddressKind.PHONE, value="+31655500001")
BSUID = Address(kind=AddressKind.BSUID, value="NL.1001")


def test_text_is_read_whole(ctx: Context):
    message = a_message(context={"from": "31655509999", "id": "wamid.OUT"})
    assert read(ctx, message) == MessageReceived(
        id="wamid.IN1",
        sender=(BSUID, PHONE),
        at=AT,
        parts=(Text(text="Goedemiddag"),),
        name="Sanne",
        quotes="wamid.OUT",
    )


@pytest.mark.parametrize(
    "body", ["a", " a\n\tb ", "<script>alert(1)</script>", "{{7*7}} %s {0}", "👩‍👩‍👧", "مرحبا"]
)
def test_text_stays_as_it_was_said(ctx: Context, body):
    assert read(ctx, a_message(text={"body": body})).parts == (Text(text=body),)


def test_text_loses_control_characters(ctx: Context):
    assert read(ctx, a_message(text={"body": "a\x1b[31mb\x07"})).parts == (Text(text="a[31mb"),)


@pytest.mark.parametrize("body", ["", "  \n", "\x07"])
def test_text_without_words_is_still_a_line(ctx: Context, nl: Context, body):
    message = a_message(text={"body": body})
    assert read(ctx, message).parts == (Unknown(type="text", text="[Empty message]"),)
    assert read(nl, message).parts == (Unknown(type="text", text="[Leeg bericht]"),)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (None, "[type: text]"),
        ({"body": 5}, "[type: text] body: 5"),
        ("words", "[type: text] words"),
    ],
)
def test_text_of_another_shape_is_a_line(ctx: Context, content, line):
    assert read(ctx, a_message(text=content)).parts == (Unknown(type="text", text=line),)


@pytest.mark.parametrize(
    ("message", "contact", "sender"),
    [
        ({"from_user_id": None}, {"user_id": None}, (PHONE,)),
        ({"from_user_id": None}, {}, (BSUID, PHONE)),
        ({"from": None}, {"wa_id": None}, (BSUID,)),
        ({"from": ""}, {"wa_id": ""}, (BSUID,)),
        ({"from": "not digits"}, {"wa_id": None}, (BSUID,)),
        ({"from": None}, {}, (BSUID, PHONE)),
    ],
)
def test_sender_is_every_address_given(ctx: Context, message, contact, sender):
    value = a_value(a_message(**message))
    value["contacts"][0].update(contact)
    (raw,) = take(ctx, a_payload(value))
    (event,) = plugin.event_parse(ctx, raw)
    assert event.sender == sender


def test_message_without_a_sender_is_refused(ctx: Context):
    message = a_message(from_user_id=None, **{"from": None})
    assert read(ctx, message) == Refused(
        reason="The message names no sender: neither a number nor a user id."
    )


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("Sanne", "Sanne"),
        ("  Sanne \n de Vries\x01 ", "Sanne de Vries"),
        ("\u202egnp.exe", "gnp.exe"),
        ("x" * 101, "x" * 99 + "…"),
        ("<b>Sanne</b>", "<b>Sanne</b>"),
        ("", ""),
        (None, ""),
        (["Sanne"], ""),
    ],
)
def test_name_is_one_clean_line(ctx: Context, given, name):
    """A8, A10."""
    contacts = [{"profile": {"name": given}, "wa_id": "31655500001"}]
    assert read(ctx, a_message(), contacts=contacts).name == name


LINES = [
    ("image", {"caption": "no id"}, "[Image] no id"),
    ("document", {"filename": "a.pdf", "id": "no id"}, "[Document: a.pdf]"),
    ("location", {"latitude": 91, "longitude": 0}, "[Location] 91, 0"),
    ("location", {"name": "Plein"}, "[Location] Plein"),
    ("contacts", [], "[type: contacts]"),
    (
        "interactive",
        {"type": "product", "product": {"product_retailer_id": "p9"}},
        "[type: interactive] type: product; product_retailer_id: p9",
    ),
    ("interactive", None, "[type: interactive]"),
    (
        "order",
        {
            "text": "please",
            "product_items": [
                {"product_retailer_id": "p1", "quantity": 2, "item_price": 30, "currency": "EUR"},
                {"product_retailer_id": "p2", "quantity": 1},
            ],
        },
        "[Order] please; 2 × p1 (30 EUR); 1 × p2",
    ),
    ("system", {"body": "Something new"}, "[Notice from WhatsApp] Something new"),
    (
        "unsupported",
        {"type": "poll_creation"},
        "[Something that WhatsApp does not pass on, look on the phone: poll_creation]",
    ),
    ("unknown", None, "[Something that WhatsApp does not pass on, look on the phone]"),
    (
        "edit",
        {"original_message_id": "wamid.1", "message": {"type": "text", "text": {"body": "new"}}},
        "[Message edited] new",
    ),
    (
        "edit",
        {"message": {"type": "image", "image": {"caption": "new"}}},
        "[Message edited] [Image] new",
    ),
    ("edit", {"message": {"type": "edit", "edit": {}}}, "[Message edited]"),
    ("revoke", {"original_message_id": "wamid.1"}, "[Message deleted by the customer]"),
    ("request_welcome", None, "[Customer opened the chat]"),
    (
        "hologram",
        {"depth": 3, "say": ["hi", {"to": "you"}]},
        "[type: hologram] depth: 3; say: hi; to: you",
    ),
    ("hologram", {"blob": "x" * 301}, "[type: hologram]"),
    ("hologram", None, "[type: hologram]"),
]


@pytest.mark.parametrize(("kind", "content", "line"), LINES)
def test_other_type_is_a_visible_line(ctx: Context, kind, content, line):
    event = read(ctx, a_message(type=kind, text=None, **{kind: content}))
    assert event.parts == (Unknown(type=kind, text=line),)


@pytest.mark.parametrize("kind", [None, "", 7.5, ["text"], {"text": 1}])
def test_message_without_a_usable_type_is_a_line(ctx: Context, kind):
    (part,) = read(ctx, a_message(type=kind)).parts
    assert isinstance(part, Unknown)
    assert part.text.startswith("[type: ")


def test_line_is_in_the_tenants_language(nl: Context):
    event = read(nl, a_message(type="audio", audio={"voice": True, "id": "1"}))
    assert [part.text for part in event.parts] == ["[Spraakbericht]"]


def test_errors_of_a_message_are_told(ctx: Context):
    errors = [{"code": 131051, "title": "T", "error_data": {"details": "Not supported."}}]
    event = read(ctx, a_message(type="unsupported", text=None, errors=errors))
    assert event.parts[1] == Unknown(type="error", text="[WhatsApp reports] 131051 Not supported.")


@pytest.mark.parametrize(
    ("more", "part"),
    [
        ({"context": {"forwarded": True}}, Unknown(type="forwarded", text="[Forwarded]")),
        (
            {"context": {"frequently_forwarded": True, "forwarded": True}},
            Unknown(type="forwarded", text="[Forwarded many times]"),
        ),
        (
            {
                "referral": {
                    "source_type": "ad",
                    "headline": "Chat",
                    "source_url": "https://fb.me/x",
                }
            },
            Unknown(type="referral", text="[Came through an ad] Chat, https://fb.me/x"),
        ),
        (
            {"context": {"referred_product": {"product_retailer_id": "p1"}}},
            Unknown(type="referred_product", text="[About product] p1"),
        ),
    ],
)
def test_circumstance_stands_before_the_words(ctx: Context, more, part):
    assert read(ctx, a_message(**more)).parts == (part, Text(text="Goedemiddag"))


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("reaction", {"message_id": "wamid.1", "emoji": "👍"}),
        ("edit", {"original_message_id": "wamid.1"}),
        ("revoke", {"original_message_id": "wamid.1"}),
    ],
)
def test_message_about_another_quotes_it(ctx: Context, kind, content):
    assert read(ctx, a_message(type=kind, text=None, **{kind: content})).quotes == "wamid.1"


@pytest.mark.parametrize(
    ("kind", "opens"),
    [
        *(("text", True), ("image", True), ("interactive", True), ("request_welcome", True)),
        *(("reaction", False), ("system", False), ("unsupported", False), ("edit", False)),
        *(("revoke", False), ("unknown", False), ("hologram", True)),
    ],
)
def test_window_opens_by_what_meta_says_opens_it(ctx: Context, kind, opens):
    assert read(ctx, a_message(type=kind)).opens_window is opens


def test_event_without_a_message_is_invalid(ctx: Context):
    for kind in (EventKind.MESSAGE, EventKind.STATUS, EventKind.NOTICE):
        with pytest.raises(PayloadInvalid, match="the stored event x holds no"):
            plugin.event_parse(ctx, RawEvent(id="x", kind=kind, lane="l", at=NOW))
