"""A Zendesk connection, with a scripted Zendesk or the sandbox's where a test asks for one."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
import structlog
from requests.adapters import HTTPAdapter

from balie.api import Connection, Context, Tenant
from balie.store.files import FileStore
from balie_crm_zendesk.config import ZendeskConfig

from .scripted_zendesk import TOKEN_CALL, ScriptedZendesk, serving

NOW = datetime(2026, 10, 1, 12, 0, tzinfo=UTC)
WEBHOOK_SECRET = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ=="
CLIENT_SECRET = "client-secret-of-the-tests"
HOOK_URL = "https://balie.example/hooks/bakker/desk"
READ_SECONDS = 1.0
DEADLINE_SECONDS = 15.0


@dataclass
class SettableClock:
    """A clock that stands still until it is set."""

    time: datetime = NOW

    def now(self) -> datetime:
        return self.time


@dataclass
class MemoryKeyValue:
    """A KeyValue whose values end by the clock."""

    clock: SettableClock
    values: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, key: str, *, fresh: bool = False) -> str | None:
        value, end = self.values.get(key, ("", self.clock.time))
        return value if end > self.clock.time else None

    def set(self, key: str, value: str, *, seconds: float) -> None:
        self.values[key] = (value, self.clock.time + timedelta(seconds=seconds))

    def add(self, key: str, value: str, *, seconds: float) -> bool:
        with self.lock:
            if self.get(key) is not None:
                return False
            self.set(key, value, seconds=seconds)
            return True

    def delete(self, key: str) -> None:
        self.values.pop(key, None)


class Patience(HTTPAdapter):
    """Waits shortly for an answer, as the core's session does for longer."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds

    def send(self, *args: Any, **kwargs: Any) -> requests.Response:
        kwargs["timeout"] = (self.seconds, self.seconds)
        return super().send(*args, **kwargs)


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.mount("http://", Patience(READ_SECONDS))
        yield session


@pytest.fixture
def connect(session: requests.Session, clock: SettableClock) -> Callable[..., Context]:
    """Make a context from settings, as the core does: through the plugin's own schema."""

    def make(region: str = "NL", **settings: Any) -> Context:
        return Context(
            tenant=Tenant(slug="bakker", name="Bakker", region=region, locale="nl"),
            connection=Connection(id=1, slug="desk", plugin="crm_zendesk", name="Our Zendesk"),
            config=ZendeskConfig().load({"webhook_secret": WEBHOOK_SECRET} | settings),
            http=session,
            files=FileStore("memory://files", clock).of_tenant(1),
            kv=MemoryKeyValue(clock),
            clock=clock,
            log=structlog.get_logger(),
            hook_url=HOOK_URL,
        )

    return make


@pytest.fixture
def zendesk() -> Iterator[ScriptedZendesk]:
    with serving(ScriptedZendesk()) as zendesk:
        token = {"access_token": "token-1", "token_type": "bearer", "expires_in": 1800}
        zendesk.on(TOKEN_CALL, token)
        yield zendesk


@pytest.fixture
def to_zendesk(connect: Callable[..., Context], zendesk: ScriptedZendesk) -> Callable[..., Context]:
    """Make a connection that signs in by OAuth at the scripted Zendesk."""

    def make(**settings: Any) -> Context:
        signing_in = {"client_id": "balie", "client_secret": CLIENT_SECRET}
        return connect(**{"base_url": zendesk.url} | signing_in | settings)

    return make


@pytest.fixture
def ctx(to_zendesk: Callable[..., Context]) -> Context:
    return to_zendesk()


@dataclass
class Sandbox:
    """The running sandbox."""

    url: str
    session: requests.Session

    def control(self, path: str, body: Any = None, method: str = "POST") -> dict[str, Any]:
        answer = self.session.request(
            method, f"{self.url}/control/{path}", json=body, timeout=DEADLINE_SECONDS
        )
        assert answer.ok, f"{answer.status_code} {answer.text}"
        return answer.json()

    def tickets(self) -> list[dict[str, Any]]:
        return self.control("zendesk/tickets", method="GET")["tickets"]

    def agent_says(self, ticket_id: str, body: str, *, public: bool = True) -> int:
        """Write as an agent at the desk; return the comment's id."""
        said = {"body": body, "public": public}
        path = f"zendesk/tickets/{ticket_id}/comments"
        return int(self.control(path, said)["comment"]["id"])


def _up(url: str) -> bool:
    try:
        return requests.get(f"{url}/control/health", timeout=DEADLINE_SECONDS).ok
    except requests.ConnectionError:
        return False


@pytest.fixture(scope="session")
def sandbox_process() -> Iterator[Sandbox]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "balie_sandbox", "--port", str(port), "--retry-scale", "0.01"]
    with subprocess.Popen(command) as process, requests.Session() as session:
        end = time.monotonic() + DEADLINE_SECONDS
        while not _up(url):
            assert process.poll() is None, "The sandbox ended."
            assert time.monotonic() < end, "The sandbox did not start."
            time.sleep(0.02)
        yield Sandbox(url, session)
        process.terminate()


@pytest.fixture
def sandbox(sandbox_process: Sandbox) -> Sandbox:
    """The sandbox as after a fresh start, whose search does not lag."""
    sandbox_process.control("reset")
    sandbox_process.control("zendesk/settings", {"search_lag_seconds": 0})
    return sandbox_process


@pytest.fixture
def sandbox_ctx(
    connect: Callable[..., Context], sandbox: Sandbox, session: requests.Session
) -> Context:
    """A connection to the sandbox's Zendesk."""
    session.mount("http://", Patience(DEADLINE_SECONDS))
    return connect(
        base_url=f"{sandbox.url}/zendesk",
        client_id="balie",
        client_secret="sandbox-only-not-a-secret",
    )
