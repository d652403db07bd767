"""Whether somebody is there: hours, holidays, the load, and what is offered instead."""

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from zoneinfo import ZoneInfo

import orjson
import pytest
from marshmallow import ValidationError

import balie_livechat
import balie_mail
from balie_livechat.availability.hours import HoursInvalid, day_names, read_hours
from balie_livechat.availability.offer import Present, look_again
from balie_livechat.availability.opening import Opening
from balie_livechat.config import Config

from .on_sqlite import database_url  # noqa: F401 -- a fixture
from .visiting import answer

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MONDAY = date(2026, 3, 2)
BOTH_THE_SAME = (
    '[{"name": "a", "type": "choice", "options": '
    '[{"nl": "Soort", "en": "Art"}, {"nl": "Art", "en": "Kind"}]}]'
)


def at(day: date, time: str) -> datetime:
    hour, minute = time.split(":")
    return datetime(day.year, day.month, day.day, int(hour), int(minute), tzinfo=AMSTERDAM)


def office(hours: str = "mon-fri 9:00-17:00; sat 10-14", **more) -> Opening:
    return Opening(spans=read_hours(hours), zone=AMSTERDAM, **more)


@pytest.mark.parametrize(
    ("now", "closes", "opens"),
    [
        (at(MONDAY, "8:59"), None, at(MONDAY, "9:00")),
        (at(MONDAY, "9:00"), at(MONDAY, "17:00"), None),
        (at(MONDAY, "16:59"), at(MONDAY, "17:00"), None),
        (at(MONDAY, "17:00"), None, at(MONDAY + timedelta(1), "9:00")),
        (at(MONDAY + timedelta(4), "18:00"), None, at(MONDAY + timedelta(5), "10:00")),
        (at(MONDAY + timedelta(5), "15:00"), None, at(MONDAY + timedelta(7), "9:00")),
        (datetime(2026, 3, 2, 8, 30, tzinfo=UTC), at(MONDAY, "17:00"), None),
    ],
    ids=range(7),
)
def test_office_opens_and_closes_by_its_hours(now, closes, opens):
    assert (office().closes_at(now), office().opens_at(now)) == (closes, opens)


def test_hours_are_those_of_the_clock_on_the_wall():
    """On 29 March 2026 the clocks go forward; nine o'clock is nine o'clock all the same."""
    before, after = date(2026, 3, 28), date(2026, 3, 30)
    hours = office("ma-zo 9:00-17:00")

    assert hours.closes_at(at(before, "9:00")).astimezone(UTC).hour == 16
    assert hours.closes_at(at(after, "9:00")).astimezone(UTC).hour == 15


def test_spans_that_touch_at_midnight_are_one():
    hours = office("mon-sun 8:00-24:00, 0:00-2:00")

    assert hours.closes_at(at(MONDAY, "23:00")) == at(MONDAY + timedelta(1), "2:00")


def test_no_hours_are_always():
    hours = office("")

    assert hours.opens_at(at(MONDAY, "3:00")) is None
    assert hours.closes_at(at(MONDAY, "3:00")) > at(MONDAY + timedelta(10), "0:00")


def test_holidays_and_further_days_are_closed_and_named():
    hours = office(country="NL", closed_on=frozenset({date(2026, 12, 24)}), locale="nl")
    kings_day = date(2026, 4, 27)

    assert hours.closed_name(kings_day) == "Koningsdag"
    assert hours.closes_at(at(kings_day, "11:00")) is None
    assert hours.opens_at(at(kings_day, "11:00")) == at(kings_day + timedelta(1), "9:00")
    assert hours.closed_name(date(2026, 12, 24)) == "24 december"
    english = office(closed_on=frozenset({date(2026, 12, 24)}), locale="en")
    assert english.closed_name(date(2026, 12, 24)) == "24 December"
    assert office(country="NL", locale="en").closed_name(kings_day) == "King's Day"
    assert office(country="DE-BY", locale="en").closed_name(date(2026, 1, 6)) != ""
    assert office(country="DE", locale="en").closed_name(date(2026, 1, 6)) == ""


@pytest.mark.parametrize(
    "written",
    [
        "9:00-17:00",
        "mon 17:00-9:00",
        "fri-mon 9:00-17:00",
        "mon 9:00",
        "mon 25:00-26:00",
        "mon 9:70-10:00",
        "funday 9-17",
        "mon 9:00-17:00 and more",
    ],
)
def test_hours_that_are_none_say_so(written):
    with pytest.raises(HoursInvalid):
        read_hours(written)


def test_days_read_as_people_write_them():
    assert day_names((0, 1, 2, 3, 4), "nl") == "ma-vr"
    assert day_names((5,), "en") == "sat"


def test_offer_is_a_chat_while_somebody_is_there(paper, visitor, settle):
    settle(opening_hours="mon-fri 9:00-17:00", agents=2, minutes_per_chat=6.0)
    told = visitor.ask("GET", "availability").json

    assert (told["state"], told["offers"], told["wait_minutes"]) == ("open", ["chat"], 0)
    assert told["closes_at"] == "2026-03-02T16:00:00Z"
    assert told["hours"] == [{"days": "ma-vr", "opens": "09:00", "closes": "17:00"}]


def test_s44_who_waits_makes_the_wait_longer_until_it_is_a_question(
    paper, visit, settle, monkeypatch
):
    monkeypatch.setattr("balie_livechat.web.desk._FRESH_SECONDS", -1.0)
    settle(agents=2, minutes_per_chat=6.0, most_waiting=4)
    told = []
    for number in range(5):
        visitor = visit()
        visitor.begin()
        visitor.say(f"vraag {number}")
        paper.drain()
        told.append(visitor.ask("GET", "availability").json)
    for number in range(1, 3):
        answer(paper, "antwoord", ticket=f"ticket-of-{number}")
    after = visit().ask("GET", "availability").json

    assert [one["wait_minutes"] for one in told] == [3, 6, 9, 12, 15]
    assert [one["state"] for one in told] == ["open", "open", "open", "busy", "busy"]
    assert told[-1]["offers"] == ["question"]
    assert (after["state"], after["waiting"]) == ("open", 3)


def test_s14_other_ways_stay_visible_when_closed(paper, visit, settle):
    settle(
        opening_hours="sun 9-10",
        phone="020 555 0100",
        mail="post@example.nl",
        whatsapp_number="06 55500100",
        topics="Bestelling, Retour",
        reply_time="meestal binnen een uur",
    )
    told = visit().ask("GET", "availability").json

    assert (told["state"], told["wait_minutes"]) == ("closed", None)
    assert told["offers"] == ["question", "whatsapp", "phone", "mail"]
    assert told["whatsapp"] == "https://wa.me/31655500100"
    assert told["opens_at"] == "2026-03-08T08:00:00Z"
    assert (told["topics"], told["reply_time"]) == (
        ["Bestelling", "Retour"],
        "meestal binnen een uur",
    )


def test_page_that_is_left_open_asks_again_when_it_opens_or_closes(paper, visit, settle):
    settle(opening_hours="mon-fri 9:00-13:01")  # it is 13:00 in Amsterdam
    soon = visit().ask("GET", "availability").json
    settle(opening_hours="mon-fri 9:00-17:00")
    later = visit().ask("GET", "availability?locale=en").json

    assert (soon["state"], soon["look_again"]) == ("open", 60)
    assert later["look_again"] == 60
    present = Present(paper.clock.now() + timedelta(seconds=20), None, "", None)
    assert look_again(present, paper.clock.now()) == 21
    assert look_again(present, paper.clock.now() + timedelta(seconds=19.5)) == 5


def test_holiday_is_told_in_the_visitors_language(paper, visit, settle):
    settle(closed_on="", holidays="NL", opening_hours="mon-sun 9-17")
    paper.clock.at = at(date(2026, 4, 27), "12:00").astimezone(UTC)
    told = [
        visit().ask("GET", f"availability?locale={locale}").json["closed_today"]
        for locale in ("nl", "en")
    ]

    assert told == ["Koningsdag", "King's Day"]


def test_looking_again_and_again_asks_the_database_once(paper, visit, settle):
    settle(agents=1)
    from sqlalchemy import event  # noqa: PLC0415 -- beside its one use

    visit().ask("GET", "availability")
    asked = []
    event.listen(paper.services.store.engine, "before_cursor_execute", lambda *_: asked.append(1))
    for _ in range(50):
        assert visit().ask("GET", "availability").status_code == 200

    assert len(asked) <= 2  # the settings are looked at once a second


# --- Settings -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "settings",
    [
        {"allowed_origins": "shop.example"},
        {"allowed_origins": "https://shop.example/"},
        {"allowed_origins": "https://*"},
        {"allowed_origins": "https://*.nl, *"},
        {"allowed_origins": "http://shop.example"},
        {"allowed_origins": "https://shop.example; script-src *"},
        {"identity_secret": "short"},
        {"opening_hours": "always"},
        {"closed_on": "kerst"},
        {"timezone": "Mars/Olympus"},
        {"timezone": "../../etc/passwd"},
        {"holidays": "XX"},
        {"whatsapp_number": "112x"},
        {"whatsapp_link_url": "http://wa.example"},
        {"whatsapp_link_url": "javascript:alert(1)"},
        {"whatsapp_link_url": "https://wa.me/?text="},
        {"texts": "{"},
        {"texts": '["a"]'},
        {"texts": '{"a": {"fr": "b"}}'},
        {"theme": '{"colour": "red"}'},
        {"theme": '{"logo": "javascript:alert(1)"}'},
        {"theme": '{"css": "x"}'},
        {"fields_before": '[{"name": "Naam met spaties"}]'},
        {"fields_before": '[{"name": "a"}, {"name": "a"}]'},
        {"fields_before": '[{"name": "a", "type": "choice"}]'},
        {"fields_before": '[{"name": "a", "type": "choice", "options": ["x", 3]}]'},
        {"fields_before": BOTH_THE_SAME},
        {"topics": '{"nl": "Retour, Advies", "en": "Return"}'},
        {"topics": '{"nl": "Retour"}'},
        {"topics": "x" * 501},
        {"reply_time": '{"nl": "snel", "en": " "}'},
        {"reply_time": '{"nl": "snel", "en": "soon", "de": "bald"}'},
        {"consent_text": '{"nl": "Wij bewaren dit.'},
        {"consent_text": '{"nl": "Wij bewaren dit.", "en": 3}'},
        {"privacy_url": "javascript:alert(1)"},
        {"file_types": "png"},
        {"remember_days": -1},
        {"chat_page": "https://shop.example/{text}"},
        {"chat_page": "javascript:alert(1)"},
        {"tone": "jij"},
        {"nothing": "x"},
    ],
    ids=range(41),
)
def test_settings_that_cannot_be_are_refused_by_name(settings):
    with pytest.raises(ValidationError) as refusal:
        Config().load(settings)

    assert list(refusal.value.messages) == list(settings)


def test_settings_are_shown_in_the_visitors_language(visit, settle):
    settle(
        texts='{"greeting": {"nl": "Hoi!", "en": "Hi!"}}',
        theme='{"colour": "#00aa55"}',
        fields_before='[{"name": "order", "label": {"nl": "Bestelnummer", "en": "Order"}}]',
        consent_text="Wij bewaren dit gesprek.",
        tone="je",
    )
    dutch = visit().ask("GET", "settings?locale=nl").json
    english = visit().ask("GET", "settings", Accept_Language="en-GB").json

    assert [one["texts"]["greeting"] for one in (dutch, english)] == ["Hoi!", "Hi!"]
    assert [one["fields"][0]["label"] for one in (dutch, english)] == ["Bestelnummer", "Order"]
    assert dutch["consent"] == {
        "required": True,
        "version": "1",
        "text": "Wij bewaren dit gesprek.",
        "language": "",
        "privacy_url": "",
    }
    assert (dutch["tone"], dutch["theme"]) == ("je", {"colour": "#00aa55"})


def test_words_of_the_tenant_are_shown_in_the_visitors_language(visit, settle):
    kind = {"nl": "Ruilen", "en": "Exchange"}
    field = {"name": "kind", "type": "choice", "options": [kind, "Anders / other"]}
    settle(
        topics='{"nl": "Bestelling, Retour", "en": "Order, Return"}',
        reply_time='{"nl": "meestal snel", "en": "usually soon"}',
        consent_text='{"nl": "Wij bewaren dit.", "en": "We keep this."}',
        fields_before=orjson.dumps([field]).decode(),
    )
    dutch, english = (visit().ask("GET", f"settings?locale={one}").json for one in ("nl", "en"))

    assert [one["topics"] for one in (dutch, english)] == [
        ["Bestelling", "Retour"],
        ["Order", "Return"],
    ]
    assert [one["reply_time"] for one in (dutch, english)] == ["meestal snel", "usually soon"]
    assert [one["fields"][0]["options"] for one in (dutch, english)] == [
        ["Ruilen", "Anders / other"],
        ["Exchange", "Anders / other"],
    ]
    assert [(one["consent"]["text"], one["consent"]["language"]) for one in (dutch, english)] == [
        ("Wij bewaren dit.", "nl"),
        ("We keep this.", "en"),
    ]
    offered = [visit().ask("GET", f"availability?locale={one}").json for one in ("nl", "en")]
    assert [one["topics"] for one in offered] == [dutch["topics"], english["topics"]]
    assert [one["reply_time"] for one in offered] == ["meestal snel", "usually soon"]


def test_a23_own_words_with_other_blanks_are_not_filled_in(visit, settle):
    settle(texts='{"consent": "{config} {0.__class__}", "origin": "Niet hier."}', consent_text="x")

    assert visit().begin().json["text"] == "Ga eerst akkoord met de voorwaarden van deze chat."
    assert visit().begin(page="https://evil.example").json["text"] == "Niet hier."


@pytest.mark.parametrize("module", [balie_livechat, balie_mail], ids=lambda one: one.__name__)
def test_every_setting_is_in_the_plugins_readme(module):
    config = import_module(f"{module.__name__}.config").Config
    readme = (Path(module.__file__).parent / "README.md").read_text()

    assert [name for name in config().fields if f"`{name}`" not in readme] == []


def test_calendars_are_loaded_only_for_whom_names_a_country():
    look = "import sys, balie_livechat.plugin; print('holidays' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)

    assert done.stdout == "False\n"
