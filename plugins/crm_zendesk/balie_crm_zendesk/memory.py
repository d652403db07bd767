"""What a process knows of a connection without asking: small, and harmless when it is lost."""

from collections import OrderedDict
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

import requests

from balie.api import Context

MOST_REMEMBERED = 20_000


class Remembered:
    """A set of keys that forgets the oldest."""

    def __init__(self, most: int = MOST_REMEMBERED) -> None:
        self._keys: OrderedDict[object, None] = OrderedDict()
        self._most = most

    def add(self, key: object) -> None:
        """Remember the key."""
        self._keys[key] = None
        self._keys.move_to_end(key)
        while len(self._keys) > self._most:
            self._keys.popitem(last=False)

    def forget(self, key: object) -> None:
        """Forget the key, if it is there."""
        self._keys.pop(key, None)

    def __contains__(self, key: object) -> bool:
        return key in self._keys


@dataclass(eq=False, slots=True)
class Memory:
    """``begun``: tickets whose status is no longer "new", which no ticket becomes again.

    ``current``: customers whose profile holds what we know of them. ``plan_limit`` is how many
    requests a minute Zendesk last said the account has; ``ticket_updates`` how many updates of a
    ticket in ten minutes. None while nothing was said.
    """

    begun: Remembered = field(default_factory=Remembered)
    current: Remembered = field(default_factory=Remembered)
    plan_limit: int | None = None
    ticket_updates: int | None = None


_memories: WeakKeyDictionary[requests.Session, Memory] = WeakKeyDictionary()


def of(ctx: Context) -> Memory:
    """Return the connection's memory. It lives as long as its settings stay what they are."""
    return _memories.setdefault(ctx.http, Memory())
