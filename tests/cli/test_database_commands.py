"""``balie db``: forth to this version's schema, and back to an older one's."""

import os

import pytest
from cryptography.fernet import Fernet

from balie.run.beats import Beats
from balie.run.roles import Role
from balie.run.time import SystemClock
from balie.store import Store, migrate

HEAD = migrate.head()


def _tenants(balie):
    return [one["slug"] for one in balie("tenant", "list", "--json").json]


def test_going_back_is_told_before_it_is_done(winkel):
    told = winkel("db", "downgrade", "0005")
    facts = winkel("db", "downgrade", "0005", "--json")

    assert (told.code, told.err) == (0, "")
    assert told.out.startswith(f"Schema {HEAD} would become 0005, without: ")
    assert "Files that are deleted" in told.out
    assert "Threads that customers read with us" in told.out
    assert "Nothing was changed." in told.out
    assert (facts.json["before"], facts.json["schema"]) == (HEAD, HEAD)
    assert _tenants(winkel) == ["winkel"]


def test_t10_back_and_forth_keeps_what_the_older_schema_holds(winkel):
    done = winkel("db", "downgrade", "0005", "--yes")
    refused = winkel("tenant", "list")
    again = winkel("db", "upgrade", "--json")

    assert (done.code, done.out) == (0, "schema 0005\n")
    assert refused.code == 1
    assert "the database has schema 0005" in refused.err
    assert "run: balie db upgrade" in refused.err
    assert (again.json["before"], again.json["schema"]) == ("0005", HEAD)
    assert _tenants(winkel) == ["winkel"]
    assert len(winkel("connection", "list", "winkel", "--json").json) == 2


@pytest.mark.parametrize("revision", [HEAD, "9999", "head", "x" * 200])
def test_schema_that_is_not_older_is_refused_by_name(winkel, revision):
    refused = winkel("db", "downgrade", revision, "--yes")

    assert refused.code == 2
    assert f"the database has schema {HEAD}; it can go back to" in " ".join(refused.err.split())
    assert _tenants(winkel) == ["winkel"]


def test_file_that_a_running_balie_has_is_left_alone(winkel):
    running = Store(os.environ["BALIE_DATABASE_URL"])
    running.claim()

    refused = winkel("db", "downgrade", "0005", "--yes")
    running.close()

    assert refused.code == 1
    assert "another balie serve runs on" in refused.err
    assert _tenants(winkel) == ["winkel"]


def test_database_that_parts_of_balie_work_on_is_left_alone(command, database_url, monkeypatch):
    monkeypatch.setenv("BALIE_DATABASE_URL", database_url)
    monkeypatch.setenv("BALIE_SECRET_KEYS", Fernet.generate_key().decode())
    store = Store(database_url)
    worker = Beats(store, SystemClock())
    worker.beat(Role.WORKER)

    refused = command("db", "downgrade", "0005", "--yes")
    worker.end()
    done = command("db", "downgrade", "0005", "--yes", "--json")

    assert refused.code == 1
    assert "still running: 1 worker. Stop them first" in refused.err
    assert (done.code, done.json["schema"], migrate.current(store)) == (0, "0005", "0005")
    store.close()
