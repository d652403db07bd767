"""Opening hours as an admin writes them, and as Meta's call settings want them."""

import re
from typing import Any

_DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
_SHORT = {
    **dict(zip(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), range(7), strict=True)),
    **dict(zip(("ma", "di", "wo", "do", "vr", "za", "zo"), range(7), strict=True)),
}
_ENTRY = re.compile(r"([a-z]{2,3})(?:-([a-z]{2,3}))? +(\d{2}):?(\d{2})-(\d{2}):?(\d{2})")
MOST_SLOTS = 2
"""A day, from Meta's page "Call settings"."""


class HoursInvalid(ValueError):
    """What was written is not understood. The message quotes it."""


def read_hours(written: str) -> list[dict[str, Any]]:
    """Return ``mon-fri 0900-1700; za 10:00-14:00`` as Meta's weekly_operating_hours.

    Raises HoursInvalid, saying which entry is wrong and why.
    """
    found: list[dict[str, Any]] = []
    for entry in filter(None, (part.strip().lower() for part in written.split(";"))):
        match = _ENTRY.fullmatch(entry)
        if not match:
            raise HoursInvalid(f"{entry!r} is not understood; write it as mon-fri 0900-1700.")
        first, last, *clock = match.groups()
        start, end = clock[0] + clock[1], clock[2] + clock[3]
        if not (_is_time(start) and _is_time(end) and start < end):
            raise HoursInvalid(f"{entry!r} does not end after it begins, within one day.")
        found += [
            {"day_of_week": day, "open_time": start, "close_time": end}
            for day in _days(entry, first, last or first)
        ]
    for day in _DAYS:
        if sum(slot["day_of_week"] == day for slot in found) > MOST_SLOTS:
            raise HoursInvalid(f"{day.lower()} has more than {MOST_SLOTS} entries.")
    return found


def _days(entry: str, first: str, last: str) -> tuple[str, ...]:
    if first not in _SHORT or last not in _SHORT or _SHORT[first] > _SHORT[last]:
        raise HoursInvalid(f"{entry!r} names no days; write mon, tue-fri, za or ma-vr.")
    return _DAYS[_SHORT[first] : _SHORT[last] + 1]


def _is_time(text: str) -> bool:
    return int(text[:2]) < 24 and int(text[2:]) < 60
