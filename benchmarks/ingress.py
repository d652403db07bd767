"""Claim: ingress runs at 0.6 or more of the bare limit, and acknowledges within 250 ms at p99.

On SQLite and on PostgreSQL, each against a bare handler on the same database.
"""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from cryptography.fernet import Fernet

from balie.cli.demo.stage import CHANNEL, HELPDESK, TENANT, WHATSAPP
from balie.run.services import Services
from balie.run.settings import Settings
from balie.store import migrate
from benchmarks import load, payloads
from benchmarks.claim import Claim, say
from benchmarks.databases import postgresql
from benchmarks.load import Measured
from benchmarks.processes import free_port, running

ROUNDS = 3
REQUESTS = 6_000
SENDERS = 1_000
CONNECTIONS = (16, 256)
RATIO = 0.6
P99_MS = 250.0


def claims() -> Iterator[Claim]:
    """Measure both servers in turns, on both databases, and state what came out."""
    with tempfile.TemporaryDirectory(prefix="balie-bench-") as place:
        folder = Path(place)
        files = [
            (f"sqlite:///{folder / f'balie{number}.db'}", str(folder / f"bare{number}.db"))
            for number in range(ROUNDS)
        ]
        yield from _compared("SQLite", files)
        with postgresql(folder / "server", 2 * ROUNDS) as urls:
            yield from _compared("PostgreSQL", [*zip(urls[::2], urls[1::2], strict=True)])


def _compared(name: str, databases: Sequence[tuple[str, str]]) -> Iterator[Claim]:
    balie: dict[int, list[Measured]] = {count: [] for count in CONNECTIONS}
    bare: dict[int, list[Measured]] = {count: [] for count in CONNECTIONS}
    for number, (url, bare_target) in enumerate(databases):
        say(f"ingress on {name}, round {number + 1} of {len(databases)}")
        with _bare(bare_target) as port:
            _round(bare, port, f"r{number}", "/")
        with serving(url) as port:
            _round(balie, port, f"r{number}", payloads.PATH)
    for count in CONNECTIONS:
        rate, limit = (median(m.per_second for m in runs[count]) for runs in (balie, bare))
        yield Claim(
            name=f"ingress on {name}, {count} connections, of the bare limit",
            value=rate / limit,
            unit="x",
            at_least=RATIO,
            detail=f"{rate:.0f}/s of {limit:.0f}/s",
        )
        p99 = median(m.p99 for m in balie[count])
        limit = median(m.p99 for m in bare[count])
        yield Claim(
            name=f"ingress on {name}, p99, {count} connections",
            value=p99,
            unit="ms",
            at_most=P99_MS,
            detail=f"bare {limit:.0f} ms; p50 {median(m.p50 for m in balie[count]):.0f} ms",
        )


def _round(into: dict[int, list[Measured]], port: int, run: str, path: str) -> None:
    for count in CONNECTIONS:
        warm = payloads.messages(200, senders=SENDERS, run=f"{run}w{count}", path=path)
        load.run(port, warm, count)
        requests = payloads.messages(REQUESTS, senders=SENDERS, run=f"{run}c{count}", path=path)
        measured = load.run(port, requests, count)
        if measured.failed:
            raise RuntimeError(f"{measured.failed} requests were not answered with 200")
        into[count].append(measured)


@contextmanager
def _bare(target: str) -> Iterator[int]:
    port = free_port()
    with running("benchmarks.bare", str(port), target, port=port, env=os.environ):
        yield port


@contextmanager
def serving(url: str) -> Iterator[int]:
    """Run Balie's ingress on an empty database; give its port."""
    port = free_port()
    env = {
        **os.environ,
        "BALIE_DATABASE_URL": url,
        "BALIE_SECRET_KEYS": Fernet.generate_key().decode(),
        "BALIE_LOG": "warning",
    }
    install(Settings.from_environment(env))
    with running("benchmarks.ingress_only", f"127.0.0.1:{port}", port=port, env=env):
        yield port


def install(settings: Settings) -> None:
    """Make the schema, a tenant and its two connections, whose vendors are nowhere."""
    services = Services(settings)
    migrate.upgrade(services.store)
    services.directory.add_tenant(TENANT, name="Bench", region="NL", locale="nl")
    services.directory.add_connection(
        TENANT,
        HELPDESK,
        plugin="crm_zendesk",
        config={
            "base_url": "http://127.0.0.1:9",
            "client_id": "nobody",
            "client_secret": "nobody-listens-there",
            "webhook_secret": "nobody-listens-there",
        },
    )
    services.directory.add_connection(
        TENANT, CHANNEL, plugin="whatsapp", files_into=HELPDESK, config=WHATSAPP
    )
    services.store.close()
