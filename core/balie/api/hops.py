"""Going on in another channel: one-time codes that tie it to the ticket."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from balie.api.addresses import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """A code that a customer takes along. Whoever sends it first is taken to be that customer."""

    code: str
    expires_at: datetime


class Hops(Protocol):
    """Codes for the threads of the context's connection."""

    def issue(self, address: Address, thread: str, /) -> Hop:
        """Return a new code for a thread that this address began. It opens once, and not for long.

        Raises LookupError where there is no such thread, TransientError where the database is
        away.
        """
