"""The migrations make what the models say, on both databases."""

import threading
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

import balie.run.services  # noqa: F401 -- imports every package that has tables
from balie.store import Base, Store, migrate


def test_schema_equals_the_models(database_url):
    store = Store(database_url)

    with store.reading() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        differences = compare_metadata(context, Base.metadata)

    store.close()
    assert differences == []


def test_upgrade_twice_changes_nothing(database_url):
    store = Store(database_url)

    migrate.upgrade(store)

    assert migrate.current(store) == migrate.head()
    store.close()


def test_empty_database_has_no_schema_until_upgraded(tmp_path: Path):
    store = Store(f"sqlite:///{tmp_path / 'new' / 'balie.db'}")

    before = migrate.current(store)
    migrate.upgrade(store)

    assert (before, migrate.current(store)) == (None, migrate.head())
    with store.reading() as session:
        tables = set(inspect(session.connection()).get_table_names())
    assert tables == {*Base.metadata.tables, "alembic_version"}
    store.close()


def test_upgrade_by_two_servers_at_once_goes_one_by_one(empty_database_url):
    stores = [Store(empty_database_url) for _ in range(2)]
    failures = []

    def upgrade(store: Store) -> None:
        try:
            migrate.upgrade(store)
        except Exception as error:  # noqa: BLE001 -- to be seen by the test's own thread
            failures.append(error)

    threads = [threading.Thread(target=upgrade, args=[store]) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert migrate.current(stores[0]) == migrate.head()
    for store in stores:
        store.close()
