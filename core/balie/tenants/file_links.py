"""Addresses by which somebody without a login may fetch one file, for a time."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import orjson

from balie.api import Clock
from balie.tenants.secrets import SealBroken, SecretBox

_PURPOSE = "file link"
LONGEST_TOKEN = 2000


class LinkExpired(Exception):
    """It was a link of ours once."""


@dataclass(frozen=True, slots=True)
class FileLink:
    """What a link leads to. ``name`` and ``type`` are the vendor's: shown, never believed."""

    tenant_id: int
    key: str
    name: str
    type: str


@dataclass(frozen=True, slots=True)
class FileLinks:
    """Makes links and reads them.

    What a link says is sealed with the installation's keys: nobody can make one, change one, or see
    in it whose file it is. It is no key to anything but that file, and ends with it.
    """

    box: SecretBox
    clock: Clock
    public_url: str

    def make(self, link: FileLink, days: float) -> str:
        """Return an address."""
        until = self.clock.now() + timedelta(days=days)
        facts = [_PURPOSE, link.tenant_id, link.key, link.name, link.type, int(until.timestamp())]
        token = self.box.seal(orjson.dumps(facts)).decode().rstrip("=")
        return f"{self.public_url}/files/{token}"

    def read(self, token: str) -> FileLink | None:
        """Return what a link leads to; None for what is none of ours. Raises LinkExpired."""
        if len(token) > LONGEST_TOKEN or not token.isascii():
            return None
        try:
            facts = orjson.loads(self.box.open((token + "=" * (-len(token) % 4)).encode()))
        except (SealBroken, orjson.JSONDecodeError):
            return None
        if not isinstance(facts, list) or len(facts) != 6 or facts[0] != _PURPOSE:
            return None
        _, tenant_id, key, name, mime, until = facts
        if self.clock.now() >= datetime.fromtimestamp(until, UTC):
            raise LinkExpired
        return FileLink(tenant_id, key, name, mime)
