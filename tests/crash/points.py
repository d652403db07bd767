"""Every commit and every outbound call of a Balie, seen from outside, and its death at one of them.

Nothing in the product knows of this. Commits are seen where SQLAlchemy makes them, and around each
statement that commits by itself; calls where the vendors' HTTP session sends them. What recurs by
the clock and what changes no row is left out: it carries nothing that could be lost.

A point is called by what it is and how many of its kind came before, such as ``send commit 2``, so
that lanes which overtake each other do not move it.
"""

import json
import os
import re
import signal
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
import structlog
from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine
from sqlalchemy.engine.default import DefaultDialect

from balie.store.together import Together
from balie.tenants.http import VendorSession

BEFORE, AFTER = "before", "after"

_CHANGES = re.compile(r"\s*(WITH|INSERT|UPDATE|DELETE)\b")
_CHANGE = re.compile(r"(?<!DO )(?<!FOR )(INSERT INTO|UPDATE|DELETE FROM) (\w+)")
_CLOCKWORK = {"process", "leader", "wake_up", "connection_cursor"}
_RENEWAL = re.compile(r"UPDATE ledger_lane SET lease_until=")
_STATEMENTS, _ROWS, _REACHED = "crash_statements", "crash_rows", "crash_reached"


class Points:
    """Writes each point down as it is reached, and ends the process group at the given one."""

    def __init__(self, log: Path, at: str) -> None:
        self._log = log.open("ab", buffering=0)
        self._at = at
        self._counts: Counter[str] = Counter()

    def before(self, kind: str, what: str) -> str:
        """Reach the moment before something; return its name."""
        self._counts[kind] += 1
        name = f"{kind} {self._counts[kind]}"
        self._reach(BEFORE, name, what)
        return name

    def after(self, name: str, what: str) -> None:
        """Reach the moment after it."""
        self._reach(AFTER, name, what)

    def _reach(self, moment: str, name: str, what: str) -> None:
        at = f"{moment} {name}"
        self._log.write(json.dumps({"at": at, "what": what}).encode() + b"\n")
        if at == self._at:
            os.killpg(os.getpgrp(), signal.SIGKILL)


def install(points: Points) -> None:
    """See all commits and calls of this process from now on."""
    # Who shares a commit is chance, and the story is to have the same points every time.
    Together.gathers = False
    _see_statements()
    _see_commits(points)
    _see_statements_that_commit_themselves(points)
    _see_calls(points)


def _see_statements() -> None:
    @event.listens_for(Engine, "begin")
    def begin(connection: Connection) -> None:
        connection.info[_STATEMENTS] = []
        connection.info[_ROWS] = -_changes(connection)

    @event.listens_for(Engine, "after_cursor_execute")
    def executed(connection: Connection, cursor: Any, statement: str, *_: Any) -> None:
        if _CHANGES.match(statement) and not _commits_itself(connection):
            connection.info.setdefault(_STATEMENTS, []).append(statement)
            if connection.dialect.name != "sqlite":
                connection.info[_ROWS] = connection.info.get(_ROWS, 0) + max(cursor.rowcount, 0)

    @event.listens_for(Engine, "commit")
    def commit(connection: Connection) -> None:
        connection.info[_ROWS] = connection.info.get(_ROWS, 0) + _changes(connection)


def _changes(connection: Connection) -> int:
    """Rows that this connection ever changed. SQLite's cursors cannot tell, with RETURNING."""
    if connection.dialect.name != "sqlite":
        return 0
    return int(connection.connection.dbapi_connection.total_changes)  # type: ignore[union-attr]


def _see_commits(points: Points) -> None:
    do_commit = DefaultDialect.do_commit

    def seen(dialect: DefaultDialect, connection: Any) -> None:
        info = getattr(connection, "info", None) or {}
        statements, rows = info.pop(_STATEMENTS, []), info.pop(_ROWS, 0)
        if not rows or not _counts(statements):
            do_commit(dialect, connection)
            return
        what = _named(statements)
        name = points.before(f"{_kind(statements)} commit", what)
        do_commit(dialect, connection)
        points.after(name, what)

    DefaultDialect.do_commit = seen  # type: ignore[method-assign]  # the only way to see "after"


def _see_statements_that_commit_themselves(points: Points) -> None:
    @event.listens_for(Engine, "before_cursor_execute")
    def executing(connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        connection.info.pop(_REACHED, None)  # of one that failed
        if not _CHANGES.match(statement) or not _commits_itself(connection):
            return
        if _counts([statement]):
            what = _named([statement])
            name = points.before(f"{_kind([statement])} commit", what)
            connection.info[_REACHED] = name, what

    @event.listens_for(Engine, "after_cursor_execute")
    def executed(connection: Connection, *_: Any) -> None:
        if _REACHED in connection.info:
            points.after(*connection.info.pop(_REACHED))


def _commits_itself(connection: Connection) -> bool:
    driver: Any = connection.connection.driver_connection
    return connection.dialect.name == "postgresql" and bool(driver.autocommit)


def _changed(statements: list[str]) -> list[tuple[str, str]]:
    return [found for one in statements for found in _CHANGE.findall(one)]


def _counts(statements: list[str]) -> bool:
    tables = {table for _, table in _changed(statements)}
    return not tables <= _CLOCKWORK and not any(_RENEWAL.search(one) for one in statements)


def _named(statements: list[str]) -> str:
    names = [f"{verb.split()[0]} {table}" for verb, table in _changed(statements)]
    return ", ".join(dict.fromkeys(names))


def _kind(statements: list[str]) -> str:
    """The kind of item that is worked; else what the statements show."""
    item = str(structlog.contextvars.get_contextvars().get("message", ""))
    if item:
        return item.partition(":")[0]
    if all("connection_value" in one for one in statements):
        return "value"
    if any("ledger_receipt" in one for one in statements):
        return "door"
    if all("ledger_lane" in one for one in statements):
        return "lane taken" if len(statements) == 1 else "lane released"
    return "other"


def _see_calls(points: Points) -> None:
    send = VendorSession.send

    def seen(
        session: VendorSession, request: requests.PreparedRequest, **more: Any
    ) -> requests.Response:
        url = str(request.url)
        path = re.sub(r"/\d+(?=/|$)", "/N", urlsplit(url).path)
        name = points.before(f"{request.method} {path}", url)
        answer = send(session, request, **more)
        points.after(name, url)
        return answer

    VendorSession.send = seen  # type: ignore[method-assign]  # as above
