"""One leader among several processes, by a row in the database.

No two machines' clocks are compared. The leader counts a row upwards; who wants to lead watches
that count by its own stopwatch, which goes on while the machine sleeps, and takes the row over
when the count has stood still for :data:`LAPSE_SECONDS`. The leader stops believing in itself
sooner than that, counted from before its last beat was sent, so that two never lead at once.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.dialects import postgresql, sqlite

from balie.run import time
from balie.run.models import LeaderRow
from balie.store import Store

BEAT_SECONDS = 1.0
DOUBT_SECONDS = 4.0
"""A leader that could not beat for so long no longer leads."""
LAPSE_SECONDS = 5.0
"""A leader that has not beaten for so long is dead. With a beat to notice it, under ten."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The row as it stood, and when it was first seen so, in seconds of the own stopwatch."""

    holder: str | None
    beat: int
    since: float


def watched(seen: Seen | None, holder: str | None, beat: int, now: float) -> Seen:
    """Return what is known after looking at the row once more."""
    if seen is not None and (seen.holder, seen.beat) == (holder, beat):
        return seen
    return Seen(holder, beat, now)


def may_take(seen: Seen, now: float) -> bool:
    """Say whether nobody leads: the leader stepped down, or its count has stood still."""
    return seen.holder is None or now - seen.since >= LAPSE_SECONDS


@dataclass(slots=True)
class Leadership:
    """This process's part in the election for one task. ``name`` must be its alone."""

    store: Store
    task: str
    name: str
    stopwatch: Callable[[], float] = time.stopwatch
    _seen: Seen | None = None
    _leads_until: float = field(default=float("-inf"))

    def leads(self) -> bool:
        """Say whether this process leads now."""
        return self.stopwatch() < self._leads_until

    def campaign(self) -> bool:
        """Beat, or watch the one who does and take its place when it is dead.

        To be called every :data:`BEAT_SECONDS`. Returns whether this process leads. Raises
        StoreUnavailable; then a leader leads on for :data:`DOUBT_SECONDS` at most.
        """
        asked = self.stopwatch()
        if self._beaten() or self._taken():
            self._leads_until = asked + DOUBT_SECONDS
        else:
            self._leads_until = float("-inf")
        return self.leads()

    def resign(self) -> None:
        """Step down, so that another may lead at its next beat. Raises StoreUnavailable."""
        self._leads_until = float("-inf")
        with self.store.writing() as session:
            session.execute(update(LeaderRow).where(*self._mine()).values(holder=None))

    def _mine(self) -> tuple[ColumnElement[bool], ...]:
        return (LeaderRow.task == self.task, LeaderRow.holder == self.name)

    def _beaten(self) -> bool:
        with self.store.writing() as session:
            counted = update(LeaderRow).where(*self._mine()).values(beat=LeaderRow.beat + 1)
            found = session.execute(counted.returning(LeaderRow.beat)).first()
        return found is not None

    def _taken(self) -> bool:
        """Take the row if nobody holds it. Whether the row is still as seen, the database says."""
        with self.store.writing() as session:
            insert = postgresql.insert if not self.store.is_sqlite else sqlite.insert
            made = insert(LeaderRow).values(task=self.task, holder=None, beat=0)
            session.execute(made.on_conflict_do_nothing())
            row = session.execute(
                select(LeaderRow.holder, LeaderRow.beat).where(LeaderRow.task == self.task)
            ).one()
            # Only now: a beat that was written while we waited for this answer must count as new.
            now = self.stopwatch()
            self._seen = watched(self._seen, row.holder, row.beat, now)
            if not may_take(self._seen, now):
                return False
            free = LeaderRow.holder.is_(None) | (LeaderRow.holder == row.holder)
            taken = (
                update(LeaderRow)
                .where(LeaderRow.task == self.task, LeaderRow.beat == row.beat, free)
                .values(holder=self.name, beat=row.beat + 1)
            )
            return session.execute(taken.returning(LeaderRow.beat)).first() is not None
