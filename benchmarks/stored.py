"""Claim: a message costs at most 1.2 times as much with a million stored as with none.

Both databases, on a disk in memory where there is one: what is compared is the work, not the
disk. Vendors are played on paper, within the process.
"""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import structlog
from cryptography.fernet import Fernet
from tests.conftest import PAPER_PLUGINS
from tests.ledger.paper import HandClock, Paper

from balie.run.services import Services
from balie.run.settings import Settings
from balie.store import migrate
from benchmarks.claim import Claim, say
from benchmarks.databases import postgresql
from benchmarks.growth import grow

STORED = 1_000_000
REAL = 8
"""So many real messages are what is written again."""
MESSAGES = 300
RATIO = 1.2
_MEMORY = Path("/dev/shm")  # a folder of Linux's own


def claims() -> Iterator[Claim]:
    """Let messages of new customers come to an empty and to a full database, in turns."""
    place = _MEMORY if _MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="balie-bench-", dir=place) as folder:
        files = [f"sqlite:///{Path(folder) / name}.db" for name in ("empty", "full")]
        yield _compared("SQLite", *files)
        with postgresql(Path(folder) / "server", 2) as urls:
            yield _compared("PostgreSQL", *urls)


def _compared(name: str, empty_url: str, full_url: str) -> Claim:
    empty, full = _counter(empty_url), _counter(full_url)
    say(f"{STORED} messages on {name}")
    for number in range(REAL):
        full.say(sender=f"+3165550{number:04d}")
    full.drain()
    grow(full.services.store, STORED // REAL)
    say(f"{MESSAGES} messages in turns")
    times: dict[int, list[float]] = {id(empty): [], id(full): []}
    for number in range(MESSAGES):
        for paper in (empty, full):
            start = time.perf_counter()
            paper.say(sender=f"+3165551{number:04d}")
            paper.drain()
            times[id(paper)].append((time.perf_counter() - start) * 1000)
    for paper in (empty, full):
        if len(paper.tickets()[-3:]) != 3:
            raise RuntimeError("the messages made no tickets")
        paper.services.store.close()
    little, much = median(times[id(empty)]), median(times[id(full)])
    return Claim(
        name=f"a message at {STORED} stored, of an empty database, {name}",
        value=much / little,
        unit="x",
        at_most=RATIO,
        detail=f"{much:.1f} ms of {little:.1f} ms",
    )


def _counter(url: str) -> Paper:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    clock = HandClock()
    services = Services(
        Settings(
            database_url=url,
            secret_keys=(Fernet.generate_key().decode(),),
            plugins_dir=PAPER_PLUGINS,
        ),
        clock=clock,
    )
    migrate.upgrade(services.store)
    directory = services.directory
    directory.add_tenant("winkel", name="De Winkel", region="NL", locale="nl")
    directory.add_connection("winkel", "desk", plugin="paper_desk", config={"secret": "d" * 20})
    directory.add_connection(
        "winkel", "chat", plugin="paper_channel", config={"secret": "c" * 20}, files_into="desk"
    )
    return Paper(services, clock)
