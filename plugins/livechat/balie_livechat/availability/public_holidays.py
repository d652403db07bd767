"""Days on which a country, or a part of one, is closed.

A place is a country's code, with that of its part behind a hyphen: ``NL``, ``DE-BY``. The calendars
take seven megabytes, so they come with the first tenant that names a place.
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from holidays import HolidayBase


def is_known(place: str) -> bool:
    """Say whether there is a calendar of a place."""
    try:
        _calendar(place)
    except NotImplementedError:
        return False
    return True


@lru_cache(maxsize=64)
def named(place: str, locale: str, year: int) -> Mapping[date, str]:
    """Return a year's holidays with their names, in the language of ``locale`` where there is one.

    None for no place. Raises NotImplementedError for one that is not known.
    """
    if not place:
        return {}
    found = _calendar(place, years=year)
    languages = {one.partition("_")[0]: one for one in found.supported_languages}
    if locale in languages:
        found = _calendar(place, years=year, language=languages[locale])
    return dict(found.items())


def _calendar(place: str, **how: Any) -> "HolidayBase":
    from holidays import country_holidays  # noqa: PLC0415 -- for what it takes, see above

    country, _, part = place.partition("-")
    return country_holidays(country, subdiv=part or None, **how)
