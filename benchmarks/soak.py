"""Claim: the all-in-one process stays under 250 MB, and flat, over ten minutes of work.

New customers write all the time, at a pace that leaves nothing lying.
"""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from balie.cli.demo.stage import Stage
from benchmarks import load, payloads
from benchmarks.claim import Claim, say
from benchmarks.memory import megabytes, worker_of
from benchmarks.processes import free_port

MINUTES = 10.0
PER_SECOND = 10
LIMIT_MB = 250.0
GROWTH = 1.1
#: Until caches and pools have their size.
WARM_MINUTES = 2.0
_PATIENCE_SECONDS = 120.0


def claims() -> Iterator[Claim]:
    """Let messages come for ten minutes and look at the memory every second."""
    say(f"soak, {MINUTES:g} minutes")
    count = int(MINUTES * 60 * PER_SECOND)
    with (
        tempfile.TemporaryDirectory(prefix="balie-bench-") as folder,
        Stage(Path(folder) / "stage", port=free_port(), sandbox_port=free_port()) as stage,
    ):
        settings = {"plan_limit": 1_000_000, "ticket_limit_on": False}
        stage.control("POST", "zendesk/settings", settings)
        seen = _soaked(stage, payloads.messages(count, senders=count, run="s"))
        _settled(stage, count)
    later = [size for minute, size in seen if minute >= WARM_MINUTES]
    tenth = max(1, len(later) // 10)
    start, end = median(later[:tenth]), median(later[-tenth:])
    yield Claim(
        name=f"all-in-one, memory over {MINUTES:g} minutes",
        value=max(size for _, size in seen),
        unit="MB",
        at_most=LIMIT_MB,
        detail=f"{count} messages of as many customers",
    )
    yield Claim(
        name="the same, end against start",
        value=end / start,
        unit="x",
        at_most=GROWTH,
        detail=f"{start:.0f} MB after {WARM_MINUTES:g} minutes, {end:.0f} MB at the end",
    )


def _soaked(stage: Stage, requests: list[bytes]) -> list[tuple[float, float]]:
    """Send the requests second by second; return (minute, megabytes)."""
    process_id = worker_of(f"127.0.0.1:{stage.port}")
    seen = []
    begun = time.perf_counter()
    for second in range(len(requests) // PER_SECOND):
        batch = requests[second * PER_SECOND : (second + 1) * PER_SECOND]
        measured = load.run(stage.port, batch, 2)
        if measured.failed:
            raise RuntimeError(f"{measured.failed} webhooks were not accepted")
        elapsed = time.perf_counter() - begun
        seen.append((elapsed / 60, megabytes(process_id)))
        time.sleep(max(0.0, second + 1 - elapsed))
    return seen


def _settled(stage: Stage, customers: int) -> None:
    """Wait until every customer has a ticket: a process that does nothing would stay small."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while int(stage.control("GET", "zendesk/counts")["tickets"]) < customers:
        if time.monotonic() > deadline:
            raise RuntimeError("not every customer has a ticket")
        time.sleep(0.5)
