"""What the hook tests share: contexts without a tenant store behind them, and hooks to ask."""

from datetime import UTC, datetime

import pytest
import requests
from prometheus_client import CollectorRegistry

from balie.api import Connection, Context, Tenant
from balie.hooks import Hooks, Registry, given, hook_metrics
from balie.store.files import FileStore


class NoKeyValue:
    def get(self, key: str, *, fresh: bool = False) -> str | None:
        return None

    def set(self, key: str, value: str, *, seconds: float) -> None:
        raise AssertionError(f"no hook of these tests keeps anything, yet {key} was set")

    def delete(self, key: str) -> None:
        raise AssertionError(f"no hook of these tests keeps anything, yet {key} was deleted")


class Noon:
    def now(self) -> datetime:
        return datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class KeptLog:
    def __init__(self) -> None:
        self.lines = []

    def info(self, event: str, **facts: object) -> None:
        self.lines.append((event, facts))

    def warning(self, event: str, **facts: object) -> None:
        self.lines.append((event, facts))


@pytest.fixture
def ctx_of():
    """Make the context of a connection, by its plugin's id and its own slug."""

    def make(plugin: str, slug: str = "") -> Context:
        return Context(
            tenant=Tenant(slug="acme", name="Acme", region="NL", locale="nl"),
            connection=Connection(id=1, slug=slug or plugin, plugin=plugin, name=plugin),
            config={},
            http=requests.Session(),
            files=FileStore("memory://files", Noon()).of_tenant(1),
            kv=NoKeyValue(),
            clock=Noon(),
            log=KeptLog(),
        )

    return make


@pytest.fixture
def collectors():
    return CollectorRegistry()


@pytest.fixture
def calls_of(collectors):
    """Return how often a plugin's hook ended in an outcome."""

    def count(plugin: str, hook: str, outcome: str) -> float:
        labels = {"plugin": plugin, "hook": hook, "outcome": outcome}
        return collectors.get_sample_value("balie_hook_calls_total", labels) or 0

    return count


@pytest.fixture
def hooks_of(collectors):
    """Make hooks over these plugin objects; connections whose slug is in ``off`` are disabled."""

    def make(*plugins: object, off: tuple[str, ...] = ()) -> Hooks:
        registry = Registry(given(*plugins))
        assert registry.report.failed == ()
        return Hooks(
            registry,
            hook_metrics(collectors),
            is_enabled=lambda ctx: ctx.connection.slug not in off,
        )

    return make
