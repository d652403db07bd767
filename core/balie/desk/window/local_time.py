"""Times as people in a tenant's country read them."""

from datetime import datetime
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

_DAYS = {
    "nl": ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = {
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "en": "January February March April May June July August September October November December",
}
_FORMS = {"nl": "{day} {date} {month} om {time}", "en": "{day} {date} {month} at {time}"}


def written(at: datetime, region: str, locale: str) -> str:
    """Return a time in words: ``maandag 2 maart om 13:00``."""
    language = locale if locale in _FORMS else "en"
    local = at.astimezone(zone(region))
    return _FORMS[language].format(
        day=_DAYS[language][local.weekday()],
        date=local.day,
        month=_MONTHS[language].split()[local.month - 1],
        time=f"{local:%H:%M}",
    )


@cache
def zone(region: str) -> ZoneInfo:
    """Return a country's time zone; of several the one that stands first, UTC where there is none.

    Lists of zones put the most populous first where they can (zone.tab of the tz database).
    """
    table = resources.files("tzdata").joinpath("zoneinfo/zone.tab").read_text(encoding="utf-8")
    for line in table.splitlines():
        columns = line.split("\t")
        if columns[0] == region:
            return ZoneInfo(columns[2])
    return ZoneInfo("UTC")
