"""Files, places, cards, taps and reactions: parts of their own, each with its line."""

import base64

import pytest

from balie.api import Choice, Contact, Context, Location, Media, MediaKind, Reaction, Unknown

from .payloads import a_message, read

DIGEST = bytes(range(32))


def parts(ctx: Context, kind, content, **more):
    return read(ctx, a_message(type=kind, text=None, **{kind: content}, **more)).parts


@pytest.mark.parametrize(
    ("kind", "content", "part"),
    [
        (
            "image",
            {
                "id": "101",
                "caption": "Taj\nMahal",
                "mime_type": "image/jpeg",
                "sha256": base64.b64encode(DIGEST).decode(),
                "url": "https://lookaside.fbsbx.com/x",
            },
            Media(
                kind=MediaKind.IMAGE,
                ref="101",
                text="[Image] Taj\nMahal",
                caption="Taj\nMahal",
                type="image/jpeg",
                sha256=DIGEST.hex(),
            ),
        ),
        (
            "image",
            {"id": 101, "sha256": DIGEST.hex().upper()},
            Media(kind=MediaKind.IMAGE, ref="101", text="[Image]", sha256=DIGEST.hex()),
        ),
        (
            "video",
            {"id": "1", "caption": "look", "sha256": "SfInY0gGKTsJlUWbwxC1k+FAD0FZHv"},
            Media(kind=MediaKind.VIDEO, ref="1", text="[Video] look", caption="look"),
        ),
        (
            "sticker",
            {"id": "1", "animated": False},
            Media(kind=MediaKind.STICKER, ref="1", text="[Sticker]"),
        ),
        (
            "audio",
            {"id": "1", "voice": True, "mime_type": "audio/ogg; codecs=opus"},
            Media(
                kind=MediaKind.VOICE,
                ref="1",
                text="[Voice message]",
                type="audio/ogg; codecs=opus",
            ),
        ),
        ("audio", {"id": "1"}, Media(kind=MediaKind.AUDIO, ref="1", text="[Audio]")),
        (
            "document",
            {"id": "1", "filename": "a.pdf", "caption": "bill"},
            Media(
                kind=MediaKind.DOCUMENT,
                ref="1",
                text="[Document: a.pdf] bill",
                caption="bill",
                name="a.pdf",
            ),
        ),
        (
            "location",
            {"latitude": 52.1, "longitude": -4, "name": "Balie", "address": "Plein 1"},
            Location(
                text="[Location] Balie, Plein 1, 52.1, -4",
                latitude=52.1,
                longitude=-4.0,
                name="Balie",
                address="Plein 1",
            ),
        ),
        (
            "location",
            {"latitude": "52.1", "longitude": "4.3"},
            Location(text="[Location] 52.1, 4.3", latitude=52.1, longitude=4.3),
        ),
        (
            "button",
            {"text": "Stop", "payload": "p"},
            Choice(text="[Button] Stop", id="p", title="Stop"),
        ),
        (
            "button",
            {"payload": "Stop"},
            Choice(text="[Button] Stop", id="Stop", title="Stop"),
        ),
        (
            "interactive",
            {"type": "button_reply", "button_reply": {"id": "c", "title": "Cancel"}},
            Choice(text="[Button] Cancel", id="c", title="Cancel"),
        ),
        (
            "interactive",
            {
                "type": "list_reply",
                "list_reply": {"id": "f", "title": "Fast", "description": "1"},
            },
            Choice(text="[Choice] Fast, 1", id="f", title="Fast"),
        ),
        (
            "interactive",
            {
                "type": "nfm_reply",
                "nfm_reply": {
                    "body": "Sent",
                    "response_json": '{"size":"M","flow_token":"t","note":"' + "x" * 500 + '"}',
                },
            },
            Unknown(type="form", text="[Form] Sent size: M; note: " + "x" * 500),
        ),
        (
            "interactive",
            {"type": "nfm_reply", "nfm_reply": {"response_json": "[1, 2]"}},
            Unknown(type="form", text="[Form] 1; 2"),
        ),
        (
            "interactive",
            {"type": "nfm_reply", "nfm_reply": {"response_json": "{broken"}},
            Unknown(type="form", text="[Form] {broken"),
        ),
        (
            "interactive",
            {
                "type": "nfm_reply",
                "nfm_reply": {"name": "address_message", "response_json": '{"values":{"c":"NL"}}'},
            },
            Unknown(type="form", text="[Address] c: NL"),
        ),
        (
            "interactive",
            {
                "type": "call_permission_reply",
                "call_permission_reply": {
                    "response": "accept",
                    "is_permanent": False,
                    "expiration_timestamp": 1790000000,
                },
            },
            Unknown(type="call_permission", text="[May be called] yes, until 2026-09-21 14:13 UTC"),
        ),
        (
            "interactive",
            {
                "type": "call_permission_reply",
                "call_permission_reply": {"response": "accept", "is_permanent": True},
            },
            Unknown(type="call_permission", text="[May be called] yes"),
        ),
        (
            "interactive",
            {"type": "call_permission_reply", "call_permission_reply": {"response": "reject"}},
            Unknown(type="call_permission", text="[May be called] no"),
        ),
        (
            "reaction",
            {"message_id": "wamid.OUT", "emoji": "👍"},
            Reaction(text="[Reaction] 👍", emoji="👍"),
        ),
        (
            "reaction",
            {"message_id": "wamid.OUT"},
            Reaction(text="[Reaction removed]", emoji=""),
        ),
        (
            "reaction",
            {"message_id": "wamid.OUT", "emoji": ""},
            Reaction(text="[Reaction removed]", emoji=""),
        ),
    ],
)
def test_type_is_a_part_of_its_own(ctx: Context, kind, content, part):
    assert parts(ctx, kind, content) == (part,)


def test_cards_are_contacts(ctx: Context):
    cards = [
        {
            "name": {"formatted_name": "Ans"},
            "phones": [{"phone": "+31 6 5550 0003", "wa_id": "31655500003"}],
            "org": {"company": "Bakker"},
            "vcard": "BEGIN:VCARD",
        },
        {"name": {"first_name": "Bo", "last_name": "K"}, "emails": [{"email": "b@k.example"}]},
    ]
    assert parts(ctx, "contacts", cards) == (
        Contact(
            text="[Contact] Ans, +31 6 5550 0003, Bakker",
            name="Ans",
            phones=("+31 6 5550 0003",),
        ),
        Contact(text="[Contact] Bo K, b@k.example", name="Bo K", emails=("b@k.example",)),
    )


HOSTILE = "\u202egnp.<script>alert(1)</script>\x00\x1b[31m\n" + "x" * 400


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("document", {"id": "1", "filename": HOSTILE}),
        ("document", {"id": "1", "filename": "../../.htaccess\x00.pdf"}),
        ("location", {"latitude": 1, "longitude": 2, "name": HOSTILE, "address": HOSTILE}),
        ("contacts", [{"name": {"formatted_name": HOSTILE}, "phones": [{"phone": HOSTILE}]}]),
        ("button", {"text": HOSTILE, "payload": HOSTILE}),
        ("interactive", {"type": "button_reply", "button_reply": {"id": "1", "title": HOSTILE}}),
        ("reaction", {"message_id": "wamid.1", "emoji": HOSTILE}),
        ("order", {"product_items": [{"product_retailer_id": HOSTILE}]}),
        ("system", {"type": "tomorrow", "body": "\x00\x1b[31m"}),
        ("hologram", {HOSTILE: HOSTILE[:200]}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_hostile_text_stays_text_on_one_line_and_short(ctx: Context, kind, content):
    """A8, A10: what a customer types as a name is shown as it is, and cannot disguise itself."""
    for part in parts(ctx, kind, content):
        shown = [value for name in part.__slots__ if isinstance(value := getattr(part, name), str)]
        for text in shown:
            assert "\u202e" not in text
            assert not any(ord(character) < 32 for character in text)
            assert len(text) <= 1200


def test_hostile_caption_keeps_its_lines_and_no_controls(ctx: Context):
    """A8."""
    (part,) = parts(ctx, "image", {"id": "1", "caption": "<b>a</b>\n\x1b[31mb\x00"})
    assert part.caption == "<b>a</b>\n[31mb\ufffd"
