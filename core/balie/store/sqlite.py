"""SQLite: how its connections are prepared, and commits that hold up nobody else."""

import sqlite3
from collections.abc import Callable
from typing import Any

from gevent import get_hub, monkey
from sqlalchemy import Connection, Engine, event

BUSY_TIMEOUT_MS = 2_000
"""Everything else waits as long, and vendors wait ten seconds: a few of these in a row must fit."""
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # a 200 means on disk
    f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}",
    "PRAGMA foreign_keys=ON",
    "PRAGMA cache_size=-20000",
)
_MODE = "sqlite_synchronous"


class DiskConnection(sqlite3.Connection):
    """A connection whose commits wait for the disk beside the greenlets, not before them."""

    waits_for_disk = True

    def commit(self) -> None:
        """Commit; under gevent in a thread of its pool, while other greenlets go on."""
        if self.waits_for_disk and self.in_transaction:
            _aside(super().commit)
        else:
            super().commit()


def _aside(call: Callable[[], None]) -> None:
    if monkey.is_module_patched("threading"):
        get_hub().threadpool.apply(call)
    else:
        call()


def prepare(engine: Engine) -> None:
    """Let the engine's connections be made and begin as Balie wants it."""
    event.listen(engine, "connect", _connected)
    event.listen(engine, "begin", _begin)
    # SQLAlchemy compiles each savepoint anew, which costs as much as ten statements.
    dialect = engine.dialect
    dialect.do_savepoint = _savepoint  # type: ignore[method-assign]  # on this one only
    dialect.do_rollback_to_savepoint = _back_to_savepoint  # type: ignore[method-assign]  # as above
    dialect.do_release_savepoint = _release_savepoint  # type: ignore[method-assign]  # as above


def _savepoint(connection: Connection, name: str) -> None:
    _driver(connection).execute(f'SAVEPOINT "{name}"')


def _back_to_savepoint(connection: Connection, name: str) -> None:
    _driver(connection).execute(f'ROLLBACK TO "{name}"')


def _release_savepoint(connection: Connection, name: str) -> None:
    _driver(connection).execute(f'RELEASE "{name}"')


def _driver(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)  # noqa: S101 -- its only kind; for mypy
    return driver


def _connected(dbapi_connection: Any, _record: object) -> None:
    dbapi_connection.isolation_level = None  # _begin says when a transaction starts
    for pragma in _PRAGMAS:
        dbapi_connection.execute(pragma)


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("balie_single"):
        return  # one statement is a transaction by itself
    writes = options.get("balie_writes")
    if writes:
        _set_mode(connection, passing=bool(options.get("balie_passing")))
    # IMMEDIATE: a reader that becomes a writer halfway would be refused instead of waiting.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _set_mode(connection: Connection, *, passing: bool) -> None:
    mode = "NORMAL" if passing else "FULL"
    if connection.info.get(_MODE) == mode:
        return
    connection.exec_driver_sql(f"PRAGMA synchronous={mode}")
    connection.info[_MODE] = mode
    driver = _driver(connection)
    if isinstance(driver, DiskConnection):
        driver.waits_for_disk = not passing
