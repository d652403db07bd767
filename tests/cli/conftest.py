"""The balie command, called as its entry point calls it, on a database of the test's own."""

import io
import json
import logging
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog
from cryptography.fernet import Fernet
from tests.e2e.whole import Whole, running

from balie.cli import main
from balie.run.services import Services
from balie.run.settings import Settings
from balie.store import Store, migrate

from .vendor import PLUGINS, Vendor

WHATSAPP = {
    "phone_number_id": "106540352242922",
    "waba_id": "419561257915477",
    "access_token": "EAAtesttoken0123456789",
    "app_secret": "app-secret-of-the-test",
    "verify_token": "verify-token-of-the-test",
}
ZENDESK = {
    "base_url": "https://winkel.zendesk.com",
    "client_id": "balie",
    "client_secret": "client-secret-of-the-test",
    "webhook_secret": "webhook-secret-of-the-test",
}


@dataclass(frozen=True, slots=True)
class Said:
    """What a command ended with and said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Balie = Callable[..., Said]


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    """The command sets logging up for its process, which here is everybody's."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> Balie:
    """Run ``balie ARGUMENTS`` in this process; return what it said."""

    def run(*arguments: str, given: str = "") -> Said:
        monkeypatch.setattr(sys, "argv", ["balie", *arguments])
        monkeypatch.setattr(sys, "stdin", io.StringIO(given))
        out, err = io.StringIO(), io.StringIO()
        with (
            redirect_stdout(out),
            redirect_stderr(err),
            pytest.raises(SystemExit) as end,
        ):
            main()
        code = end.value.code
        assert "Traceback" not in err.getvalue()
        return Said(code if isinstance(code, int) else 0, out.getvalue(), err.getvalue())

    return run


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file to copy."""
    path = tmp_path_factory.mktemp("cli") / "balie.db"
    store = Store(f"sqlite:///{path}")
    migrate.upgrade(store)
    store.close()
    return path


@pytest.fixture
def balie(command: Balie, migrated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Balie:
    """The command on an empty, migrated database."""
    shutil.copy(migrated, tmp_path / "balie.db")
    monkeypatch.setenv("BALIE_DATABASE_URL", f"sqlite:///{tmp_path / 'balie.db'}")
    monkeypatch.setenv("BALIE_SECRET_KEYS", Fernet.generate_key().decode())
    monkeypatch.setenv("BALIE_PUBLIC_URL", "https://balie.example")
    return command


@pytest.fixture
def winkel(balie: Balie) -> Balie:
    """The command, with a tenant ``winkel`` that has both connections."""
    assert balie("tenant", "add", "winkel", "--name", "De Winkel").code == 0
    desk = ("connection", "add", "winkel", "zendesk", "--plugin", "crm_zendesk")
    assert balie(*desk, *settings(ZENDESK)).code == 0
    phone = ("connection", "add", "winkel", "whatsapp", "--plugin", "whatsapp")
    assert balie(*phone, "--files-into", "zendesk", *settings(WHATSAPP)).code == 0
    return balie


def settings(values: dict[str, str]) -> list[str]:
    """Return settings as the command takes them."""
    return [word for name, value in values.items() for word in ("--set", f"{name}={value}")]


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """A running Balie with the sandbox."""
    with running(tmp_path_factory.mktemp("cli")) as started:
        yield started


@pytest.fixture
def live(command: Balie, whole: Whole, monkeypatch: pytest.MonkeyPatch) -> Balie:
    """The command on the running Balie."""
    for name, value in whole.stage.environment().items():
        if name.startswith("BALIE_"):
            monkeypatch.setenv(name, value)
    return command


@pytest.fixture
def vendor(tmp_path) -> Vendor:
    return Vendor(tmp_path / "vendor.json")


@pytest.fixture
def shop(balie, vendor, monkeypatch):
    """The command, with a tenant ``winkel`` whose channel ``chat`` has a file for a vendor."""
    monkeypatch.setenv("BALIE_PLUGINS_DIR", str(PLUGINS))
    assert balie("tenant", "add", "winkel", "--name", "De Winkel").code == 0
    desk = ("connection", "add", "winkel", "zendesk", "--plugin", "crm_zendesk")
    assert balie(*desk, *settings(ZENDESK)).code == 0
    add = ("connection", "add", "winkel", "chat", "--plugin", "filed_vendor")
    assert balie(*add, "--files-into", "zendesk", "--set", f"file={vendor.path}").code == 0
    return balie


@pytest.fixture
def inside(shop, monkeypatch):
    """The services on the command's database."""
    made = Services(Settings.from_environment(os.environ))
    yield made
    made.store.close()
