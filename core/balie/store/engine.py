"""The engine and the two ways into it: reading and writing."""

import fcntl
import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    DBAPIError,
    IntegrityError,
    NotSupportedError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from balie.store import postgresql, sqlite
from balie.store.together import GroupLost, Together


class StoreUnavailable(Exception):
    """The database cannot be reached or written. Whoever waits for it should try again later."""


class StoreBusy(StoreUnavailable):
    """The database is there, but another transaction was in the way. Nothing was written."""


class Store:
    """One database."""

    def __init__(self, url: str, *, pool_size: int = 20) -> None:
        """Open no connection yet. At most ``pool_size`` at a time to PostgreSQL, and one aside.

        Raises StoreUnavailable for an address that cannot be used.
        """
        self.url = _address(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        address = self.url.render_as_string(hide_password=False)
        self.engine = _engine(address, pool_size)
        self._writers = {
            (lasting, brief): self.engine.execution_options(
                balie_writes=True, balie_passing=not lasting, balie_brief=brief
            )
            for lasting in (True, False)
            for brief in (True, False)
        }
        if self.is_sqlite:
            # SQLite gives a reader one moment by itself.
            self._reading = self.engine
            self._looking = self.engine.execution_options(balie_single=True)
            self._aside = self.engine
            self._together: Together | None = Together(
                self._writers[True, False], self._writers[False, False]
            )
        else:
            self._reading = self.engine.execution_options(isolation_level="REPEATABLE READ")
            self._looking = self.engine.execution_options(isolation_level="AUTOCOMMIT")
            self._aside = _engine(address, 1).execution_options(isolation_level="AUTOCOMMIT")
            self._together = None
        self._claimed: IO[str] | None = None

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that sees one moment and changes nothing."""
        with _translated(), Session(self._reading, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def looking(self) -> Iterator[Connection]:
        """Give a bare connection to read from, each statement seeing a moment of its own.

        For the hot path: a single look costs no transaction.
        """
        with _translated(), self._looking.connect() as connection:
            yield connection

    @contextmanager
    def aside(self) -> Iterator[Session]:
        """Give a session to read from, also for who may be within another one.

        From a place of its own: where all connections are taken by those who ask here, nobody
        could ever give one back. Read little, and ask for nothing else meanwhile.
        """
        with _translated(), Session(self._aside, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self, *, lasting: bool = True) -> Iterator[Session]:
        """Give a session that commits at the end, or leaves no trace when anything is raised.

        As :meth:`connection`.
        """
        with self.connection(lasting=lasting) as connection, session_on(connection) as session:
            yield session

    @contextmanager
    def connection(self, *, lasting: bool = True, brief: bool = False) -> Iterator[Connection]:
        """Give a bare connection that commits at the end, or leaves no trace; for the hot path.

        Never wait for the network inside: on SQLite everybody else who writes is waiting, and
        PostgreSQL ends a transaction in which nothing was asked for some seconds.
        Writers that come at the same moment may share a commit, each with an outcome of its own.
        What is not ``lasting`` does not wait for the disk: a power cut may undo it, never alone
        but with all that came after it. Raises StoreUnavailable where the database is, and
        StoreBusy where another transaction was in the way; what is ``brief`` waits for one only a
        moment.
        """
        with _translated():
            if self._together is not None:
                with self._together.joined(lasting=lasting) as connection:
                    yield connection
            else:
                with self._writers[lasting, brief].begin() as connection:
                    yield connection

    @contextmanager
    def statement(self) -> Iterator[Connection]:
        """Give a bare connection for one statement, which commits by itself; for the hot path.

        As :meth:`connection`, without what a transaction costs on PostgreSQL. On SQLite it is one,
        and may have several statements.
        """
        with self.connection() if self.is_sqlite else self.looking() as connection:
            yield connection

    def claim(self) -> None:
        """Be the only server on this SQLite file until the process ends; PostgreSQL takes several.

        Raises StoreUnavailable where another one is: two would take each other's leases away.
        """
        if not self.is_sqlite or self.url.database is None:
            return
        lock = Path(f"{self.url.database}.lock").open("w")  # noqa: SIM115 -- held for good
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.close()
            raise StoreUnavailable(
                f"another balie serve runs on {self.url.database}; SQLite takes one. "
                "Stop it, or move to PostgreSQL with BALIE_DATABASE_URL"
            ) from error
        self._claimed = lock

    def ping(self) -> None:
        """Raise StoreUnavailable where the database does not answer."""
        with _translated(), self.engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    def close(self) -> None:
        """Give all connections back, and the claim. Those in use go when their users are done."""
        for engine in (self.engine, self._aside):
            event.listen(engine, "checkin", _end)
            engine.dispose()
        if self._claimed is not None:
            self._claimed.close()
            self._claimed = None


@contextmanager
def session_on(connection: Connection) -> Iterator[Session]:
    """Give a session within a connection's transaction; what it holds is written at the end."""
    # SQLite's transaction may be shared, and one that fails must not end it for the others.
    shared = connection.dialect.name == "sqlite"
    with (
        Session(
            connection,
            expire_on_commit=False,
            join_transaction_mode="create_savepoint" if shared else "rollback_only",
        ) as session,
        session.begin(),
    ):
        yield session


def exclusively(db: Connection | Session, *names: str) -> None:
    """Let no other transaction that asks for one of these names run beside this one.

    For looking before writing where there is no row to lock yet. SQLite has one writer anyway.
    Who asks for several at a time, or locks rows as well, must do so in the order of all others.
    """
    connection = db.connection() if isinstance(db, Session) else db
    if names and connection.dialect.name == "postgresql":
        asked = ", ".join(f"pg_advisory_xact_lock(:n{place})" for place in range(len(names)))
        numbers = {f"n{place}": _number(name) for place, name in enumerate(names)}
        connection.execute(text(f"SELECT {asked}"), numbers)


def _number(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)


# What was asked was wrong. Anything else (disk full, file gone, read-only, shut down, no connection
# left) comes as various classes, depending on the driver, and is the database's.
_OURS = (DataError, IntegrityError, NotSupportedError, ProgrammingError)


def _address(url: str) -> URL:
    """Return the address as the drivers take it; make a SQLite file's folder."""
    try:
        address = make_url(url)
        name = address.get_backend_name()
        if name not in ("sqlite", "postgresql"):
            raise StoreUnavailable(f"BALIE_DATABASE_URL: {name} is neither sqlite nor postgresql")
        if name == "sqlite" and address.database:
            Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    except ArgumentError:
        # Not quoted, because a password may stand in it.
        raise StoreUnavailable(
            "BALIE_DATABASE_URL is no address; write it as postgresql://user:password@host/name"
        ) from None
    except OSError as error:
        raise StoreUnavailable(f"the database's folder cannot be made: {error}") from error
    return address.set(drivername="postgresql+psycopg") if name == "postgresql" else address


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (DBAPIError, PoolTimeout) as error:
        if isinstance(error, _OURS) and not error.connection_invalidated:
            raise
        if postgresql.is_in_the_way(getattr(error, "orig", None)):
            raise StoreBusy(_brief(error)) from error
        raise StoreUnavailable(_brief(error)) from error
    except sqlite3.Error as error:
        raise StoreUnavailable(_brief(error)) from error
    except GroupLost as lost:
        raise StoreUnavailable(_brief(lost.__cause__ or lost)) from lost


def _brief(error: BaseException) -> str:
    cause = error.orig if isinstance(error, DBAPIError) else error
    return f"the database is not available: {(str(cause).splitlines() or ['no answer'])[0]}"


def _engine(url: str, pool_size: int) -> Engine:
    is_sqlite = url.startswith("sqlite")
    given = make_url(url).query
    patience = {name: value for name, value in postgresql.PATIENCE.items() if name not in given}
    engine = create_engine(
        url,
        pool_size=pool_size,
        # A server's connections are few and counted; a file's are not.
        max_overflow=pool_size if is_sqlite else 0,
        pool_pre_ping=False,
        # The one that was used last: SQLite empties a connection's cache where another one wrote.
        pool_use_lifo=is_sqlite,
        hide_parameters=True,  # they are people's words, and errors are logged
        connect_args={"factory": sqlite.DiskConnection} if is_sqlite else patience,
        isolation_level=None if is_sqlite else "READ COMMITTED",
    )
    (sqlite if is_sqlite else postgresql).prepare(engine)
    return engine


def _end(_dbapi_connection: object, record: ConnectionPoolEntry) -> None:
    record.invalidate()
