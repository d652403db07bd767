"""Subjects, names and comments."""

from datetime import UTC, datetime, timedelta

import pytest

from balie.api import Address, AddressKind, Line, Text, Unknown
from balie_crm_zendesk.tickets import wording

from .conftest import NOW
from .facts import BSUID, PHONE, a_batch, a_line

ABROAD = Address(kind=AddressKind.PHONE, value="+442079460000")
ODD = Address(kind=AddressKind.PHONE, value="+15551234567")


@pytest.mark.parametrize(
    ("changes", "subject"),
    [
        ({}, "WhatsApp: Noor 06 55501234"),
        ({"person_name": ""}, "WhatsApp: 06 55501234"),
        ({"addresses": (BSUID, PHONE)}, "WhatsApp: Noor 06 55501234"),
        ({"addresses": (BSUID,)}, "WhatsApp: Noor"),
        ({"addresses": (BSUID,), "person_name": ""}, "WhatsApp: customer"),
        ({"addresses": (ABROAD,)}, "WhatsApp: Noor +44 20 7946 0000"),
        ({"addresses": (ODD,)}, "WhatsApp: Noor +15551234567"),
        ({"person_name": "Noor\r\nBcc: x\x00"}, "WhatsApp: Noor Bcc: x 06 55501234"),
        ({"person_name": "x" * 300}, f"WhatsApp: {'x' * 100} 06 55501234"),
        ({"channel": "Service"}, "Service: Noor 06 55501234"),
    ],
)
def test_subject_says_who_writes_where(changes, subject):
    assert wording.subject(a_batch(**changes), "NL") == subject


def said(*lines, region="NL"):
    return wording.comments(a_batch(lines=lines), region)


def test_one_line_is_its_text():
    assert said(a_line("Hallo\nwereld ")) == ["Hallo\nwereld"]


def test_parts_are_lines():
    parts = (Text(text="Kijk"), Unknown(type="image", text="[Image] kat"))
    assert said(Line(id="m1", at=NOW, parts=parts)) == ["Kijk\n[Image] kat"]


@pytest.mark.parametrize("text", ["", "  \n", "\x00\x07"])
def test_line_without_text_is_still_a_line(text):
    assert said(a_line(text)) == ["(no text)"]


def test_surrogate_and_control_characters_are_dropped_and_emoji_kept():
    assert said(a_line("a\ud800b\x1b[31m\tc 👩‍👧 شكراً")) == ["ab[31m\tc 👩‍👧 شكراً"]


def test_times_are_local_where_the_country_has_one_time_zone():
    assert said(a_line("a", 1), a_line("b", 2)) == ["[14:00] a\n[14:01] b"]
    winter = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
    assert said(a_line("a", 1, winter), a_line("b", 2, winter)) == ["[13:00] a\n[13:01] b"]


def test_times_are_utc_elsewhere_and_say_so():
    assert said(a_line("a", 1), a_line("b", 2), region="US") == ["[12:00 UTC] a\n[12:01 UTC] b"]


def test_times_of_several_days_have_dates():
    assert said(a_line("a", 1, NOW - timedelta(days=1)), a_line("b", 1)) == [
        "[2026-09-30 14:00] a\n[2026-10-01 14:00] b"
    ]


def test_comments_fit_zendesk_and_lose_nothing():
    text = "🙂" * 40_000
    comments = said(a_line(text))
    assert "".join(comments) == text
    assert [len(one.encode()) <= wording.MOST_BYTES for one in comments] == [True] * 3


@pytest.mark.parametrize("name", ["\u200d\u200b", "\u2060 \u00ad", "\u200e\u200f"])
def test_name_that_shows_nothing_is_none(name):
    assert wording.person(a_batch(person_name=name), "NL") == "06 55501234"


def test_name_keeps_what_joins_its_emoji():
    family = "Sanne \U0001f469\u200d\U0001f467"

    assert wording.person(a_batch(person_name=family), "NL") == family
