"""Writers that come at the same moment share one transaction, and one wait for the disk.

For SQLite, which has one writer at a time. Each writer stands in a savepoint of its own, so that
one that fails leaves no trace and takes nothing of the others with it.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, RootTransaction
from sqlalchemy.exc import DBAPIError


@dataclass(slots=True, eq=False)
class _Group:
    connection: Connection
    transaction: RootTransaction
    lasting: bool
    members: int = 0
    is_closed: bool = False
    error: Exception | None = None


class GroupLost(Exception):
    """The transaction that was shared could not be committed; its cause says why."""


class Together:
    """One transaction at a time, which whoever comes before its commit joins.

    Within the process a lock queues writers, because a greenlet that blocks inside SQLite's own
    waiting would stop all others, the lock's holder among them.
    """

    #: Whether a writer lets others join before it commits. A test that counts commits does not.
    gathers = True

    def __init__(self, lasting: Engine, passing: Engine) -> None:
        """``passing`` is the engine whose commits do not wait for the disk."""
        self._engines = {True: lasting, False: passing}
        self._turn = threading.Lock()
        self._open: _Group | None = None

    @contextmanager
    def joined(self, *, lasting: bool) -> Iterator[Connection]:
        """Give the shared connection; return when what was done on it is committed.

        Raises GroupLost where it could not be. What is not ``lasting`` may share the
        transaction of what is, and then waits for the disk as well.
        """
        with self._turn:
            group = self._group(lasting)
            with self._member(group):
                yield group.connection
        commits = False
        try:
            # Whoever is ready to write joins now; under gevent, that is every greenlet that is.
            if self.gathers:
                time.sleep(0)
        finally:
            with self._turn:
                if not group.is_closed:
                    commits = True
                    self._end(group, group.transaction.commit)
        if group.error is not None:
            if commits:
                raise group.error
            raise GroupLost from group.error

    def _group(self, lasting: bool) -> _Group:
        group = self._open
        if group is not None and (group.lasting or not lasting):
            return group
        if group is not None:
            self._end(group, group.transaction.commit)
        connection = self._engines[lasting].connect()
        try:
            transaction = connection.begin()
        except BaseException:
            connection.close()
            raise
        self._open = _Group(connection, transaction, lasting)
        return self._open

    @contextmanager
    def _member(self, group: _Group) -> Iterator[None]:
        # The first one needs no savepoint: where it fails, there is nothing to be kept.
        joins = group.members > 0
        driver = group.connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)  # noqa: S101 -- its only kind; for mypy
        if joins:
            driver.execute("SAVEPOINT member")
        try:
            yield
        except BaseException as error:
            if not joins or not _taken_back(driver):
                # Some failures of the disk end a transaction, whoever else is in it.
                group.error = error if isinstance(error, DBAPIError) else GroupLost(str(error))
                self._end(group, group.transaction.rollback)
            raise
        if joins:
            driver.execute("RELEASE member")
        group.members += 1

    def _end(self, group: _Group, end: Callable[[], None]) -> None:
        group.is_closed, self._open = True, None
        try:
            end()
        except BaseException as error:  # every member must hear of it
            cause = error if isinstance(error, Exception) else GroupLost(repr(error))
            group.error = group.error or cause
            group.connection.invalidate()  # whatever it still holds is given up with it
            if cause is not error:  # this one was ended in the middle of it
                raise
        finally:
            group.connection.close()


def _taken_back(driver: sqlite3.Connection) -> bool:
    if not driver.in_transaction:
        return False
    try:
        driver.execute("ROLLBACK TO member")
        driver.execute("RELEASE member")
    except sqlite3.Error:
        return False
    return True
