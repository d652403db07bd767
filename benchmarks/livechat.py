"""Claims: ten thousand open streams in 350 MB, news in milliseconds, a storm of reconnects.

``BENCH_STREAMS`` sets how many are open instead of 10,000; the storm and the news have half.
"""

import asyncio
import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet

from balie.run.services import Services
from balie.run.settings import Settings
from balie.store import migrate
from benchmarks import memory, stream_load
from benchmarks.claim import Claim, say
from benchmarks.processes import free_port, running
from benchmarks.stream_load import BASE, Listener, each, opened, post, session

STREAMS = int(os.environ.get("BENCH_STREAMS", "10000"))
TALKERS = 100
ANSWERS = 500
PER_SECOND = 50
VIEWS = 10_000
_SECRET = "d" * 20
_DESK = Path(__file__).parents[1] / "tests/paper_plugins"


def claims() -> Iterator[Claim]:
    """Measure a bare server and Balie, and state what came out."""
    stream_load.raise_limit_of_files()
    with tempfile.TemporaryDirectory(prefix="balie-bench-") as folder:
        say(f"a bare server with {STREAMS:,} streams")
        bare = asyncio.run(_bare())
        with _balie(Path(folder)) as port:
            say(f"Balie with {STREAMS:,} streams")
            full = asyncio.run(_open(port, STREAMS))
            time.sleep(2)
            half = STREAMS // 2
            say(f"news and a storm with {half:,} streams")
            found = asyncio.run(_news(port, half))
            say(f"{VIEWS:,} page views")
            rows, unanswered = asyncio.run(_views(port, Path(folder) / "balie.db"))
    yield from _memory_claims(full, bare)
    yield Claim(
        name=f"news to a visitor, p50, {half:,} streams open",
        value=found.p50,
        unit="ms",
        at_most=20,
        detail=f"{found.heard} answers, {PER_SECOND} a second, from the helpdesk's webhook",
    )
    yield Claim(name="news to a visitor, p99", value=found.p99, unit="ms", at_most=250)
    yield Claim(
        name=f"{half:,} streams come back at once",
        value=found.storm,
        unit="s",
        at_most=10,
        detail=f"{found.failed} failed",
    )
    yield Claim(name="streams that failed to come back", value=found.failed, unit="", at_most=0)
    yield Claim(name=f"rows that {VIEWS:,} page views made", value=rows, unit="", at_most=0)
    yield Claim(name="page views that got no loader", value=unanswered, unit="", at_most=0)


def _memory_claims(full: "_Memory", bare: "_Memory") -> Iterator[Claim]:
    yield Claim(
        name=f"memory of the web process with {STREAMS:,} streams",
        value=full.megabytes,
        unit="MB",
        at_most=350,
        detail=f"{full.each:.1f} KB a stream; {full.before:.0f} MB before, {full.failed} failed",
    )
    yield Claim(
        name="the same, of a bare gevent server",
        value=full.megabytes / bare.megabytes,
        unit="x",
        at_most=1.5,
        detail=f"bare: {bare.megabytes:.0f} MB, {bare.each:.1f} KB a stream",
    )


@dataclass(frozen=True, slots=True)
class _Memory:
    """What streams took: megabytes in all and before, kilobytes each."""

    megabytes: float
    before: float
    failed: int

    @property
    def each(self) -> float:
        return (self.megabytes - self.before) * 1_000 / STREAMS


@dataclass(frozen=True, slots=True)
class _News:
    p50: float
    p99: float
    heard: int
    storm: float
    failed: int


async def _bare() -> _Memory:
    port = free_port()
    with running("benchmarks.bare_streams", str(port), port=port, env=os.environ) as pid:
        before = memory.megabytes(pid)
        listeners = [Listener("", port, path="/") for _ in range(STREAMS)]
        await opened(listeners)
        found = _Memory(memory.megabytes(pid), before, _failed(listeners))
        await _close(listeners)
    return found


async def _open(port: int, count: int) -> _Memory:
    tokens = await each(count, lambda _: session(port))
    before = _held(port)
    listeners = [Listener(token, port) for token in tokens]
    await opened(listeners)
    await asyncio.sleep(1)
    found = _Memory(_held(port), before, _failed(listeners))
    await _close(listeners)
    return found


async def _news(port: int, count: int) -> _News:
    tokens = await each(count, lambda _: session(port))
    listeners = [Listener(token, port) for token in tokens]
    await opened(listeners)
    talkers = listeners[:TALKERS]
    heard = _Heard()
    for number, listener in enumerate(talkers):
        listener.said = heard.by
        await _say(port, listener.token, number)
    await asyncio.sleep(2)  # their tickets are made
    for number in range(ANSWERS):
        heard.sent[number] = time.perf_counter()
        await _answer(port, 1 + number % TALKERS, number)
        await asyncio.sleep(1 / PER_SECOND)
    await heard.all(ANSWERS)
    await _close(listeners)
    storm = await opened(listeners)
    failed = _failed(listeners)
    await _close(listeners)
    took = sorted(heard.took)
    return _News(took[len(took) // 2], took[int(len(took) * 0.99)], len(took), storm, failed)


class _Heard:
    """When answers were sent, and how many milliseconds later they were heard."""

    def __init__(self) -> None:
        self.sent: dict[int, float] = {}
        self.took: list[float] = []

    def by(self, line: str) -> None:
        """One of the listeners heard something."""
        _, found, rest = line.partition("Antwoord nummer ")
        if found:
            sent = self.sent.pop(int(rest.partition(".")[0]), None)
            if sent is not None:
                self.took.append((time.perf_counter() - sent) * 1_000)

    async def all(self, count: int) -> None:
        """Wait until all were heard. Raises RuntimeError where one never was."""
        for _ in range(200):
            if len(self.took) == count:
                return
            await asyncio.sleep(0.05)
        raise RuntimeError(f"{count - len(self.took)} answers were not heard")


async def _say(port: int, token: str, number: int) -> None:
    message = {"id": f"message-{number}", "thread": f"thread-{number}", "text": "Hallo"}
    await post(port, f"{BASE}/messages", message, Authorization=f"Bearer {token}")


async def _answer(port: int, conversation: int, number: int) -> None:
    """Post what a helpdesk's webhook says when an agent has answered."""
    at = f"2026-01-01T00:00:{number % 60:02d}+00:00"
    said = {"comment": f"c{number}", "say": f"Antwoord nummer {number}.", "at": at}
    body = {"ticket": f"ticket-of-{conversation}", "id": f"e{number}", "answers": [said]}
    await post(port, "/hooks/demo/desk", body, X_Paper_Secret=_SECRET)


async def _views(port: int, database: Path) -> tuple[int, int]:
    """Return how many rows so many views of a page made, and how many were not answered well."""
    before = _rows(database)

    async def view(_: int) -> bool:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        lines = [f"GET {BASE}/loader.js HTTP/1.1", "Host: 127.0.0.1", "Connection: close", "", ""]
        writer.write("\r\n".join(lines).encode())
        head = await reader.read()
        writer.close()
        return head.startswith(b"HTTP/1.1 200")

    answered = await each(VIEWS, view)
    return _rows(database) - before, answered.count(False)


def _rows(database: Path) -> int:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        counts = [
            connection.execute(f"SELECT count(*) FROM {name}").fetchone() for (name,) in names
        ]
    return sum(count for (count,) in counts)


def _held(port: int) -> float:
    """Return the megabytes of Balie's worker: the larger one of its two processes."""
    return memory.megabytes(memory.worker_of(f"127.0.0.1:{port}"))


def _failed(listeners: list[Listener]) -> int:
    return sum(bool(listener.failed) for listener in listeners)


async def _close(listeners: list[Listener]) -> None:
    await asyncio.gather(*(listener.close() for listener in listeners))


@contextmanager
def _balie(folder: Path) -> Iterator[int]:
    """Run Balie as ``balie serve`` does; give its port."""
    port = free_port()
    env = {
        **os.environ,
        "BALIE_DATABASE_URL": f"sqlite:///{folder / 'balie.db'}",
        "BALIE_MEDIA_URL": f"file://{folder}/media",
        "BALIE_SECRET_KEYS": Fernet.generate_key().decode(),
        "BALIE_LOG": "warning",
        "BALIE_PLUGINS_DIR": str(_DESK),
    }
    _install(Settings.from_environment(env))
    with running("balie.web.server", f"127.0.0.1:{port}", port=port, env=env):
        yield port


def _install(settings: Settings) -> None:
    services = Services(settings)
    migrate.upgrade(services.store)
    directory = services.directory
    directory.add_tenant("demo", name="Bench", region="NL", locale="nl")
    directory.add_connection("demo", "desk", plugin="paper_desk", config={"secret": _SECRET})
    many = 10 * STREAMS
    directory.add_connection(
        "demo",
        "site",
        plugin="livechat",
        files_into="desk",
        config={
            "allowed_origins": stream_load.SHOP,
            "most_streams": many,
            "address_sessions": many,
            "address_talks": many,
            "browser_talks": many,
            "connection_talks": many,
            "absent_seconds": 0.0,
        },
    )
    services.store.close()
