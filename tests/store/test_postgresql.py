"""What Balie wants of PostgreSQL holds whatever the server, the database or the role says."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import event, text
from tests.databases import Databases
from tests.store.test_engine import count, tenant

from balie.store import Store, StoreBusy, StoreUnavailable, exclusively, migrate

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

_OTHERWISE = {
    "default_transaction_isolation": "serializable",
    "synchronous_commit": "off",
    "timezone": "Asia/Tokyo",
    "lock_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
}
_WANTED = {
    "default_transaction_isolation": "read committed",
    "synchronous_commit": "on",
    "TimeZone": "UTC",
    "lock_timeout": "4s",
    "idle_in_transaction_session_timeout": "3s",
}


def say(url: str, statement: str) -> None:
    """Say something of a database, as an admin does."""
    with psycopg.connect(url, autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(statement.format(name=name))  # type: ignore[arg-type]  # no literal


def found(connection: Any, names: Any) -> dict[str, str]:
    return {name: connection.scalar(text(f"SHOW {name}")) for name in names}


@pytest.fixture
def otherwise(database_url: str) -> Iterator[Store]:
    """A store on a database whose admin has chosen otherwise."""
    for name, value in _OTHERWISE.items():
        say(database_url, f"ALTER DATABASE {{name}} SET {name} TO '{value}'")
    made = Store(database_url)
    yield made
    made.close()


def test_settings_are_what_balie_wants_on_each_connection(otherwise: Store):
    with otherwise.looking() as one, otherwise.aside() as two, otherwise.writing() as three:
        assert [found(each, _WANTED) for each in (one, two, three)] == [_WANTED] * 3
        assert found(three, ["transaction_isolation"]) == {
            "transaction_isolation": "read committed"
        }
    with otherwise.reading() as session:
        assert session.scalar(text("SHOW transaction_isolation")) == "repeatable read"
    with otherwise.writing() as session:
        assert session.scalar(text("SHOW transaction_isolation")) == "read committed"


def test_what_is_passing_or_brief_is_so_for_its_transaction_only(store: Store):
    names = ("synchronous_commit", "lock_timeout")
    for lasting, brief, wanted in (
        (True, False, ("on", "4s")),
        (False, False, ("off", "4s")),
        (True, True, ("on", "250ms")),
        (False, True, ("off", "250ms")),
        (True, False, ("on", "4s")),
    ):
        with store.connection(lasting=lasting, brief=brief) as connection:
            assert tuple(found(connection, names).values()) == wanted


def test_commit_that_waits_for_a_standby_goes_on_doing_so(database_url: str):
    say(database_url, "ALTER DATABASE {name} SET synchronous_commit TO 'remote_apply'")
    store = Store(database_url)
    with store.looking() as connection:
        assert connection.scalar(text("SHOW synchronous_commit")) == "remote_apply"
    store.close()


def write_after_a_freeze(store: Store) -> None:
    """Begin to write, and be frozen until somebody else has had the lock."""
    with store.writing() as session:
        session.execute(text("SET LOCAL idle_in_transaction_session_timeout TO '50ms'"))
        session.add(tenant("a"))
        session.flush()
        exclusively(session, "a")
        with store.writing() as other:
            exclusively(other, "a")


def test_transaction_of_a_frozen_process_ends_with_its_locks_and_is_not_committed(store: Store):
    begun = time.monotonic()
    with pytest.raises(StoreUnavailable):
        write_after_a_freeze(store)

    assert time.monotonic() - begun < 2
    assert count(store) == 0


def test_connection_that_the_server_ended_is_used_no_more(store: Store):
    ended: list[object] = []
    event.listen(store.engine, "invalidate", lambda driver, *_: ended.append(driver))
    with pytest.raises(StoreUnavailable):
        write_after_a_freeze(store)

    assert [connection.closed for connection in ended] == [True]
    for _ in range(3):
        assert count(store) == 0


def test_lock_that_is_not_given_in_time_is_busy(store: Store):
    lock = text("SELECT pg_advisory_xact_lock(1)")
    with store.writing() as session:
        session.execute(lock)
        begun = time.monotonic()
        with pytest.raises(StoreBusy), store.connection(brief=True) as connection:
            connection.execute(lock)
    assert time.monotonic() - begun < 1


def test_statement_that_an_admin_cancels_is_unavailable(store: Store):
    with pytest.raises(StoreUnavailable) as caught, store.writing() as session:
        session.execute(text("SELECT pg_cancel_backend(pg_backend_pid()), pg_sleep(1)"))

    assert not isinstance(caught.value, StoreBusy)
    assert count(store) == 0


def test_two_that_wait_for_each_other_are_busy_and_one_of_them_goes_on(store: Store):
    both, outcomes = threading.Barrier(2), []

    def lock(*names: str) -> None:
        try:
            with store.writing() as session:
                exclusively(session, names[0])
                both.wait()
                exclusively(session, names[1])
            outcomes.append(None)
        except StoreBusy as error:
            outcomes.append(error)

    threads = [threading.Thread(target=lock, args=names) for names in (("a", "b"), ("b", "a"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoneType", "StoreBusy"]


def test_migration_waits_for_whoever_is_in_its_way(database_url: str, databases: Databases):
    waiting, held = Store(database_url), Store(database_url)

    def connected(connection: Any, _record: object) -> None:
        connection.execute("SET lock_timeout TO '50ms'")
        connection.commit()

    event.listen(waiting.engine, "connect", connected)
    upgrade = threading.Thread(target=migrate.upgrade, args=[waiting])
    with held.writing() as session:
        exclusively(session, "migrations")
        upgrade.start()
        upgrade.join(0.4)
        assert upgrade.is_alive()
    upgrade.join()

    assert migrate.misfit(waiting) == ""
    for store in (waiting, held):
        store.close()
