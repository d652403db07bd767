"""A running Balie for these tests, on both databases, with two tenants."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography.fernet import Fernet
from tests.e2e.whole import (
    OTHER_NUMBER_ID,
    OTHER_SECRET,
    Whole,
    database_of_its_own,
    free_port,
    running,
    wait_until,
)

#: Read marks would be counted beside what these tests count.
COUNTED = {"mark_read": False}


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """Balie on SQLite, as most tests want it. Each test brings customers of its own."""
    with running(tmp_path_factory.mktemp("web"), log="debug", channel_settings=COUNTED) as started:
        add_neighbours(started)
        yield started


@pytest.fixture(scope="session")
def whole_on_postgresql(
    tmp_path_factory: pytest.TempPathFactory, postgresql: str
) -> Iterator[Whole]:
    """Balie on PostgreSQL."""
    folder = tmp_path_factory.mktemp("web")
    with (
        database_of_its_own(postgresql) as url,
        running(folder, database_url=url, channel_settings=COUNTED) as started,
    ):
        add_neighbours(started)
        yield started


@pytest.fixture(params=["sqlite", "postgresql"])
def each_whole(request: pytest.FixtureRequest) -> Whole:
    """Balie on each database in turn."""
    name = "whole" if request.param == "sqlite" else "whole_on_postgresql"
    found: Whole = request.getfixturevalue(name)
    return found


def add_neighbours(whole: Whole) -> None:
    """Add a second tenant, with a number of its own and the same kind of helpdesk."""
    balie = whole.stage.services()
    balie.directory.add_tenant("buren", name="De Buren", region="NL", locale="nl")
    desk = balie.directory.config(balie.directory.connection("demo", "zendesk"))
    phone = balie.directory.config(balie.directory.connection("demo", "whatsapp"))
    phone |= {"phone_number_id": OTHER_NUMBER_ID, "app_secret": OTHER_SECRET}
    balie.directory.add_connection("buren", "zendesk", plugin="crm_zendesk", config=desk)
    balie.directory.add_connection(
        "buren", "whatsapp", plugin="whatsapp", config=phone, files_into="zendesk"
    )
    balie.store.close()


Serve = Callable[..., str]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Start a Balie alone, with these settings, and return its URL once it answers."""
    processes = []

    def start(**settings: Any) -> str:
        port = free_port()
        environment = {
            **os.environ,
            "BALIE_DATABASE_URL": f"sqlite:///{tmp_path / 'balie.db'}",
            "BALIE_SECRET_KEYS": Fernet.generate_key().decode(),
            **settings,
        }
        with (tmp_path / "balie.log").open("wb") as log:
            processes.append(
                subprocess.Popen(
                    [sys.executable, "-m", "balie.web.server", f"127.0.0.1:{port}"],
                    env=environment,
                    stdout=log,
                    stderr=log,
                )
            )
        url = f"http://127.0.0.1:{port}"
        wait_until(lambda: answers(f"{url}/healthz"))
        return url

    yield start
    for process in processes:
        process.kill()  # with gunicorn's first process its worker goes too
        process.wait(20)


def answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).ok
    except requests.ConnectionError:
        return False
