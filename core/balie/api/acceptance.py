"""The door for plugins with routes of their own: what they take in is kept, then answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from balie.api.ingress import RawEvent


@dataclass(frozen=True, slots=True)
class Accepted:
    """How many events were new, and how many had come before."""

    new: int
    duplicates: int


class Accept(Protocol):
    """Takes events in for the context's connection."""

    def __call__(self, events: Sequence[RawEvent], /) -> Accepted:
        """Commit what is new of these, then let it be worked.

        When it returns, all of them are on disk. Raises TransientError when they could not be
        kept; then none was, and the sender is to be told to try again.
        """
