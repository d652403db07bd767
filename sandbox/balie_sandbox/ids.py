"""Ids in the shapes the vendors use. Opaque to clients, but their length and alphabet matter."""

import base64
import itertools
import secrets
import time

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

#: Zendesk numbers users, comments and audits with 13 to 14 digits.
FIRST_ZENDESK_ID = 10_000_000_000_000


class Ids:
    """Makes every id of the sandbox; sequences start again with ``reset``."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Start the sequences (tickets, Zendesk records) from their first number."""
        self._tickets = itertools.count(1)
        self._zendesk = itertools.count(FIRST_ZENDESK_ID)

    def wamid(self, wa_id: str) -> str:
        """Return a WhatsApp message id: ``wamid.`` and base64 of a small binary record."""
        digits = wa_id.encode("ascii", "ignore")[:20]
        tail = secrets.token_hex(9).upper().encode("ascii")
        record = b"\x1c\x18" + bytes([len(digits)]) + digits + b"\x15\x02\x00\x11\x18\x12" + tail
        return "wamid." + base64.b64encode(record + b"\x00").decode("ascii")

    def fbtrace(self) -> str:
        """Return what Graph puts in ``fbtrace_id``: 23 URL-safe characters, the first an A."""
        return "A" + secrets.token_urlsafe(17)[:22]

    def numeric(self, digits: int) -> str:
        """Return a random decimal id without a leading zero."""
        return str(secrets.randbelow(9 * 10 ** (digits - 1)) + 10 ** (digits - 1))

    def ulid(self) -> str:
        """Return a ULID: 48 bits of milliseconds and 80 random bits, in Crockford's base 32."""
        value = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
        return "".join(CROCKFORD[value >> shift & 31] for shift in range(125, -1, -5))

    def zendesk(self) -> int:
        """Return the next 14-digit Zendesk id."""
        # Steps are uneven in a real account, which other customers share.
        for _ in range(secrets.randbelow(40)):
            next(self._zendesk)
        return next(self._zendesk)

    def ticket(self) -> int:
        """Return the next ticket number, counting from 1."""
        return next(self._tickets)

    def token(self, length: int = 64) -> str:
        """Return a random lower-case hex token of ``length`` characters."""
        return secrets.token_hex((length + 1) // 2)[:length]
