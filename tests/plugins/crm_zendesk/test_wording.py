"""Names and comments."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from balie.api import Line, Media, MediaKind, Tenant, Text, Unknown
from balie_crm_zendesk.tickets import wording
from balie_crm_zendesk.tickets.pieces import MOST_BYTES, pieces

from .conftest import NOW
from .facts import a_batch, a_line

BAKER = Tenant(slug="bakker", name="Bakker", region="NL", locale="nl")


def said(*lines, region="NL", locale="nl"):
    tenant = Tenant(slug="bakker", name="Bakker", region=region, locale=locale)
    return [one.text for one in pieces(a_batch(lines=lines), tenant)]


def test_one_line_is_its_text():
    assert said(a_line("Hallo\nwereld ")) == ["Hallo\nwereld"]


def test_parts_are_lines():
    parts = (Text(text="Kijk"), Unknown(type="image", text="[Image] kat"))
    assert said(Line(id="m1", at=NOW, parts=parts)) == ["Kijk\n[Image] kat"]


@pytest.mark.parametrize(
    ("locale", "words"), [("nl", "In antwoord op"), ("en", "In reply to")], ids=["nl", "en"]
)
def test_line_about_another_quotes_its_beginning(locale, words):
    line = Line(id="m1", at=NOW, parts=(Text(text="Ja"),), about=" Komt u\nmorgen?\x00 ")
    assert said(line, locale=locale) == [f"> {words}: Komt u morgen?\nJa"]


def test_file_that_failed_says_why():
    photo = Media(kind=MediaKind.IMAGE, ref="1", text="[Foto] kat", failed="Niet op te halen.")
    assert said(Line(id="m1", at=NOW, parts=(photo,))) == ["[Foto] kat (Niet op te halen.)"]


@pytest.mark.parametrize("text", ["", "  \n", "\x00\x07"])
def test_line_without_text_is_still_a_line(text):
    assert said(a_line(text)) == ["(geen tekst)"]
    assert said(a_line(text), locale="en") == ["(no text)"]


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
    assert [len(one.encode()) <= MOST_BYTES for one in comments] == [True] * 3


@pytest.mark.parametrize("name", ["\u200d\u200b", "\u2060 \u00ad", "\u200e\u200f"])
def test_name_that_shows_nothing_is_none(name):
    assert wording.person(a_batch(person_name=name), BAKER) == "06 55501234"


def test_name_keeps_what_joins_its_emoji():
    family = "Sanne \U0001f469\u200d\U0001f467"

    assert wording.person(a_batch(person_name=family), BAKER) == family


@pytest.mark.parametrize(
    ("locale", "called"), [("nl", "Klant via WhatsApp"), ("en", "Customer via WhatsApp")]
)
def test_customer_without_name_and_number_is_called_by_the_channel(locale, called):
    nobody = a_batch(person_name="", addresses=())

    assert wording.person(nobody, replace(BAKER, locale=locale)) == called
    assert wording.is_placeholder(called, "WhatsApp")
