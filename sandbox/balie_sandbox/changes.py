"""Waking pages when what they show has changed."""

import itertools

from gevent.event import Event


class Changes:
    """A version number for each key (a phone, a desk), and a way to wait for the next.

    Versions only grow, also over a reset, so that a page that was open notices it.
    """

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._start = 0
        self._versions: dict[str, int] = {}
        self._waiting: dict[str, Event] = {}

    def version(self, key: str) -> int:
        """Return the present version of what ``key`` names."""
        return self._versions.get(key, self._start)

    def touch(self, key: str) -> None:
        """Say that it changed."""
        self._versions[key] = next(self._numbers)
        waiting = self._waiting.pop(key, None)
        if waiting is not None:
            waiting.set()

    def touch_all(self) -> None:
        """Say that everything changed, known here or not."""
        self._start = next(self._numbers)
        self._versions.clear()
        while self._waiting:
            self._waiting.popitem()[1].set()

    def wait(self, key: str, since: int, seconds: float) -> int:
        """Return the version once it is another than ``since``, or after ``seconds``."""
        if self.version(key) == since:
            self._waiting.setdefault(key, Event()).wait(seconds)
        return self.version(key)
