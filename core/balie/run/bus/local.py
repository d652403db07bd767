"""Wake-ups within one process."""

import threading
from collections.abc import Sequence

from balie.api import Stopping, Wake

_MOST_WAITING = 100
"""So many wake-ups wait for a listener who is busy; the oldest of more is dropped."""


class Ear:
    """One listener. Costs two small objects and no thread, so that ten thousand may wait."""

    __slots__ = ("_bus", "_latch", "_news", "_seconds", "_skip", "_topics")

    def __init__(self, bus: "LocalBus", topics: Sequence[str], seconds: float, prefix: str) -> None:
        self._bus = bus
        self._topics = tuple(prefix + topic for topic in topics)
        self._skip = len(prefix)
        self._seconds = seconds
        self._news: dict[Wake, None] = {}
        self._latch = threading.Lock()  # held while there is no news

    def __enter__(self) -> "Ear":
        """Begin to listen."""
        self._latch.acquire()
        self._bus.add(self, self._topics)
        return self

    def __exit__(self, *_: object) -> None:
        """Listen no more."""
        self._bus.remove(self, self._topics)

    def wait(self) -> Sequence[Wake]:
        """Return what came, as soon as something has; nothing after a silence. Raises Stopping."""
        if not self._bus.is_closed:
            self._latch.acquire(timeout=self._seconds)
        if self._bus.is_closed:
            raise Stopping("this process is about to stop")
        if not self._news:
            return ()
        news, self._news = self._news, {}
        return [Wake(wake.topic[self._skip :], wake.text) for wake in news]

    def tell(self, wake: Wake) -> None:
        """Wake the listener. The same wake-up waiting twice is one."""
        if wake not in self._news and len(self._news) >= _MOST_WAITING:
            self._news.pop(next(iter(self._news)), None)
        self._news[wake] = None
        self.nudge()

    def nudge(self) -> None:
        """Let the listener look."""
        try:
            self._latch.release()
        except RuntimeError:
            return  # it has been let already

    def stir(self) -> None:
        """Let the listener look at all its topics: something may have been missed."""
        for topic in self._topics:
            self.tell(Wake(topic))


class LocalBus:
    """Wakes the ears of this process."""

    def __init__(self) -> None:
        self.is_closed = False
        self._ears: dict[str, dict[Ear, None]] = {}
        self._lock = threading.Lock()

    def publish(self, topic: str, text: str = "") -> None:
        """Wake all who listen to this topic."""
        self.deliver(Wake(topic, text))

    def subscribe(self, topics: Sequence[str], *, seconds: float, prefix: str = "") -> Ear:
        """Return an ear for these topics, to which so many seconds are a silence.

        They are published with the prefix and heard without it.
        """
        return Ear(self, topics, seconds, prefix)

    def deliver(self, wake: Wake) -> None:
        """Wake those who are in this process."""
        with self._lock:
            ears = tuple(self._ears.get(wake.topic, ()))
        for ear in ears:
            ear.tell(wake)

    def stir(self) -> None:
        """Let every listener look: something may have been missed."""
        with self._lock:
            ears = {ear for listening in self._ears.values() for ear in listening}
        for ear in ears:
            ear.stir()

    def close(self) -> None:
        """End all listening: the process is about to stop."""
        self.is_closed = True
        with self._lock:
            ears = {ear for listening in self._ears.values() for ear in listening}
        for ear in ears:
            ear.nudge()

    def add(self, ear: Ear, topics: Sequence[str]) -> None:
        """Let an ear hear of these topics."""
        with self._lock:
            for topic in topics:
                self._ears.setdefault(topic, {})[ear] = None

    def remove(self, ear: Ear, topics: Sequence[str]) -> None:
        """Let an ear hear no more."""
        with self._lock:
            for topic in topics:
                listening = self._ears.get(topic, {})
                listening.pop(ear, None)
                if not listening:
                    self._ears.pop(topic, None)

    def listening(self) -> int:
        """Return how many topics are listened to."""
        return len(self._ears)
