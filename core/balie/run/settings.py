"""Settings from the environment. What is unsafe refuses to start."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from balie.api import BalieError
from balie.ledger.leases import LEASE_SECONDS
from balie.run.roles import Role
from balie.tenants.secrets import KeyInvalid, SecretBox

DEFAULT_DATABASE_URL = "sqlite:///var/balie.db"
DEFAULT_MEDIA_URL = "file://var/media"
MEMORY = "memory:"
DATABASE = "database"
CONNECTIONS = {Role.SERVE: 20, Role.WEB: 8, Role.WORKER: 10, Role.SCHEDULER: 4}
"""To PostgreSQL, by what a process does.

Nobody holds one while waiting for a vendor, so a few serve many lanes; and two webs of two
processes, two workers and two schedulers stay within the hundred that PostgreSQL takes by itself.
"""
_MOST_CONNECTIONS = 1000
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_LAST_PORT = 65_535
_MOST_DAYS = 36_500
_SHORTEST_LEASE, _LONGEST_LEASE = 3, 3600
_NEW_KEY = "openssl rand -base64 32 | tr +/ -_"


class SettingsInvalid(BalieError):
    """A setting is missing or unsafe. The message names the variable and says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How this installation runs. Secrets do not show in its repr."""

    database_url: str = field(default=DEFAULT_DATABASE_URL, repr=False)
    secret_keys: tuple[str, ...] = field(repr=False)
    database_connections: int = 20
    """As many connections of this process to PostgreSQL at a time, and no more."""
    lease_seconds: float = LEASE_SECONDS
    """How long the lanes of a process that died stay closed."""
    media_url: str = field(default=DEFAULT_MEDIA_URL, repr=False)
    """Where files are kept: any address that fsspec takes."""
    public_url: str = "http://127.0.0.1:8000"
    file_url: str = ""
    """Where the world fetches files by link: as ``public_url``, once that was set."""
    log: str = "info"
    metrics_token: str = field(default="", repr=False)
    metrics_host: str = "127.0.0.1"
    metrics_port: int = 0
    """Where a worker or a scheduler answers ``/healthz`` and ``/metrics``; 0 for nowhere."""
    plugins_dir: Path | None = None
    queue_url: str = field(default=MEMORY, repr=False)
    """Where wake-ups go: ``memory:``, ``database``, or the address of a PostgreSQL or a Redis."""
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    """Proxies whose word we take for who made a request."""
    keep_payload_days: int | None = 30
    """How long what vendors sent is kept as it came; None for ever."""
    keep_message_days: int | None = None
    """How long messages and their files are kept here; None for ever."""
    demo_desk: str = ""
    """Where the sandbox's pages are, in the demo only."""

    @classmethod
    def from_environment(
        cls, environment: Mapping[str, str], role: Role = Role.SERVE
    ) -> "Settings":
        """Read the BALIE_ variables. Raises SettingsInvalid, also for what the role cannot use."""
        keys = tuple(
            key.strip()
            for key in environment.get("BALIE_SECRET_KEYS", "").split(",")
            if key.strip()
        )
        try:
            SecretBox(keys)
        except KeyInvalid as problem:
            raise SettingsInvalid(
                f"BALIE_SECRET_KEYS: {problem}. It encrypts what connections keep secret. "
                f"Make a key with: {_NEW_KEY}"
            ) from problem
        database_url = environment.get("BALIE_DATABASE_URL") or DEFAULT_DATABASE_URL
        _check_database(database_url, role)
        metrics_host, metrics_port = _metrics_place(environment)
        folder = environment.get("BALIE_PLUGINS_DIR", "")
        return cls(
            database_url=database_url,
            database_connections=_connections(environment, role),
            lease_seconds=_lease_seconds(environment),
            queue_url=_queue_url(environment.get("BALIE_QUEUE_URL", ""), database_url, role),
            secret_keys=keys,
            media_url=environment.get("BALIE_MEDIA_URL") or DEFAULT_MEDIA_URL,
            public_url=environment.get("BALIE_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/"),
            file_url=environment.get("BALIE_PUBLIC_URL", "").rstrip("/"),
            log=environment.get("BALIE_LOG", "info"),
            metrics_token=environment.get("BALIE_METRICS_TOKEN", ""),
            metrics_host=metrics_host,
            metrics_port=metrics_port,
            plugins_dir=Path(folder) if folder else None,
            trusted_proxies=_networks(environment.get("BALIE_TRUSTED_PROXIES", "")),
            keep_payload_days=_days(environment, "BALIE_KEEP_PAYLOAD_DAYS", "30", least=1),
            keep_message_days=_days(environment, "BALIE_KEEP_MESSAGE_DAYS", "", least=30),
            demo_desk=environment.get("BALIE_DEMO_DESK", "").rstrip("/"),
        )


def _check_database(database_url: str, role: Role) -> None:
    if role.is_apart and _kind(database_url) == "sqlite":
        raise SettingsInvalid(
            f"BALIE_DATABASE_URL: balie {role} runs beside other processes, and SQLite lets one "
            "process write at a time. Set it to a PostgreSQL database, or run: balie serve"
        )


def _connections(environment: Mapping[str, str], role: Role) -> int:
    given = environment.get("BALIE_DATABASE_CONNECTIONS", "")
    if not given:
        return CONNECTIONS[role]
    if not given.isdecimal() or not 1 <= int(given) <= _MOST_CONNECTIONS:
        raise SettingsInvalid(
            "BALIE_DATABASE_CONNECTIONS: write a whole number from 1 to "
            f"{_MOST_CONNECTIONS}, or leave it unset for {CONNECTIONS[role]}"
        )
    return int(given)


def _days(environment: Mapping[str, str], name: str, usual: str, *, least: int) -> int | None:
    given = environment.get(name) or usual
    if given in ("", "forever"):
        return None
    if not given.isdecimal() or not least <= int(given) <= _MOST_DAYS:
        raise SettingsInvalid(f"{name}: write a whole number of days from {least}, or forever")
    return int(given)


def _metrics_place(environment: Mapping[str, str]) -> tuple[str, int]:
    host = environment.get("BALIE_METRICS_HOST") or _LOOPBACK[0]
    port = environment.get("BALIE_METRICS_PORT", "") or "0"
    if not port.isdecimal() or int(port) > _LAST_PORT:
        raise SettingsInvalid(
            f"BALIE_METRICS_PORT: write a port from 1 to {_LAST_PORT}, or leave it unset"
        )
    if host not in _LOOPBACK and not environment.get("BALIE_METRICS_TOKEN"):
        raise SettingsInvalid(
            f"BALIE_METRICS_HOST: {host} can be reached from elsewhere, so set "
            "BALIE_METRICS_TOKEN too; who reads metrics sends it as a bearer token"
        )
    return host, int(port)


def _lease_seconds(environment: Mapping[str, str]) -> float:
    given = environment.get("BALIE_LEASE_SECONDS", "")
    if not given:
        return LEASE_SECONDS
    if not given.isdecimal() or not _SHORTEST_LEASE <= int(given) <= _LONGEST_LEASE:
        raise SettingsInvalid(
            f"BALIE_LEASE_SECONDS: write a whole number from {_SHORTEST_LEASE} to "
            f"{_LONGEST_LEASE}, or leave it unset for {LEASE_SECONDS}"
        )
    return float(given)


def _networks(written: str) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(one.strip()) for one in written.split(",") if one.strip())
    except ValueError as error:
        raise SettingsInvalid(
            f"BALIE_TRUSTED_PROXIES: {error}. Write addresses or networks such as "
            "10.0.0.0/8, 127.0.0.1, divided by commas"
        ) from error


def _queue_url(url: str, database_url: str, role: Role) -> str:
    if not url:
        return DATABASE if role.is_apart else MEMORY
    if url == MEMORY:
        if role.is_apart:
            raise SettingsInvalid(
                f"BALIE_QUEUE_URL: wake-ups in memory do not leave their process, so balie {role} "
                "cannot use them. Leave it unset for PostgreSQL, or set redis://host/0"
            )
        return url
    if url == DATABASE and _kind(database_url) != "postgresql":
        raise SettingsInvalid(
            "BALIE_QUEUE_URL: only a PostgreSQL database carries wake-ups; leave it unset"
        )
    if url != DATABASE and _kind(url) not in ("postgresql", "redis", "rediss", "unix"):
        # Not quoted, because a password may stand in it.
        raise SettingsInvalid(
            "BALIE_QUEUE_URL: write memory:, database, redis://host/0, "
            "or postgresql://user:password@host/name"
        )
    return url


def _kind(url: str) -> str:
    try:
        return make_url(url).get_backend_name()
    except ArgumentError:
        return ""
