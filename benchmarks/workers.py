"""Claim: two workers do at least 1.6 times what one does, where there are four cores or more.

With fewer, the sandbox and PostgreSQL run on the cores that the second worker would need; then the
figure is shown and nothing is claimed of it. A worker stays under 200 MB.
"""

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.grown.apart import Apart

from benchmarks import load, payloads
from benchmarks.claim import Claim, say
from benchmarks.databases import postgresql
from benchmarks.memory import megabytes
from benchmarks.processes import free_port, listens

CUSTOMERS = 800
WORKERS = ("worker-1", "worker-2")
RATIO = 1.6
CORES = 4
LIMIT_MB = 200.0
_PATIENCE_SECONDS = 240.0


class Yard(Apart):
    """The parts of Balie, whose workers come later, all of one size."""

    @property
    def commands(self) -> dict[str, list[str]]:
        """The command of each part."""
        return {
            "web": ["balie.web.server", f"127.0.0.1:{self.port}", "2"],
            "scheduler-1": ["balie.run.scheduler"],
            **{name: ["balie.run.worker", "32"] for name in WORKERS},
        }

    def start_balie(self) -> None:
        """Start what takes messages in, and wakes."""
        self.start_part("web")
        self.start_part("scheduler-1")
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not listens(self.port):
            if time.monotonic() > deadline:
                raise RuntimeError("the web did not start")
            time.sleep(0.05)


def claims() -> Iterator[Claim]:
    """Let one worker, and then two, file what is waiting."""
    with (
        tempfile.TemporaryDirectory(prefix="balie-bench-") as place,
        postgresql(Path(place) / "server", 2) as urls,
    ):
        one, size = _rate(Path(place) / "one", urls[0], WORKERS[:1])
        two, _ = _rate(Path(place) / "two", urls[1], WORKERS)
    cores = os.cpu_count() or 1
    yield Claim(
        name="two workers, of one" if cores >= CORES else "two workers, of one (wants 4 cores)",
        value=two / one,
        unit="x",
        at_least=RATIO if cores >= CORES else 0.0,
        detail=f"{two:.0f}/s of {one:.0f}/s, on {cores} cores with all else",
    )
    yield Claim(
        name="a worker's memory, after its work",
        value=size,
        unit="MB",
        at_most=LIMIT_MB,
        detail=f"{CUSTOMERS} new customers, 32 lanes at a time",
    )


def _rate(folder: Path, url: str, workers: tuple[str, ...]) -> tuple[float, float]:
    """Return tickets a second, once all workers run, and the memory of the first, in megabytes."""
    say(f"{len(workers)} of 2 workers")
    stage = Yard(
        folder, port=free_port(), sandbox_port=free_port(), database_url=url, queue_url="database"
    )
    with stage:
        settings = {"plan_limit": 1_000_000, "ticket_limit_on": False}
        stage.control("POST", "zendesk/settings", settings)
        requests = payloads.messages(CUSTOMERS, senders=CUSTOMERS, run="y")
        if load.run(stage.port, requests, 16).failed:
            raise RuntimeError("not all webhooks were accepted")
        for name in workers:
            stage.start_part(name)
        begun = _when(stage, CUSTOMERS // 4)  # by then all of them have started
        ended = _when(stage, CUSTOMERS)
        size = megabytes(stage.parts[workers[0]].pid)
    return CUSTOMERS * 3 / 4 / (ended - begun), size


def _when(stage: Yard, tickets: int) -> float:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while int(stage.control("GET", "zendesk/counts")["tickets"]) < tickets:
        if time.monotonic() > deadline:
            raise RuntimeError(f"fewer than {tickets} tickets were made")
        time.sleep(0.1)
    return time.perf_counter()
