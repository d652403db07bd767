"""Claim: messages of new customers become tickets at half the rate of the bare calls, or more."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from balie.cli.demo.stage import Stage
from benchmarks import load, payloads
from benchmarks.claim import Claim, say
from benchmarks.processes import free_port

CUSTOMERS = 400
ROUNDS = 3
RATIO = 0.5
_PATIENCE_SECONDS = 120.0


def claims() -> Iterator[Claim]:
    """Measure both in turns, each on a sandbox that starts empty."""
    balie, bare = [], []
    for number in range(ROUNDS):
        say(f"throughput, round {number + 1} of {ROUNDS}")
        with tempfile.TemporaryDirectory(prefix="balie-bench-") as folder:
            stage = Stage(Path(folder) / "stage", port=free_port(), sandbox_port=free_port())
            with stage:
                settings = {"plan_limit": 1_000_000, "ticket_limit_on": False}
                stage.control("POST", "zendesk/settings", settings)
                balie.append(CUSTOMERS / _through_balie(stage))
                bare.append(CUSTOMERS / _bare(stage))
    rate, limit = median(balie), median(bare)
    yield Claim(
        name="new customers' messages to tickets, of the bare calls",
        value=rate / limit,
        unit="x",
        at_least=RATIO,
        detail=f"{rate:.0f}/s of {limit:.0f}/s",
    )


def _through_balie(stage: Stage) -> float:
    requests = payloads.messages(CUSTOMERS, senders=CUSTOMERS, run="t")
    start = time.perf_counter()
    measured = load.run(stage.port, requests, 16)
    if measured.failed:
        raise RuntimeError(f"{measured.failed} webhooks were not accepted")
    while _tickets(stage) < CUSTOMERS:
        if time.perf_counter() - start > _PATIENCE_SECONDS:
            raise RuntimeError(f"only {_tickets(stage)} of {CUSTOMERS} tickets were made")
        time.sleep(0.2)  # a longer look would take the sandbox's time from what is measured
    return time.perf_counter() - start


def _tickets(stage: Stage) -> int:
    return int(stage.control("GET", "zendesk/counts")["tickets"])


def _bare(stage: Stage) -> float:
    command = [sys.executable, "-m", "benchmarks.bare_calls", stage.sandbox_url]
    done = subprocess.run([*command, str(CUSTOMERS)], check=True, capture_output=True, text=True)
    return float(done.stdout)
