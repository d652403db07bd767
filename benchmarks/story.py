"""Claim: from a customer's message to its ticket in under 150 ms, against the sandbox."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from balie.cli.demo.stage import Stage
from benchmarks.claim import Claim, say
from benchmarks.processes import free_port

CUSTOMERS = 60
WARM = 5
LIMIT_MS = 150.0
_PATIENCE_SECONDS = 20.0


def claims() -> Iterator[Claim]:
    """Let new customers write one after another, and wait for each one's ticket.

    Each costs the sign-in of a new webhook, a look-up by external id and by number, a new user
    and a new ticket. The time includes the sandbox's own work and a look every 2 ms.
    """
    say(f"the story, {CUSTOMERS} new customers")
    with (
        tempfile.TemporaryDirectory(prefix="balie-bench-") as folder,
        Stage(Path(folder) / "stage", port=free_port(), sandbox_port=free_port()) as stage,
    ):
        stage.control("POST", "zendesk/settings", {"plan_limit": 100_000})
        times = sorted(_one(stage, number) for number in range(WARM + CUSTOMERS))[:-WARM]
    middle, late = times[len(times) // 2], times[int(len(times) * 0.95)]
    yield Claim(
        name="webhook to ticket, new customer, p50",
        value=middle,
        unit="ms",
        at_most=LIMIT_MS,
        detail=f"p95 {late:.0f} ms",
    )


def _one(stage: Stage, number: int) -> float:
    start = time.perf_counter()
    said = {"from": f"3165551{number:04d}", "type": "text", "text": f"Vraag {number}"}
    stage.control("POST", "whatsapp/messages", said)
    while len(stage.control("GET", "zendesk/tickets")["tickets"]) <= number:
        if time.perf_counter() - start > _PATIENCE_SECONDS:
            raise RuntimeError(f"message {number} made no ticket")
        time.sleep(0.002)
    return (time.perf_counter() - start) * 1000
