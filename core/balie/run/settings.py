"""Settings from the environment. What is unsafe refuses to start."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from balie.api import BalieError
from balie.tenants.secrets import KeyInvalid, SecretBox

DEFAULT_DATABASE_URL = "sqlite:///var/balie.db"
_NEW_KEY = "openssl rand -base64 32 | tr +/ -_"


class SettingsInvalid(BalieError):
    """A setting is missing or unsafe. The message names the variable and says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How this installation runs. Secrets do not show in its repr."""

    database_url: str = field(default=DEFAULT_DATABASE_URL, repr=False)
    secret_keys: tuple[str, ...] = field(repr=False)
    public_url: str = "http://127.0.0.1:8000"
    log: str = "info"
    metrics_token: str = field(default="", repr=False)
    plugins_dir: Path | None = None
    demo_desk: str = ""
    """Where the sandbox's pages are, in the demo only."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Read the BALIE_ variables. Raises SettingsInvalid."""
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
        queue = environment.get("BALIE_QUEUE_URL", "memory:")
        if queue != "memory:":
            raise SettingsInvalid(
                "BALIE_QUEUE_URL: this version keeps its wake-ups in memory; leave it unset"
            )
        folder = environment.get("BALIE_PLUGINS_DIR", "")
        return cls(
            database_url=environment.get("BALIE_DATABASE_URL") or DEFAULT_DATABASE_URL,
            secret_keys=keys,
            public_url=environment.get("BALIE_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/"),
            log=environment.get("BALIE_LOG", "info"),
            metrics_token=environment.get("BALIE_METRICS_TOKEN", ""),
            plugins_dir=Path(folder) if folder else None,
            demo_desk=environment.get("BALIE_DEMO_DESK", "").rstrip("/"),
        )
