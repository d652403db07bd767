"""What a hook gets beside its event: the connection it works for, and its means."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import requests


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """The organisation. ``region`` is an ISO 3166 country, ``locale`` is ``nl`` or ``en``."""

    slug: str
    name: str
    region: str
    locale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """The tenant's configured use of one plugin. ``name`` is what people call it."""

    id: int
    slug: str
    plugin: str
    name: str


class Clock(Protocol):
    """The time, so that tests may say what it is."""

    def now(self) -> datetime:
        """Return the present as an aware UTC datetime."""


class Log(Protocol):
    """Structured logging, bound to tenant and connection; numbers and secrets are masked."""

    def info(self, event: str, **facts: object) -> object:
        """Log something ordinary."""

    def warning(self, event: str, **facts: object) -> object:
        """Log something an admin may want to see."""


class KeyValue(Protocol):
    """A small store of a connection's own, encrypted at rest, shared by all processes."""

    def get(self, key: str) -> str | None:
        """Return the value, or None where there is none or its time has passed."""

    def set(self, key: str, value: str, *, seconds: float) -> None:
        """Keep the value for so long."""

    def delete(self, key: str) -> None:
        """Forget the value, if it is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One connection's context.

    ``config`` holds the validated settings, secrets included: never log it. ``http`` is a
    requests session with time-outs, which speaks only to the hosts that the settings name
    and follows no redirects.
    """

    tenant: Tenant
    connection: Connection
    config: Mapping[str, Any]
    http: requests.Session
    kv: KeyValue
    clock: Clock
    log: Log
