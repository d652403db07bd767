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
