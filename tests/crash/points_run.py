"""All points on all databases: found by playing the story, then each died at."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where to die: how many rigs on SQLite, and the addresses of PostgreSQL databases."""

    sqlite: int
    postgresql: Sequence[str]
    waiting: str


@dataclass(slots=True)
class Deaths:
    """The points of each database, and what became of each death."""

    points: dict[str, list[Point]] = field(default_factory=dict)
    outcomes: dict[str, list[Outcome]] = field(default_factory=dict)

    def summary(self) -> list[str]:
        """Say how many there are."""
        return [
            f"crash points on {name}: {len(self.outcomes[name])} died at, of {len(found)}"
            for name, found in self.points.items()
        ]


def all_deaths(folder: Path, places: Places, *, every: int = 1) -> Deaths:
    """Die at every point on SQLite and at every so many on PostgreSQL, at the same time."""
    deaths = Deaths()
    databases = [""] * places.sqlite + [*places.postgresql, places.waiting]
    with rigs(folder, databases) as ready:
        lasting = places.sqlite + len(places.postgresql)
        groups = {
            SQLITE: (ready[: places.sqlite], 1),
            POSTGRESQL: (ready[places.sqlite : lasting], every),
            WAITING: (ready[lasting:], 0),
        }
        ready[-1].opens_lanes = False
        with ThreadPoolExecutor(len(groups)) as pool:
            dying = [pool.submit(_die, deaths, name, *group) for name, group in groups.items()]
            for one in dying:
                one.result()
    return deaths


def _die(deaths: Deaths, name: str, ready: Sequence[Rig], every: int) -> None:
    deaths.points[name] = points_of(ready[0])
    ats = [point.at for point in deaths.points[name]][::every] if every else LEFT_TO_LAPSE
    deaths.outcomes[name] = list(sweep(ready, ats, killed_at))
