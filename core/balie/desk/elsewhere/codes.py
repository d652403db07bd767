"""Codes with which customers go on in another channel: made, found in a text, and proven.

A code is ``BAL-`` and four groups of four: 64 random bits, and 16 that show that we made it.
"""

import base64
import hashlib
import re
import secrets

from balie.tenants.secrets import SecretBox

_CODE = re.compile(r"\bBAL((?:-[A-Z2-7]{4}){4})(?![A-Z2-7-])", re.IGNORECASE)
_RANDOM_BYTES, _MARK_BYTES = 8, 2
_PURPOSE = b"hop:"


class HopCodes:
    """Makes and finds codes."""

    def __init__(self, box: SecretBox) -> None:
        """``box`` has the keys that codes are marked with."""
        self._box = box

    def make(self) -> str:
        """Return a new code."""
        random = secrets.token_bytes(_RANDOM_BYTES)
        mark = self._box.marks(_PURPOSE + random)[0][:_MARK_BYTES]
        letters = base64.b32encode(random + mark).decode()
        return "-".join(["BAL", *(letters[start : start + 4] for start in range(0, 16, 4))])

    def find(self, text: str) -> str:
        """Return the first code in a text that we made, as :meth:`make` writes it, or ''."""
        for found in _CODE.finditer(text):
            if self._is_ours(found[1].replace("-", "").upper()):
                return found[0].upper()
        return ""

    def _is_ours(self, letters: str) -> bool:
        plain = base64.b32decode(letters)
        random, mark = plain[:_RANDOM_BYTES], plain[_RANDOM_BYTES:]
        return any(
            secrets.compare_digest(mark, good[:_MARK_BYTES])
            for good in self._box.marks(_PURPOSE + random)
        )


def digest(code: str) -> str:
    """Return what is kept of a code."""
    return hashlib.sha256(code.encode()).hexdigest()
