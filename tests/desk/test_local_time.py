"""Times in words, where and in the language that the tenant reads."""

from datetime import UTC, datetime

import pytest

from balie.desk.window.local_time import written, zone

SUMMER = datetime(2026, 7, 31, 22, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("region", "locale", "words"),
    [
        ("NL", "nl", "zaterdag 1 augustus om 00:30"),
        ("BE", "en", "Saturday 1 August at 00:30"),
        ("GB", "en", "Friday 31 July at 23:30"),
        ("US", "fr", "Friday 31 July at 18:30"),
        ("XX", "en", "Friday 31 July at 22:30"),
    ],
)
def test_time_in_words(region, locale, words):
    assert written(SUMMER, region, locale) == words


def test_country_of_several_zones_gets_the_first():
    assert zone("ES").key == "Europe/Madrid"


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ((2026, 10, 25, 0, 30), "zondag 25 oktober om 02:30"),
        ((2026, 10, 25, 1, 30), "zondag 25 oktober om 02:30"),  # the hour that comes twice
        ((2026, 3, 29, 0, 59), "zondag 29 maart om 01:59"),
        ((2026, 3, 29, 1, 0), "zondag 29 maart om 03:00"),  # the hour that is left out
        ((2028, 2, 29, 12, 0), "dinsdag 29 februari om 13:00"),
    ],
)
def test_t9_nights_of_the_clock_change_and_the_leap_day(at, words):
    assert written(datetime(*at, tzinfo=UTC), "NL", "nl") == words
