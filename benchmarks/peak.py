"""Claim: 20,000 messages of 5,000 customers, sent without a pause, are each taken in within 250 ms.

On the web edge by itself, as in :mod:`benchmarks.ingress`: where it shares a process with workers,
both share a core.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import load, payloads
from benchmarks.claim import Claim, say
from benchmarks.databases import postgresql
from benchmarks.ingress import P99_MS, serving

MESSAGES = 20_000
SENDERS = 5_000
CONNECTIONS = 64


def claims() -> Iterator[Claim]:
    """Send all of them to each database."""
    with tempfile.TemporaryDirectory(prefix="balie-bench-") as folder:
        yield _claim("SQLite", f"sqlite:///{Path(folder) / 'balie.db'}")
        with postgresql(Path(folder) / "server", 1) as urls:
            yield _claim("PostgreSQL", urls[0])


def _claim(name: str, url: str) -> Claim:
    say(f"{MESSAGES} messages of {SENDERS} customers on {name}")
    with serving(url) as port:
        load.run(port, payloads.messages(200, senders=SENDERS, run="w"), CONNECTIONS)
        requests = payloads.messages(MESSAGES, senders=SENDERS, run="p")
        measured = load.run(port, requests, CONNECTIONS)
    if measured.failed:
        raise RuntimeError(f"{measured.failed} requests were not answered with 200")
    return Claim(
        name=f"{MESSAGES} messages of {SENDERS} customers on {name}, p99",
        value=measured.p99,
        unit="ms",
        at_most=P99_MS,
        detail=f"{measured.per_second:.0f}/s over {CONNECTIONS} connections; "
        f"p50 {measured.p50:.0f} ms",
    )
