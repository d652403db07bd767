"""Opening hours as a tenant writes them: ``mon-fri 9:00-17:00; sat 10:00-14:00``. Pure."""

import re
from dataclasses import dataclass
from datetime import date, time

_DAYS = {
    "en": ("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
    "nl": ("ma", "di", "wo", "do", "vr", "za", "zo"),
}
_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
}
_NUMBER = {name: place for names in _DAYS.values() for place, name in enumerate(names)}
_LINE = re.compile(r"([a-z]+)(?:\s*-\s*([a-z]+))?\s+(\S.*)")
_SPAN = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*-\s*(\d{1,2})(?:[:.](\d{2}))?")
_MOST_DAYS = 200


class HoursInvalid(Exception):
    """These are no opening hours. The message says why."""


@dataclass(frozen=True, slots=True)
class Span:
    """Open on these days (0 is Monday) from a time until another. Midnight ends as 24:00."""

    days: tuple[int, ...]
    opens: time
    closes: time | None

    def minutes(self) -> tuple[int, int]:
        """Return its beginning and end in minutes of the day."""
        end = 24 * 60 if self.closes is None else self.closes.hour * 60 + self.closes.minute
        return self.opens.hour * 60 + self.opens.minute, end


def read_hours(written: str) -> tuple[Span, ...]:
    """Return the spans in a text; none for an empty one. Raises HoursInvalid."""
    lines = [line.strip().lower() for line in re.split(r"[;\n]", written) if line.strip()]
    return tuple(span for line in lines for span in _line(line))


def read_days(written: str) -> frozenset[date]:
    """Return the dates in a text. Raises HoursInvalid."""
    found = [one.strip() for one in written.split(",") if one.strip()]
    if len(found) > _MOST_DAYS:
        raise HoursInvalid(f"names more than {_MOST_DAYS} days.")
    try:
        return frozenset(date.fromisoformat(one) for one in found)
    except ValueError:
        raise HoursInvalid("holds something that is no date; write 2026-12-24.") from None


def day_names(days: tuple[int, ...], locale: str) -> str:
    """Return days in words: ``ma-vr``, ``sat``."""
    names = _DAYS.get(locale, _DAYS["en"])
    return names[days[0]] if len(days) == 1 else f"{names[days[0]]}-{names[days[-1]]}"


def date_words(day: date, locale: str) -> str:
    """Return a date of this year in words: ``24 december``."""
    months = _MONTHS.get(locale, _MONTHS["en"]).split()
    return f"{day.day} {months[day.month - 1]}"


def _line(line: str) -> list[Span]:
    found = _LINE.fullmatch(line)
    if found is None or found[1] not in _NUMBER or (found[2] or found[1]) not in _NUMBER:
        raise HoursInvalid(f"{line!r} is no line of opening hours; write mon-fri 9:00-17:00.")
    first, last = _NUMBER[found[1]], _NUMBER[found[2] or found[1]]
    if last < first:
        raise HoursInvalid(f"{line!r} goes beyond Sunday; write it as two lines.")
    days = tuple(range(first, last + 1))
    return [_span(days, one.strip(), line) for one in found[3].split(",")]


def _span(days: tuple[int, ...], written: str, line: str) -> Span:
    found = _SPAN.fullmatch(written)
    try:
        if found is None:
            raise ValueError  # noqa: TRY301 -- as for a time that there is not
        opens = time(int(found[1]), int(found[2] or 0))
        ends_the_day = (int(found[3]), int(found[4] or 0)) == (24, 0)
        closes = None if ends_the_day else time(int(found[3]), int(found[4] or 0))
    except ValueError:
        raise HoursInvalid(f"{line!r} holds no times such as 9:00-17:00.") from None
    if closes is not None and closes <= opens:
        raise HoursInvalid(f"{line!r} closes before it opens; write a night as two lines.")
    return Span(days, opens, closes)
