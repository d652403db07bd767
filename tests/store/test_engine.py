"""The two ways into a database, and what happens when it is away."""

import socket
import sqlite3
import subprocess
import sys
import threading
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import IntegrityError
from tests.store.conftest import make_read_only

from balie.store import Store, StoreUnavailable, exclusively, migrate
from balie.tenants.models import TenantRow


def tenant(slug: str, name: str = "Naam") -> TenantRow:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    return TenantRow(slug=slug, name=name, region="NL", locale="nl", created_at=at)


def count(store: Store) -> int:
    with store.reading() as session:
        return session.scalar(select(func.count()).select_from(TenantRow)) or 0


def test_writing_leaves_no_trace_when_something_is_raised(store):
    def stop_halfway() -> None:
        with store.writing() as session:
            session.add(tenant("a"))
            session.flush()
            raise RuntimeError("halfway")

    with pytest.raises(RuntimeError, match="halfway"):
        stop_halfway()

    assert count(store) == 0


def test_reading_sees_one_moment(store):
    with store.reading() as session:
        before = session.scalar(select(func.count()).select_from(TenantRow))
        with store.writing() as other:
            other.add(tenant("late"))
        after = session.scalar(select(func.count()).select_from(TenantRow))

    assert (before, after, count(store)) == (0, 0, 1)


def test_fault_of_ours_is_not_called_unavailable(store):
    with pytest.raises(IntegrityError), store.writing() as session:
        session.add_all([tenant("same"), tenant("same")])


def test_error_shows_no_parameters(store):
    with pytest.raises(IntegrityError) as caught, store.writing() as session:
        session.add_all([tenant("same", "Geheim"), tenant("same", "Geheim")])

    assert "Geheim" not in str(caught.value)


def test_read_only_database_is_unavailable_to_writers_only(store):
    make_read_only(store)

    with pytest.raises(StoreUnavailable), store.writing() as session:
        session.add(tenant("a"))

    assert count(store) == 0


def test_full_disk_is_unavailable(tmp_path: Path):
    store = Store(f"sqlite:///{tmp_path / 'balie.db'}")
    migrate.upgrade(store)
    store.engine.dispose()

    @event.listens_for(store.engine, "connect")
    def fill(connection: Any, _record: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages}")

    with pytest.raises(StoreUnavailable, match="full"), store.writing() as session:
        session.add_all([tenant(f"t{number}", "x" * 190) for number in range(500)])

    assert count(store) == 0
    store.close()


_OUT_OF_HANDLES = """
import os, resource, sys
from sqlalchemy import text
from balie.store import Store, StoreUnavailable
store = Store(sys.argv[1])
store.ping()
store.engine.dispose()
resource.setrlimit(resource.RLIMIT_NOFILE, (100, 100))
try:
    while True:
        os.open(os.devnull, os.O_RDONLY)
except OSError:
    pass
try:
    with store.writing() as session:
        session.execute(text("DELETE FROM tenant"))
except StoreUnavailable as error:
    sys.exit(str(error))
"""


def test_t13_process_without_file_handles_left_finds_its_database_unavailable(database_url: str):
    command = [sys.executable, "-c", _OUT_OF_HANDLES, database_url]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert ended.stderr.splitlines()[-1].startswith("the database is not available: ")


def test_file_that_is_no_database_is_unavailable(tmp_path: Path):
    path = tmp_path / "balie.db"
    path.write_bytes(b"This is a letter, not a database." * 100)
    store = Store(f"sqlite:///{path}")

    with pytest.raises(StoreUnavailable, match="not a database"):
        store.ping()

    store.close()


def test_folder_that_is_gone_is_unavailable(tmp_path: Path):
    store = Store(f"sqlite:///{tmp_path / 'var' / 'balie.db'}")
    (tmp_path / "var").rmdir()

    with pytest.raises(StoreUnavailable):
        store.ping()

    store.close()


def test_file_locked_by_another_program_is_unavailable(tmp_path: Path):
    path = tmp_path / "balie.db"
    store = Store(f"sqlite:///{path}")
    migrate.upgrade(store)
    store.engine.dispose()

    @event.listens_for(store.engine, "connect")
    def hurry(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA busy_timeout=20")

    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable, match="locked"), store.connection():
        pass
    other.execute("ROLLBACK")
    other.close()
    with store.writing() as session:
        session.add(tenant("a"))

    assert count(store) == 1
    store.close()


def test_server_that_went_away_is_unavailable_and_comes_back(postgresql, store):
    if store.is_sqlite:
        return
    count(store)
    with store.writing() as session:
        name = session.scalar(text("SELECT current_database()"))
    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )

    with pytest.raises(StoreUnavailable):
        count(store)

    assert count(store) == 0


def test_t2_server_that_takes_the_connection_and_says_nothing_is_unavailable():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        store = Store(f"postgresql://balie@127.0.0.1:{port}/balie?connect_timeout=2")

        with pytest.raises(StoreUnavailable):
            store.ping()


def test_t2_server_that_is_gone_without_a_word_is_noticed(postgresql: str):
    store = Store(postgresql)
    with store.looking() as connection:
        found = connection.connection.driver_connection.info.get_parameters()
    store.close()

    assert (found["connect_timeout"], found["tcp_user_timeout"]) == ("5", "10000")
    assert found["keepalives_idle"] == "10"


def test_no_connection_left_is_unavailable(database_url):
    store = Store(database_url, pool_size=1)
    store.engine.pool._timeout = 0.01  # noqa: SLF001 -- half a minute is the default
    with ExitStack() as held:
        for _ in range(2 if store.is_sqlite else 1):
            held.enter_context(store.reading()).execute(text("SELECT 1"))
        with pytest.raises(StoreUnavailable):
            store.ping()
    store.close()


def test_exclusively_lets_one_transaction_after_another(store):
    held, order = threading.Event(), []

    def second() -> None:
        held.wait()
        with store.writing() as session:
            exclusively(session, "person 31655500001")
            order.append("second")

    thread = threading.Thread(target=second)
    thread.start()
    with store.writing() as session:
        exclusively(session, "person 31655500001")
        held.set()
        thread.join(0.1)
        order.append("first")
    thread.join()

    assert order == ["first", "second"]


def test_only_one_server_claims_a_file(tmp_path: Path):
    one, two = (Store(f"sqlite:///{tmp_path / 'balie.db'}") for _ in range(2))
    one.claim()

    with pytest.raises(StoreUnavailable, match="another balie serve"):
        two.claim()

    one.close()
    two.claim()
    two.close()


def test_connection_in_use_when_the_store_closes_ends_with_its_use(database_url):
    store, opened = Store(database_url), []
    event.listen(store.engine, "connect", lambda connection, _record: opened.append(connection))
    with store.looking() as one, store.aside() as other:
        opened.append(other.connection().connection.driver_connection)
        store.close()
        one.execute(text("SELECT 1"))
        other.execute(text("SELECT 1"))
    store.ping()  # a straggler's connection is not kept either

    for connection in opened:
        with pytest.raises((psycopg.Error, sqlite3.Error)):
            connection.execute("SELECT 1")
