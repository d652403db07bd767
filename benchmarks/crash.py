"""Kills Balie at every point on both databases, and a thousand times at random.

``make bench-crash``, or ``python -m benchmarks.crash``; ``--kills`` says how many random ones,
``--minutes`` when to give up. Prints a table and ends with 1 unless every kill was survived.

On PostgreSQL the lanes of a dead process are opened by hand, because their leases would last 30
seconds each; ``tests/crash`` has deaths after which nobody does that.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table
from tests.crash.burst import survived
from tests.crash.rig import Rig
from tests.crash.story import killed_at, points_of
from tests.crash.sweep import rigs, sweep
from tests.crash.verdict import WRONGS, Verdict

from benchmarks.claim import say
from benchmarks.databases import postgresql

RIGS = 2
"""For each database, each with a sandbox of its own."""
KILLS = 1_000
MINUTES = 30.0
_PROGRESS_SECONDS = 10.0


@dataclass(slots=True)
class Row:
    """What became of some kills on one database."""

    what: str
    points: int = 0
    kills: int = 0
    #: Kills that were to be and did not happen.
    missing: int = 0
    wrongs: Counter[str] = field(default_factory=Counter)

    def add(self, where: str, kills: int, verdict: Verdict) -> None:
        """Count one story's end."""
        self.kills += kills
        self.wrongs += verdict.counts
        for problem in verdict.problems:
            say(f"WRONG, {self.what}, {where}: {problem}")

    @property
    def is_clean(self) -> bool:
        """Say whether all was survived."""
        return not self.wrongs.total() and not self.missing


@dataclass(slots=True)
class Progress:
    """Says now and then how far it is, and when to stop."""

    ends: float
    said: float = field(default_factory=time.monotonic)

    def late(self, row: Row, of: int) -> bool:
        """Show what was done; return whether the time is up."""
        now = time.monotonic()
        if now - self.said >= _PROGRESS_SECONDS or row.kills >= of:
            self.said = now
            say(f"{row.what}: {row.kills} of {of} kills, {row.wrongs.total()} wrong")
        return now >= self.ends


def at_points(ready: Sequence[Rig], name: str, progress: Progress) -> Row:
    """Kill once at each point of the story."""
    found = [point.at for point in points_of(ready[0])]
    row = Row(f"every point, {name}", points=len(found))
    for outcome in sweep(ready, found, killed_at):
        row.add(outcome.at, int(outcome.killed), outcome.verdict)
        if progress.late(row, len(found)):
            break
    row.missing = len(found) - row.kills
    return row


def at_random(ready: Sequence[Rig], name: str, progress: Progress, kills: int) -> Row:
    """Kill at random moments of bursts, one burst after the other, until there were enough."""
    row = Row(f"at random, {name}")
    # More bursts than are played: how many kills one takes is not known before.
    for end in sweep(ready, range(1, kills + 1), survived):
        row.add(f"seed {end.seed}", end.kills, end.verdict)
        if progress.late(row, kills) or row.kills >= kills:
            break
    row.missing = max(0, kills - row.kills)
    return row


def table(rows: Sequence[Row]) -> Table:
    """Lay the rows out."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    made.add_column("killed")
    for column in ("points", "kills", "missing", *WRONGS):
        made.add_column(column, justify="right")
    for row in rows:
        figures = (row.points or "", row.kills, row.missing, *(row.wrongs[one] for one in WRONGS))
        made.add_row(row.what, *map(str, figures))
    return made


def main() -> int:
    """Kill, and say what came of it."""
    parser = argparse.ArgumentParser(prog="benchmarks.crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--minutes", type=float, default=MINUTES)
    asked = parser.parse_args()
    start = time.monotonic()
    progress = Progress(ends=start + asked.minutes * 60)
    halves = {"SQLite": asked.kills - asked.kills // 2, "PostgreSQL": asked.kills // 2}
    rows: list[Row] = []
    with (
        tempfile.TemporaryDirectory(prefix="balie-crash-") as place,
        postgresql(Path(place) / "server", RIGS) as urls,
    ):
        for name, databases in {"SQLite": [""] * RIGS, "PostgreSQL": urls}.items():
            say(f"setting up {RIGS} sandboxes on {name}")
            with rigs(Path(place) / name, databases) as ready:
                rows.append(at_points(ready, name, progress))
                rows.append(at_random(ready, name, progress, halves[name]))
    Console(width=130, markup=False).print(table(rows))
    print(f"{sum(row.kills for row in rows)} kills in {time.monotonic() - start:.0f} s")
    return 0 if all(row.is_clean for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
