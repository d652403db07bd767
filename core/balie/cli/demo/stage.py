"""The demo's processes and settings: the sandbox, a Balie, a tenant with two connections."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import requests
from cryptography.fernet import Fernet

from balie.api import BalieError
from balie.cli.ports import is_free
from balie.run.services import Services
from balie.run.setting_up import set_up
from balie.run.settings import Settings
from balie.store import migrate

TENANT, CHANNEL, HELPDESK = "demo", "whatsapp", "zendesk"
_HOST = "127.0.0.1"
_START_SECONDS = 30.0
_STOP_SECONDS = 25.0

# The sandbox's published values; they open nothing else.
WHATSAPP = {
    "phone_number_id": "106540352242922",
    "waba_id": "419561257915477",
    "access_token": "EAASANDBOXtoken",
    "app_secret": "sandbox-app-secret",
    "verify_token": "sandbox-verify-token",
}
ZENDESK = {"client_id": "balie", "client_secret": "sandbox-only-not-a-secret"}


class DemoFailed(BalieError):
    """The demo could not be set up. The message says what is in the way."""


@dataclass(slots=True)
class Stage:
    """Everything running, between ``with`` and its end. ``folder`` is emptied first."""

    folder: Path
    port: int = 8000
    sandbox_port: int = 8001
    database_url: str = ""
    log: str = "warning"
    locale: str = "nl"
    """The tenant's language."""
    name: str = "Demo"
    """What the tenant is called."""
    channel_settings: dict[str, Any] = field(default_factory=dict)
    helpdesk_settings: dict[str, Any] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    """More of Balie's environment."""
    server: str = "balie.web.server"
    """The module that is Balie."""
    http: requests.Session = field(default_factory=requests.Session)
    settings: Settings = field(init=False)
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where Balie is."""
        return f"http://{_HOST}:{self.port}"

    @property
    def sandbox_url(self) -> str:
        """Where the sandbox is."""
        return f"http://{_HOST}:{self.sandbox_port}"

    @property
    def link_url(self) -> str:
        """Where links that open WhatsApp lead: the customer's phone."""
        return f"{self.sandbox_url}/wa.me"

    def __enter__(self) -> "Stage":
        """Start the sandbox, make tenant and connections, start Balie."""
        self.http.trust_env = False
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.settings = Settings(
            database_url=self.database_url or f"sqlite:///{self.folder / 'balie.db'}",
            media_url=f"file://{self.folder.absolute() / 'media'}",
            secret_keys=(Fernet.generate_key().decode(),),
            public_url=self.url,
        )
        try:
            self.start_sandbox()
            self._connect()
            self.start_balie()
            self._set_up()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop all processes."""
        self.close()

    def start_sandbox(self) -> None:
        """Start the sandbox and wait until it answers."""
        arguments = ["balie_sandbox", "--host", _HOST, "--port", str(self.sandbox_port)]
        self._start("sandbox", arguments, self.sandbox_port)
        self._await("sandbox", lambda: self._answers(f"{self.sandbox_url}/control/health"))

    def start_balie(self) -> None:
        """Start Balie and wait until it is ready."""
        self._start("balie", [self.server, f"{_HOST}:{self.port}"], self.port)
        self._await("balie", lambda: self._answers(f"{self.url}/readyz"))

    def stop_balie(self) -> None:
        """Stop Balie as an operator does, and wait until it has ended."""
        process = self._running.pop("balie")
        process.terminate()
        process.wait(_STOP_SECONDS)

    def kill_balie(self) -> None:
        """End Balie as a power cut would: no signal that it could handle, its workers with it."""
        process = self._running.pop("balie")
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        deadline = time.monotonic() + _START_SECONDS
        # The worker is nobody's child now; it is gone when its port is.
        while not is_free(_HOST, self.port) and time.monotonic() < deadline:
            time.sleep(0.01)

    def control(self, method: str, path: str, body: object = None) -> Any:
        """Call the sandbox's control; return its JSON."""
        answer = self.http.request(
            method, f"{self.sandbox_url}/control/{path}", json=body, timeout=10
        )
        if not answer.ok:
            raise DemoFailed(f"the sandbox refuses {path}: {answer.text.strip()}")
        return answer.json()

    def services(self) -> Services:
        """Return services on the demo's database, not started."""
        return Services(self.settings)

    def environment(self) -> dict[str, str]:
        """Return the environment in which Balie and its commands find this demo."""
        return {
            **os.environ,
            "BALIE_DATABASE_URL": self.settings.database_url,
            "BALIE_MEDIA_URL": self.settings.media_url,
            "BALIE_SECRET_KEYS": ",".join(self.settings.secret_keys),
            "BALIE_PUBLIC_URL": self.url,
            "BALIE_DEMO_DESK": self.sandbox_url,
            "BALIE_LOG": self.log,
            **self.variables,
        }

    def process_id(self, name: str = "balie") -> int:
        """Return the number of a running process; Balie's worker is its child."""
        return self._running[name].pid

    def wait(self) -> None:
        """Wait until one of the processes ends."""
        while all(process.poll() is None for process in self._running.values()):
            time.sleep(0.5)

    def close(self) -> None:
        """Stop what runs, gently first."""
        for process in self._running.values():
            if process.poll() is None:
                process.terminate()
        for process in self._running.values():
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self._running.clear()

    def _connect(self) -> None:
        # An app without a callback: setting up makes this number's webhooks come here.
        self.control("POST", "whatsapp/app", WHATSAPP)
        balie = self.services()
        migrate.upgrade(balie.store)
        balie.directory.add_tenant(TENANT, name=self.name, region="NL", locale=self.locale)
        balie.directory.add_connection(
            TENANT,
            HELPDESK,
            plugin="crm_zendesk",
            config=ZENDESK | {"base_url": f"{self.sandbox_url}/zendesk"} | self.helpdesk_settings,
        )
        balie.directory.add_connection(
            TENANT,
            CHANNEL,
            plugin="whatsapp",
            files_into=HELPDESK,
            config={
                **WHATSAPP,
                "graph_url": f"{self.sandbox_url}/graph",
                "media_url": self.sandbox_url,
                "link_url": self.link_url,
                **self.channel_settings,
            },
        )
        balie.store.close()

    def _set_up(self) -> None:
        """Let both vendors send their webhooks here, as ``balie connection setup`` does."""
        balie = self.services()
        for slug in (HELPDESK, CHANNEL):
            failed = [step for step in set_up(balie, TENANT, slug) if not step.ok]
            if failed:
                raise DemoFailed(f"{slug} was not set up: {failed[0].name}: {failed[0].text}")
        balie.store.close()

    def _start(self, name: str, arguments: list[str], port: int) -> None:
        if not is_free(_HOST, port):
            raise DemoFailed(f"port {port} is taken; choose others: balie demo --help")
        with (self.folder / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(  # noqa: S603 -- our own modules
                [sys.executable, "-m", *arguments],
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _await(self, name: str, ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while not ready():
            ended = self._running[name].poll() is not None
            if ended or time.monotonic() > deadline:
                log = (self.folder / f"{name}.log").read_text(errors="replace").strip()
                what = "ended at once" if ended else f"is not ready after {_START_SECONDS:.0f} s"
                raise DemoFailed(f"{name} {what}; it said:\n{log[-2000:]}")
            time.sleep(0.05)

    def _answers(self, url: str) -> bool:
        try:
            return self.http.get(url, timeout=2).ok
        except requests.RequestException:
            return False
