"""Whether it is open, and when that changes. Pure."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from balie_livechat.availability import public_holidays
from balie_livechat.availability.hours import Span, date_words

_LOOK_AHEAD_DAYS = 15


@dataclass(frozen=True, slots=True)
class Opening:
    """Spans of a week in a time zone, and days that are closed, with their names."""

    spans: tuple[Span, ...]
    zone: ZoneInfo
    country: str = ""
    closed_on: frozenset[date] = frozenset()
    locale: str = "nl"
    _always: bool = field(init=False)

    def __post_init__(self) -> None:
        """Without spans it is always open, but for the closed days."""
        object.__setattr__(self, "_always", not self.spans)

    def closed_name(self, day: date) -> str:
        """Return why a day is closed as a whole: a holiday's name, the date in words, or ''."""
        if day in self.closed_on:
            return date_words(day, self.locale)
        return public_holidays.named(self.country, self.locale, day.year).get(day, "")

    def closes_at(self, now: datetime) -> datetime | None:
        """Return until when it is open, or None where it is closed now.

        Where that is not within the next two weeks, it is their end.
        """
        moment = now
        for _ in range(2 * _LOOK_AHEAD_DAYS):
            span = self._span_at(moment)
            if span is None:
                break
            moment = span[1]
        return None if moment == now else moment

    def opens_at(self, now: datetime) -> datetime | None:
        """Return when it opens next, or None where it is open, or closed for two weeks."""
        if self._span_at(now) is not None:
            return None
        today = now.astimezone(self.zone).date()
        for ahead in range(_LOOK_AHEAD_DAYS):
            day = today + timedelta(days=ahead)
            begins = [begin for begin, _ in self._spans_of(day) if begin > now]
            if begins:
                return min(begins)
        return None

    def _span_at(self, now: datetime) -> tuple[datetime, datetime] | None:
        day = now.astimezone(self.zone).date()
        return next((one for one in self._spans_of(day) if one[0] <= now < one[1]), None)

    def _spans_of(self, day: date) -> list[tuple[datetime, datetime]]:
        if self.closed_name(day):
            return []
        if self._always:
            return [(self._at(day, 0), self._at(day, 24 * 60))]
        return [
            (self._at(day, begin), self._at(day, end))
            for span in self.spans
            if day.weekday() in span.days
            for begin, end in [span.minutes()]
        ]

    def _at(self, day: date, minutes: int) -> datetime:
        midnight = datetime(day.year, day.month, day.day, tzinfo=self.zone)
        # By the clock on the wall: a day on which that is changed has other hours.
        return midnight + timedelta(minutes=minutes)
