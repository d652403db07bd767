"""Bringing a database to the schema that this version knows."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from balie.store.engine import Store, exclusively

_FOLDER = Path(__file__).parent / "migrations"


def upgrade(store: Store) -> None:
    """Run the migrations that are missing, in one transaction. Two at once go one by one."""
    with store.writing() as session:
        exclusively(session, "migrations")
        connection = session.connection()
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def head() -> str:
    """Return the schema that this version knows."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    assert revision is not None  # noqa: S101 -- there is a first migration; for mypy
    return revision


def current(store: Store) -> str | None:
    """Return the schema that the database has, or None for an empty one."""
    with store.reading() as session:
        return MigrationContext.configure(session.connection()).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    return config
