"""Encryption of what a connection must keep secret, with keys that can be rotated."""

import hashlib
import hmac
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from balie.api import BalieError

SAMPLE_KEYS = frozenset({"c2FtcGxlLWtleS1mb3ItZG9jdW1lbnRhdGlvbi1vbmx5IQ=="})
"""Keys that stand in documentation, which anybody can read."""


class KeyInvalid(Exception):
    """A key is missing, malformed or known to the world."""


class SealBroken(BalieError):
    """What was sealed cannot be opened with any of today's keys."""


class SecretBox:
    """Seals with the first key, opens with any: put a new key in front to rotate."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Take Fernet keys (32 bytes in URL-safe base64). Raises KeyInvalid for what is none."""
        if not keys:
            raise KeyInvalid("no key was given")
        if SAMPLE_KEYS.intersection(keys):
            raise KeyInvalid("the key of the documentation is no secret")
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError as error:
            raise KeyInvalid("a key is not 32 bytes in URL-safe base64") from error
        self._marking = [hashlib.sha256(b"mark:" + key.encode()).digest() for key in keys]

    def seal(self, plain: bytes) -> bytes:
        """Return the encrypted form."""
        return self._fernet.encrypt(plain)

    def open(self, sealed: bytes) -> bytes:
        """Return what was sealed. Raises SealBroken when no key fits."""
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken as error:
            raise SealBroken("none of BALIE_SECRET_KEYS opens it") from error

    def marks(self, plain: bytes) -> list[bytes]:
        """Return what marks something as made here: by today's key first, then by the older ones.

        Compare in constant time.
        """
        return [hmac.digest(key, plain, hashlib.sha256) for key in self._marking]
