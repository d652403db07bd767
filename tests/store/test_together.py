"""Writers that share a commit: each with an outcome of its own."""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError
from tests.store.test_engine import count, tenant

from balie.store import Store, StoreUnavailable, session_on


@pytest.fixture
def sqlite_store(tmp_path: Path, migrated_sqlite: Path) -> Iterator[Store]:
    shutil.copy(migrated_sqlite, tmp_path / "balie.db")
    made = Store(f"sqlite:///{tmp_path / 'balie.db'}")
    yield made
    made.close()


class Commits:
    """Counts commits."""

    def __init__(self, store: Store) -> None:
        self.number = 0
        event.listen(store.engine, "commit", self._count)

    def _count(self, *_: object) -> None:
        self.number += 1


def together(store: Store, *bodies: Callable[[], object]) -> list[object]:
    """Run the bodies as writers that stand in one line, and so join one transaction."""
    outcomes: dict[int, object] = {}
    inside, go = threading.Event(), threading.Event()

    def first() -> None:
        with suppress(OSError, StoreUnavailable), store.writing():
            inside.set()
            go.wait(5)

    def run(number: int, body: Callable[[], object]) -> None:
        try:
            outcomes[number] = body()
        except Exception as error:  # noqa: BLE001 -- the outcome is what is asked for
            outcomes[number] = error

    leader = threading.Thread(target=first)
    leader.start()
    inside.wait(5)
    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(bodies)]
    for thread in threads:
        thread.start()
    go.set()
    for thread in (leader, *threads):
        thread.join(10)
    return [outcomes[number] for number in range(len(bodies))]


def add(store: Store, slug: str, *, lasting: bool = True) -> Callable[[], object]:
    def body() -> object:
        with store.writing(lasting=lasting) as session:
            session.add(tenant(slug))
        return slug

    return body


def test_writers_at_the_same_moment_are_all_committed(store):
    commits = Commits(store)

    outcomes = together(store, *[add(store, f"t{number}") for number in range(12)])

    assert outcomes == [f"t{number}" for number in range(12)]
    assert count(store) == 12
    assert commits.number <= 13


def test_one_that_fails_takes_nothing_of_the_others_along(store):
    add(store, "taken")()

    outcomes = together(
        store,
        add(store, "a"),
        add(store, "taken"),
        add(store, "b"),
        add(store, "taken"),
        add(store, "c", lasting=False),
    )

    assert [type(one) for one in outcomes] == [str, IntegrityError, str, IntegrityError, str]
    assert count(store) == 4


def test_commit_that_fails_is_heard_by_all_who_shared_it(store):
    def fail(*_: object) -> None:
        raise OSError("the plug was pulled")

    event.listen(store.engine, "commit", fail)
    outcomes = together(store, *[add(store, f"t{number}") for number in range(6)])
    event.remove(store.engine, "commit", fail)

    assert {type(one) for one in outcomes} <= {OSError, StoreUnavailable}
    assert count(store) == 0
    add(store, "after")()
    assert count(store) == 1


def test_transaction_that_the_disk_ended_is_heard_by_all_who_shared_it(sqlite_store):
    store = sqlite_store

    def lose() -> object:
        with store.connection() as connection:
            driver = connection.connection.driver_connection
            driver.execute("ROLLBACK")  # as SQLite does by itself where the disk fails
            raise OSError("disk full")

    outcomes = together(store, add(store, "a"), lose, add(store, "b"))
    written = [one for one in outcomes if isinstance(one, str)]

    assert isinstance(outcomes[1], OSError)
    assert count(store) == len(written)


def test_savepoint_of_a_session_does_not_end_the_transaction(sqlite_store):
    with sqlite_store.connection() as connection:
        connection.execute(text("SELECT 1"))
        with pytest.raises(IntegrityError), session_on(connection) as session:
            session.add_all([tenant("same"), tenant("same")])
        with session_on(connection) as session:
            session.add(tenant("kept"))

    assert count(sqlite_store) == 1


def test_writer_that_is_ended_while_it_commits_tells_the_others(sqlite_store, monkeypatch):
    shared = sqlite_store._together  # noqa: SLF001 -- the moment of the commit is in there
    end = shared._end  # noqa: SLF001

    def ended(group, _commit):
        def die():
            group.transaction.rollback()  # the disk refused
            raise KeyboardInterrupt

        monkeypatch.setattr(shared, "_end", end)
        with suppress(KeyboardInterrupt):
            end(group, die)

    monkeypatch.setattr(shared, "_end", ended)
    outcomes = together(sqlite_store, add(sqlite_store, "a"), add(sqlite_store, "b"))

    written = [one for one in outcomes if isinstance(one, str)]
    assert any(isinstance(one, StoreUnavailable) for one in outcomes)
    assert count(sqlite_store) == len(written)
