"""The migrations make what the models say, on both databases."""

import threading
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import MetaData, inspect

import balie.run.services  # noqa: F401 -- imports every package that has tables
from balie.store import Base, Store, StoreUnavailable, migrate

ALL = [f"{number:04}" for number in range(1, int(migrate.head()) + 1)]


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


def _schema(store):
    """Every table with its columns, keys and indexes, as the database itself tells."""
    found = MetaData()
    with store.reading() as session:
        found.reflect(session.connection())
    return {
        name: (
            sorted((one.name, str(one.type), one.nullable) for one in table.columns),
            sorted((type(one).__name__, str(one.name)) for one in table.constraints),
            sorted((str(one.name), [each.name for each in one.columns]) for one in table.indexes),
        )
        for name, table in found.tables.items()
    }


def _upgrade(store, revision):
    """Go to a schema as the version of its day did, whose newest it was."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    with store.writing() as session:
        config.attributes["connection"] = session.connection()
        command.upgrade(config, revision)


def test_t10_every_schema_is_what_it_was_on_the_way_back(empty_database_url):
    store = Store(empty_database_url)
    forth = {}
    for revision in ALL:
        _upgrade(store, revision)
        forth[revision] = _schema(store)

    back = {ALL[-1]: _schema(store)}
    for revision in reversed(ALL[:-1]):
        migrate.downgrade(store, revision)
        back[revision] = _schema(store)
    at_the_first = migrate.current(store)
    migrate.upgrade(store)

    assert back == forth
    assert at_the_first == ALL[0]
    assert _schema(store) == forth[ALL[-1]]
    store.close()


@pytest.mark.parametrize("revision", [ALL[-1], "9999", "", "head", "-1", "base"])
def test_there_is_no_way_to_what_is_not_older(database_url, revision):
    store = Store(database_url)
    before = _schema(store)

    with pytest.raises(migrate.RevisionUnknown, match=f"has schema {ALL[-1]}; it can go back to"):
        migrate.downgrade(store, revision)

    assert (_schema(store), migrate.current(store)) == (before, ALL[-1])
    store.close()


def test_empty_database_has_nothing_to_go_back_from(empty_database_url):
    store = Store(empty_database_url)

    with pytest.raises(StoreUnavailable, match="run: balie db upgrade"):
        migrate.downgrade(store, ALL[0])

    store.close()
