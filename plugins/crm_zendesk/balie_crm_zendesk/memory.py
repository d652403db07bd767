"""What a process knows of a connection without asking: small, and harmless when it is lost."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from weakref import WeakKeyDictionary

import requests

from balie.api import Context

MOST_REMEMBERED = 20_000


class Remembered:
    """A mapping that forgets the oldest."""

    def __init__(self, most: int = MOST_REMEMBERED) -> None:
        self._values: OrderedDict[int, object] = OrderedDict()
        self._most = most

    def add(self, key: int, value: object = None) -> None:
        """Remember the key, and a value with it."""
        self._values.pop(key, None)  # so that it is the newest
        self._values[key] = value
        while len(self._values) > self._most:
            self._values.popitem(last=False)

    def get(self, key: int) -> object:
        """Return the value that was given with the key, or None."""
        return self._values.get(key)

    def forget(self, key: int) -> None:
        """Forget the key, if it is there."""
        self._values.pop(key, None)

    def __contains__(self, key: object) -> bool:
        return key in self._values


@dataclass(eq=False, slots=True)
class Memory:
    """``begun``: tickets whose status is no longer "new", which no ticket becomes again.

    ``current``: by customer, what we knew of them when the profile was last looked at. ``again``:
    by customer, from when on it is looked at again, as it could not be written. ``plan_limit`` is
    how many requests a minute Zendesk last said the account has; ``ticket_updates`` how many
    updates of a ticket in ten minutes. None while nothing was said. ``few``: by limit, how many
    updates of tickets it leaves, and until when; only where those are few. ``requesters``: by
    ticket, the requester that it got, and whether that is somebody else than who writes in it.
    """

    begun: Remembered = field(default_factory=Remembered)
    current: Remembered = field(default_factory=Remembered)
    again: Remembered = field(default_factory=Remembered)
    requesters: Remembered = field(default_factory=Remembered)
    plan_limit: int | None = None
    ticket_updates: int | None = None
    few: dict[str, tuple[int, datetime]] = field(default_factory=dict)


_memories: WeakKeyDictionary[requests.Session, Memory] = WeakKeyDictionary()


def of(ctx: Context) -> Memory:
    """Return the connection's memory. It lives as long as its settings stay what they are."""
    return _memories.setdefault(ctx.http, Memory())
