"""Bringing a database to the schema that this version knows."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory

from balie.store import postgresql
from balie.store.engine import Store, StoreUnavailable, exclusively

_FOLDER = Path(__file__).parent / "migrations"


class RevisionUnknown(ValueError):
    """There is no such schema to go to."""


def upgrade(store: Store) -> None:
    """Run the migrations that are missing, in one transaction. Two at once go one by one.

    Raises StoreUnavailable for a schema that this version does not know.
    """
    with store.writing() as session:
        postgresql.wait_for_all(session.connection())
        exclusively(session, "migrations")
        connection = session.connection()
        there = MigrationContext.configure(connection).get_current_revision()
        if there is not None and not _knows(there):
            raise StoreUnavailable(_misfit(there))
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def downgrade(store: Store, revision: str) -> None:
    """Go back to an older schema, in one transaction; what only newer ones hold is deleted.

    Raises RevisionUnknown for one that is not older than the database's, and StoreUnavailable where
    this version does not know the database's.
    """
    with store.writing() as session:
        postgresql.wait_for_all(session.connection())
        exclusively(session, "migrations")
        connection = session.connection()
        _later(MigrationContext.configure(connection).get_current_revision(), revision)
        config = _config()
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def lost_by(store: Store, revision: str) -> list[str]:
    """Return what :func:`downgrade` would delete, newest first. Raises as it does."""
    return [script.doc.rstrip(".") for script in _later(current(store), revision)]


def _later(there: str | None, revision: str) -> list[Script]:
    """Return the migrations between an older schema and the one that is there, newest first."""
    if there is None or not _knows(there):
        raise StoreUnavailable(_misfit(there))
    found = list(ScriptDirectory.from_config(_config()).iterate_revisions(there, "base"))
    names = [script.revision for script in found]
    if revision not in names[1:]:
        older = f"it can go back to {', '.join(names[1:])}" if names[1:] else "none is older"
        raise RevisionUnknown(f"the database has schema {there}; {older}")
    return found[: names.index(revision)]


@cache
def head() -> str:
    """Return the schema that this version knows."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    assert revision is not None  # noqa: S101 -- there is a first migration; for mypy
    return revision


def current(store: Store) -> str | None:
    """Return the schema that the database has, or None for an empty one."""
    with store.reading() as session:
        return MigrationContext.configure(session.connection()).get_current_revision()


def require(store: Store) -> None:
    """Raise StoreUnavailable, saying what to do, unless the database has just this schema."""
    if sentence := misfit(store):
        raise StoreUnavailable(sentence)


def misfit(store: Store) -> str:
    """Return why the database's schema is not this version's, or nothing where it is."""
    there = current(store)
    return "" if there == head() else _misfit(there)


def _misfit(there: str | None) -> str:
    if there is None or _knows(there):
        return (
            f"the database has schema {there or 'none'}, this version wants {head()}; "
            "run: balie db upgrade"
        )
    return (
        f"the database has schema {there}, which this version does not know: it has up to {head()}."
        " Run the version of Balie whose balie db upgrade brought it there, or a newer one; or let "
        f"that one go back: balie db downgrade {head()}"
    )


def _knows(revision: str) -> bool:
    script = ScriptDirectory.from_config(_config())
    return revision in {known.revision for known in script.walk_revisions()}


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    return config
