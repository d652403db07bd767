"""Claim: ingress runs at 0.5 or more of the bare limit, and acknowledges within 250 ms at p99."""

import os
import tempfile
from collections.abc import Iterator
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
from benchmarks.load import Measured
from benchmarks.processes import free_port, running

ROUNDS = 3
REQUESTS = 6_000
SENDERS = 1_000
CONNECTIONS = (16, 256)
RATIO = 0.5
P99_MS = 250.0


def claims() -> Iterator[Claim]:
    """Measure both servers in turns, and state what came out."""
    with tempfile.TemporaryDirectory(prefix="balie-bench-") as folder:
        balie: dict[int, list[Measured]] = {count: [] for count in CONNECTIONS}
        bare: dict[int, list[Measured]] = {count: [] for count in CONNECTIONS}
        for number in range(ROUNDS):
            say(f"ingress, round {number + 1} of {ROUNDS}")
            with _bare(Path(folder) / f"bare{number}.db") as port:
                _round(bare, port, f"r{number}", "/")
            with _balie(Path(folder) / f"balie{number}.db") as port:
                _round(balie, port, f"r{number}", payloads.PATH)
    for count in CONNECTIONS:
        rate, limit = (median(m.per_second for m in runs[count]) for runs in (balie, bare))
        yield Claim(
            name=f"ingress rate, {count} connections, of the bare limit",
            value=rate / limit,
            unit="x",
            at_least=RATIO,
            detail=f"{rate:.0f}/s of {limit:.0f}/s",
        )
        p99 = median(m.p99 for m in balie[count])
        limit = median(m.p99 for m in bare[count])
        yield Claim(
            name=f"ingress p99, {count} connections",
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
def _bare(file: Path) -> Iterator[int]:
    port = free_port()
    with running("benchmarks.bare", str(port), str(file), port=port, env=os.environ):
        yield port


@contextmanager
def _balie(file: Path) -> Iterator[int]:
    port = free_port()
    env = {
        **os.environ,
        "BALIE_DATABASE_URL": f"sqlite:///{file}",
        "BALIE_SECRET_KEYS": Fernet.generate_key().decode(),
        "BALIE_LOG": "warning",
    }
    _install(Settings.from_environment(env))
    with running("benchmarks.ingress_only", f"127.0.0.1:{port}", port=port, env=env):
        yield port


def _install(settings: Settings) -> None:
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
