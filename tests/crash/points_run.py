"""The points on both databases: found by playing the story, then died at, a spread of them.

``make bench-crash`` dies at each.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tests.crash.rig import Rig
from tests.crash.story import Outcome, Point, killed_at, points_of
from tests.crash.sweep import rigs, sweep

SQLITE, POSTGRESQL, WAITING = "sqlite", "postgresql", "postgresql, leases left to lapse"
#: One of each kind of unknown outcome, after which nobody opens the lanes but time.
LEFT_TO_LAPSE = ("after POST /zendesk/api/v2/tickets 1", "after POST /graph/v24.0/N/messages 1")
SQLITE_RIGS = 2
#: Every so many points; odd, so that moments before and after take turns.
EVERY = {SQLITE: 11, POSTGRESQL: 23}
_WRITES = ("after POST", "after PUT")


@dataclass(slots=True)
class Deaths:
    """The points of each database, and what became of each death."""

    points: dict[str, list[Point]] = field(default_factory=dict)
    outcomes: dict[str, list[Outcome]] = field(default_factory=dict)

    def summary(self) -> list[str]:
        """Say how many there are."""
        return [
            f"crash points on {name}: {len(found)} died at, of {len(self.points[name])}"
            for name, found in self.outcomes.items()
        ]


def spread_deaths(folder: Path, postgresql: str) -> Deaths:
    """Die at a spread of the points, on both databases at the same time."""
    deaths = Deaths()
    with rigs(folder, [""] * SQLITE_RIGS + [postgresql]) as ready, ThreadPoolExecutor(2) as pool:
        dying = [
            pool.submit(_die_on_sqlite, deaths, ready[:SQLITE_RIGS]),
            pool.submit(_die_on_postgresql, deaths, ready[-1]),
        ]
        for one in dying:
            one.result()
    return deaths


def _die_on_sqlite(deaths: Deaths, ready: Sequence[Rig]) -> None:
    """Die after each write to a vendor too, whose outcome Balie cannot know then."""
    found = deaths.points[SQLITE] = points_of(ready[0])
    ats = [
        point.at
        for place, point in enumerate(found)
        if place % EVERY[SQLITE] == 0 or point.at.startswith(_WRITES)
    ]
    deaths.outcomes[SQLITE] = list(sweep(ready, ats, killed_at))


def _die_on_postgresql(deaths: Deaths, ready: Rig) -> None:
    found = deaths.points[POSTGRESQL] = deaths.points[WAITING] = points_of(ready)
    ats = [point.at for point in found[:: EVERY[POSTGRESQL]]]
    deaths.outcomes[POSTGRESQL] = list(sweep([ready], ats, killed_at))
    ready.opens_lanes = False
    deaths.outcomes[WAITING] = list(sweep([ready], LEFT_TO_LAPSE, killed_at))
