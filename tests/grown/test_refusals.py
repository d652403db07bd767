"""What cannot work together refuses to start, and says what to do."""

import os
import subprocess
import sys
from uuid import uuid4

import psycopg
import pytest
from click.testing import CliRunner
from cryptography.fernet import Fernet
from tests.e2e.whole import database_of_its_own

from balie.cli.root import balie
from balie.run.roles import Role
from balie.run.settings import Settings, SettingsInvalid
from balie.store import Store, StoreUnavailable, migrate

APART = [Role.WEB, Role.WORKER, Role.SCHEDULER]
KEYS = Fernet.generate_key().decode()
POSTGRESQL = "postgresql://balie:hush@db/balie"


def settings(role=Role.SERVE, **environment):
    return Settings.from_environment({"BALIE_SECRET_KEYS": KEYS} | environment, role)


@pytest.mark.parametrize("role", APART)
@pytest.mark.parametrize("url", ["", "sqlite:///var/balie.db"])
def test_sqlite_is_refused_apart(role, url):
    with pytest.raises(SettingsInvalid) as refusal:
        settings(role, BALIE_DATABASE_URL=url)

    assert str(refusal.value) == (
        f"BALIE_DATABASE_URL: balie {role} runs beside other processes, and SQLite lets one "
        "process write at a time. Set it to a PostgreSQL database, or run: balie serve"
    )


@pytest.mark.parametrize("role", APART)
def test_memory_is_refused_apart(role):
    with pytest.raises(SettingsInvalid, match=f"do not leave their process, so balie {role}"):
        settings(role, BALIE_DATABASE_URL=POSTGRESQL, BALIE_QUEUE_URL="memory:")


def test_sqlite_carries_no_wake_ups():
    with pytest.raises(SettingsInvalid, match="only a PostgreSQL database carries wake-ups"):
        settings(BALIE_QUEUE_URL="database")


@pytest.mark.parametrize("url", ["kafka://:hush@host", "nonsense", "sqlite:///q.db", "hush"])
def test_queue_of_another_kind_is_refused_without_its_password(url):
    with pytest.raises(SettingsInvalid, match="BALIE_QUEUE_URL: write memory:, ") as refusal:
        settings(Role.WEB, BALIE_DATABASE_URL=POSTGRESQL, BALIE_QUEUE_URL=url)

    assert "hush" not in str(refusal.value)


@pytest.mark.parametrize(
    ("role", "given", "taken"),
    [
        (Role.SERVE, "", "memory:"),
        (Role.SERVE, "memory:", "memory:"),
        (Role.SERVE, "redis://host/1", "redis://host/1"),
        (Role.WEB, "", "database"),
        (Role.WORKER, "database", "database"),
        (Role.SCHEDULER, "rediss://:hush@host/1", "rediss://:hush@host/1"),
        (Role.WEB, "postgresql://past-the-pooler/balie", "postgresql://past-the-pooler/balie"),
    ],
)
def test_queue_is_the_one_that_is_set_or_the_database(role, given, taken):
    found = settings(role, BALIE_DATABASE_URL=POSTGRESQL, BALIE_QUEUE_URL=given)

    assert found.queue_url == taken
    assert "hush" not in repr(found)


def test_command_refuses_sqlite_in_a_sentence(tmp_path):
    environment = os.environ | {
        "BALIE_SECRET_KEYS": KEYS,
        "BALIE_DATABASE_URL": f"sqlite:///{tmp_path / 'balie.db'}",
    }
    command = [sys.executable, "-m", "balie.cli", "worker"]

    done = subprocess.run(command, env=environment, capture_output=True, check=False, timeout=30)

    assert done.returncode == 1
    assert done.stderr.startswith(b"balie: BALIE_DATABASE_URL: balie worker runs beside other")


OLDER = "the database has schema {there}, this version wants {head}; run: balie db upgrade"
NEWER = (
    "the database has schema {there}, which this version does not know: it has up to {head}. "
    "Run the version of Balie whose balie db upgrade brought it there, or a newer one; or let that "
    "one go back: balie db downgrade {head}"
)


@pytest.mark.parametrize("role", APART)
@pytest.mark.parametrize(
    ("revision", "sentence"), [(None, OLDER), ("0001", OLDER), ("9999", NEWER)]
)
def test_schema_that_is_not_this_versions_is_refused_apart(postgresql, role, revision, sentence):
    with database_of_its_own(postgresql) as url:
        set_schema(url, revision)
        environment = {"BALIE_SECRET_KEYS": KEYS, "BALIE_DATABASE_URL": url}

        done = CliRunner().invoke(balie, [str(role)], env=environment)

    assert isinstance(done.exception, StoreUnavailable)
    assert str(done.exception) == sentence.format(there=revision or "none", head=migrate.head())


def test_newer_schema_is_refused_by_the_upgrade_too(database_url):
    set_schema(database_url, "9999")
    store = Store(database_url)

    with pytest.raises(StoreUnavailable, match="which this version does not know"):
        migrate.upgrade(store)

    assert migrate.current(store) == "9999"
    store.close()


def test_two_commands_upgrade_one_database_at_once(postgresql):
    name = f"empty{uuid4().hex}"
    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    url = postgresql.replace("/postgres?", f"/{name}?")
    environment = os.environ | {"BALIE_SECRET_KEYS": KEYS, "BALIE_DATABASE_URL": url}
    command = [sys.executable, "-m", "balie.cli", "db", "upgrade"]

    both = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    said = [process.communicate(timeout=60) for process in both]

    assert [process.returncode for process in both] == [0, 0], said
    store = Store(url)
    assert migrate.current(store) == migrate.head()
    store.close()
    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def set_schema(url, revision):
    store = Store(url)
    with store.connection() as connection:
        connection.exec_driver_sql("DELETE FROM alembic_version")
        if revision is not None:
            connection.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{revision}')")
    store.close()
