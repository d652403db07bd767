"""One WhatsApp connection, with a Graph API of the test's own where it asks for one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
import structlog
from requests.adapters import HTTPAdapter

from balie.api import Connection, Context, Tenant
from balie.store.files import FileStore
from balie_whatsapp.config import Config

from .graph_api import Graph, serving
from .payloads import NUMBER_ID, SECRET, WABA_ID

TOKEN = "EAAtesttoken0123456789"
NOW = datetime(2026, 10, 1, 12, 0, tzinfo=UTC)
READ_SECONDS = 10.0  # of a slow machine, not of Graph


class MemoryKeyValue:
    """A KeyValue that forgets nothing by itself."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.kept_seconds: dict[str, float] = {}

    def get(self, key: str, *, fresh: bool = False) -> str | None:
        return self.values.get(key)

    def set(self, key: str, value: str, *, seconds: float) -> None:
        self.values[key] = value
        self.kept_seconds[key] = seconds

    def delete(self, key: str) -> None:
        self.values.pop(key, None)


@dataclass
class SettableClock:
    """A clock that stands still until it is set."""

    time: datetime = NOW

    def now(self) -> datetime:
        return self.time


class Patience(HTTPAdapter):
    """Waits for an answer, as the core's session does."""

    def __init__(self, seconds: float = READ_SECONDS) -> None:
        super().__init__()
        self.seconds = seconds

    def send(self, *args: Any, **kwargs: Any) -> requests.Response:
        kwargs["timeout"] = kwargs.get("timeout") or (self.seconds, self.seconds)
        return super().send(*args, **kwargs)


@pytest.fixture
def graph() -> Iterator[Graph]:
    with serving(Graph()) as graph:
        yield graph


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


def make_context(clock: SettableClock, session: requests.Session, **settings: Any) -> Context:
    locale = settings.pop("locale", "en")
    given = {
        "phone_number_id": NUMBER_ID,
        "waba_id": WABA_ID,
        "access_token": TOKEN,
        "app_secret": SECRET,
        "verify_token": "words we chose",
        **settings,
    }
    return Context(
        tenant=Tenant(slug="bakker", name="Bakker", region="NL", locale=locale),
        connection=Connection(id=1, slug="wa", plugin="whatsapp", name="Service number"),
        config=Config().load(given),
        http=session,
        files=FileStore("memory://files", clock).of_tenant(1),
        kv=MemoryKeyValue(),
        clock=clock,
        log=structlog.get_logger(),
    )


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        session.mount("http://", Patience())
        yield session


@pytest.fixture
def ctx(clock: SettableClock, session: requests.Session) -> Context:
    return make_context(clock, session)


@pytest.fixture
def nl(clock: SettableClock, session: requests.Session) -> Context:
    return make_context(clock, session, locale="nl")


@pytest.fixture
def online(clock: SettableClock, session: requests.Session, graph: Graph) -> Context:
    """A connection whose Graph API is the test's."""
    return make_context(clock, session, graph_url=graph.url)
