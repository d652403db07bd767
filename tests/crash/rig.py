"""A sandbox that stays, and Balies that come and go in front of it, each on a fresh database."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from sqlalchemy import func, select, update
from tests.e2e.whole import RECONCILED_SOON, Whole, free_port

from balie.cli.demo.stage import CHANNEL, HELPDESK, TENANT, WHATSAPP, Stage
from balie.cli.ports import is_free
from balie.desk.records.cursors import CursorRow
from balie.ledger.models import Item, Lane, State
from balie.store import Store
from balie.tenants.http import READ_SECONDS

ROOT = Path(__file__).parents[2]
RECONCILE_SECONDS = 2.0
"""Longer than the stand-in for Meta waits before it sends a status again."""
LEASE_SECONDS = 6
"""Instead of 30."""
PATIENCE_SECONDS = 60.0
_LOOK_SECONDS = 0.015


class NeverHappened(Exception):
    """Something was waited for in vain."""


@dataclass(slots=True)
class Rig(Stage):
    """The stage, with Balies forked from one that is ready, and databases copied from one."""

    points: Path = field(init=False)
    #: Whether the lanes of a dead Balie are opened at once. On SQLite its successor does that
    #: itself; on PostgreSQL it must wait for their end, unless the rig does it.
    opens_lanes: bool = True
    _template: str = ""
    _secret: str = "the-helpdesks-secret-of-the-rig"
    #: Instead of the product's 25 s, so that a vendor that stalls can be outlasted in a test.
    read_seconds: float = READ_SECONDS
    _pid: int = 0
    _beside: list[int] = field(default_factory=list)
    _forge: subprocess.Popen[bytes] | None = None
    _store: Store | None = None

    def __enter__(self) -> "Rig":
        """Start the sandbox and the process that forks, and make the database to copy."""
        Stage.__enter__(self)
        self._template = self.settings.database_url
        self.points = self.folder / "points.jsonl"
        return self

    def _set_up(self) -> None:
        """Agree on a secret with the helpdesk. Its webhooks come with each fresh beginning."""
        balie = self.services()
        balie.directory.set_config(TENANT, HELPDESK, {"webhook_secret": self._secret})
        balie.store.close()

    def fresh(self, *, reconcile_every: float | None = None) -> None:
        """Begin anew: an empty ledger, and vendors who know nobody.

        Unless told otherwise, Balie asks once at its start what it missed, and then no more.
        """
        self._drop()
        hooks = f"{self.url}/hooks/{TENANT}"
        self.control("POST", "reset")
        webhook = {"url": f"{hooks}/{HELPDESK}", "secret": self._secret}
        self.control("POST", "zendesk/webhook", webhook)
        self.control("POST", "whatsapp/app", WHATSAPP | {"callback_url": f"{hooks}/{CHANNEL}"})
        self.control("POST", "whatsapp/settings", {"pair_limit": False})
        limits = {"ticket_limit_on": False, "plan_limit": 100_000, "account_update_limit": 100_000}
        limits |= {"incremental_lag_seconds": 0, "incremental_limit": 100_000}
        self.control("POST", "zendesk/settings", limits)
        self.settings = replace(self.settings, database_url=self._copied())
        if reconcile_every is not None:
            balie = self.services()
            balie.directory.set_config(TENANT, HELPDESK, {"reconcile_every": reconcile_every})
            balie.store.close()
        self._store = Store(self.settings.database_url, pool_size=1)
        self.points.unlink(missing_ok=True)

    def start_balie(self) -> None:
        """Start one that lives, and wait until it is ready. None while there is no ledger yet."""
        if self._store is not None:
            self.start(points=False)

    def start(self, *, points: bool, at: str = "") -> None:
        """Start a Balie that writes its points down and dies at one, and wait until it is ready."""
        order = self._order(self.port) | {"points": str(self.points) if points else "", "at": at}
        for _ in range(3):  # its predecessor may hold the file's lock for a moment longer
            begun = datetime.now(UTC)
            self._pid = self._forked(order)
            stands = self._until(lambda: self._answers(f"{self.url}/readyz") or not self.lives())
            if stands and self._until(partial(self._has_begun, begun)) and (self.lives() or at):
                return
        raise NeverHappened("Balie did not start:\n" + self.log_text())

    def start_beside(self) -> int:
        """Start one more on the same database, which must be PostgreSQL; return its port."""
        port = free_port()
        self._beside.append(self._forked(self._order(port)))
        if not self._until(lambda: self._answers(f"http://127.0.0.1:{port}/readyz")):
            raise NeverHappened("a second Balie did not start:\n" + self.log_text())
        return port

    def lives(self) -> bool:
        """Say whether the Balie that was started last is there."""
        try:
            os.kill(self._pid, 0)
        except ProcessLookupError:
            return False
        return True

    def kill_balie(self) -> None:
        """End it as a power cut would, and wait until all of it is gone."""
        for pid in filter(None, (self._pid, *self._beside)):  # 0 would be our own group
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
        self._beside.clear()
        if not self._until(lambda: not self.lives() and is_free("127.0.0.1", self.port)):
            raise NeverHappened("a killed Balie stays")

    def bury(self) -> None:
        """Do what must be done between a death and the next start."""
        self.kill_balie()
        if self.opens_lanes and not self.store.is_sqlite:
            with self.store.writing() as session:
                session.execute(update(Lane).values(lease_token=None, lease_until=None))

    @property
    def store(self) -> Store:
        """The database of now."""
        assert self._store is not None
        return self._store

    @property
    def whole(self) -> Whole:
        """Short ways to look at what the vendors have."""
        return Whole(self)

    def rests(self) -> bool:
        """Say whether nothing is under way, at the vendors or in Balie."""
        before = self._ledger()
        if before is None or any(self.control("GET", "deliveries")["pending"].values()):
            return False
        # What came in between shows as one item more.
        return self._ledger() == before

    def _has_begun(self, begun: datetime) -> bool:
        """Say whether it has put its first question to the helpdesk, which belongs to its start."""
        return not self.lives() or self.has_asked_since(begun)

    def has_asked_since(self, moment: datetime) -> bool:
        """Say whether Balie has asked the helpdesk after this what it missed."""
        with self.store.reading() as session:
            return any(at and at > moment for at in session.scalars(select(CursorRow.asked_at)))

    def _ledger(self) -> int | None:
        """Return how many items there are, or None while there is work."""
        with self.store.reading() as session:
            if session.scalar(select(Item.id).where(Item.state == State.PENDING).limit(1)):
                return None
            if session.scalar(select(Lane.id).where(Lane.lease_token.is_not(None)).limit(1)):
                return None
            return session.scalar(select(func.count()).select_from(Item))

    def wait_until(self, happened: Callable[[], Any], seconds: float = PATIENCE_SECONDS) -> None:
        """Wait; raise NeverHappened."""
        if not self._until(happened, seconds):
            raise NeverHappened(f"not within {seconds:.0f} s; Balie said:\n{self.log_text()}")

    def log_text(self) -> str:
        """Return the end of what Balies have logged."""
        return (self.folder / "balie.log").read_text(errors="replace")[-2000:]

    def close(self) -> None:
        """End everything."""
        if self._pid:
            self.kill_balie()
        if self._forge is not None and self._forge.stdin is not None:
            self._forge.stdin.close()
            self._forge.wait(10)
            assert self._forge.stdout is not None
            self._forge.stdout.close()
        if self._template:
            self._drop()
        self.http.close()
        Stage.close(self)

    def _until(self, happened: Callable[[], Any], seconds: float = 30.0) -> bool:
        end = time.monotonic() + seconds
        while not happened():
            if time.monotonic() > end:
                return False
            time.sleep(_LOOK_SECONDS)
        return True

    def _order(self, port: int) -> dict[str, Any]:
        settings = {name: value for name, value in self.environment().items() if "BALIE_" in name}
        return {
            "bind": f"127.0.0.1:{port}",
            "environment": settings,
            "log": str(self.folder / "balie.log"),
            "read_seconds": self.read_seconds,
            "points": "",
            "at": "",
        }

    def _forked(self, order: dict[str, Any]) -> int:
        if self._forge is None:
            self._forge = subprocess.Popen(
                [sys.executable, "-m", "tests.crash.victim"],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        assert self._forge.stdin is not None
        assert self._forge.stdout is not None
        self._forge.stdin.write(json.dumps(order).encode() + b"\n")
        self._forge.stdin.flush()
        return int(self._forge.stdout.readline())

    def _copied(self) -> str:
        if self._template.startswith("sqlite"):
            file = self.folder / f"{uuid4().hex}.db"
            source = sqlite3.connect(self._template.removeprefix("sqlite:///"))
            target = sqlite3.connect(file)
            source.backup(target)
            target.close()
            source.close()
            return f"sqlite:///{file}"
        name = f"crash{uuid4().hex}"
        template = _name(self._template)
        with psycopg.connect(_server(self._template), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self._template.replace(template, name)

    def _drop(self) -> None:
        if self._store is None:
            return
        self._store.close()
        self._store = None
        url = self.settings.database_url
        if url.startswith("sqlite"):
            for file in self.folder.glob(Path(url.removeprefix("sqlite:///")).name + "*"):
                file.unlink()
            return
        with psycopg.connect(_server(url), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {_name(url)} WITH (FORCE)")


def _name(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]


def _server(url: str) -> str:
    return url.replace(f"/{_name(url)}?", "/postgres?")


@contextmanager
def rig(folder: Path, database_url: str = "", **more: Any) -> Iterator[Rig]:
    """Set one up on free ports. ``database_url`` is a PostgreSQL to copy; else it is on SQLite."""
    made = Rig(
        folder=folder,
        port=free_port(),
        sandbox_port=free_port(),
        database_url=database_url,
        channel_settings={"reconcile_seconds": RECONCILE_SECONDS},
        helpdesk_settings=RECONCILED_SOON | {"reconcile_every": 3600},
        variables={"BALIE_LEASE_SECONDS": str(LEASE_SECONDS)},
        **more,
    )
    with made:
        yield made
    shutil.rmtree(folder, ignore_errors=True)
