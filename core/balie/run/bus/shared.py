"""Wake-ups between processes: one connection that listens, one that sends, each when needed."""

import threading
import uuid
from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol

import structlog

from balie.api import Wake
from balie.run.bus.local import Ear, LocalBus

RETRY_SECONDS = 1.0
LISTEN_SECONDS = 1.0
"""How long the listener waits for news before it looks whether it should stop."""
_MOST_UNSENT = 10_000
_MOST_BYTES = 1_000

_log = structlog.get_logger("bus")


class Carrier(Protocol):
    """One connection to what processes share. Opened by its first use, by one thread only."""

    def send(self, payloads: Sequence[str]) -> None:
        """Let all who listen have these."""

    def receive(self, seconds: float) -> Sequence[str]:
        """Return what has come; wait so long where nothing has."""

    def close(self) -> None:
        """Give the connection back, so that the next use opens a new one."""


class SharedBus(LocalBus):
    """Wakes the ears of all processes. One that has no ears opens no connection to listen."""

    def __init__(self, carrier: Callable[[], Carrier]) -> None:
        """``carrier`` makes a connection that is not open yet."""
        super().__init__()
        self._mark = uuid.uuid4().hex[:8]
        self._make = carrier
        self._unsent: deque[str] = deque(maxlen=_MOST_UNSENT)
        self._news = threading.Event()
        self._threads: dict[str, threading.Thread] = {}
        self._starting = threading.Lock()
        self.hears = False

    def publish(self, topic: str, text: str = "") -> None:
        """Wake all who listen to this topic, here and elsewhere. Never waits."""
        super().publish(topic, text)
        if len(topic.encode()) + len(text.encode()) > _MOST_BYTES:
            text = ""
        self._unsent.append(f"{self._mark}\n{topic}\n{text}")
        self._news.set()
        self._have("bus-out", self._send)

    def subscribe(self, topics: Sequence[str], *, seconds: float, prefix: str = "") -> Ear:
        """Return an ear for these topics."""
        self._have("bus-in", self._listen)
        return super().subscribe(topics, seconds=seconds, prefix=prefix)

    def close(self) -> None:
        """Send what waits, end all listening, give the connections back."""
        super().close()
        self._news.set()
        for thread in self._threads.values():
            thread.join(2 * LISTEN_SECONDS)

    def _have(self, name: str, run: Callable[[], None]) -> None:
        if name in self._threads or self.is_closed:
            return
        with self._starting:
            if name not in self._threads:
                thread = threading.Thread(target=run, name=name, daemon=True)
                self._threads[name] = thread
                thread.start()

    def _send(self) -> None:
        carrier, line, rest = self._make(), _Line("sending"), threading.Event()
        while not self.is_closed or self._unsent:
            self._news.wait()
            self._news.clear()
            payloads = _taken(self._unsent)
            if not payloads:
                continue
            try:
                carrier.send(payloads)
            except Exception as error:  # noqa: BLE001 -- of whichever client; only wake-ups
                carrier.close()
                line.failed(error)
                if not self.is_closed:
                    rest.wait(RETRY_SECONDS)
            else:
                line.worked()
        carrier.close()

    def _listen(self) -> None:
        carrier, line, rest = self._make(), _Line("listening"), threading.Event()
        while not self.is_closed:
            try:
                # The first look opens the connection and waits for nothing.
                payloads = carrier.receive(LISTEN_SECONDS if self.hears else 0.0)
            except Exception as error:  # noqa: BLE001 -- of whichever client; only wake-ups
                carrier.close()
                line.failed(error)
                self.hears = False
                rest.wait(RETRY_SECONDS)
                continue
            line.worked()
            if not self.hears:
                self.stir()  # of what was published while nobody listened, nothing came
                self.hears = True
            for payload in payloads:
                self._hear(payload)
        carrier.close()

    def _hear(self, payload: str) -> None:
        mark, _, rest = payload.partition("\n")
        topic, _, text = rest.partition("\n")
        if mark != self._mark:
            self.deliver(Wake(topic, text))


def _taken(unsent: deque[str]) -> list[str]:
    taken: dict[str, None] = {}
    while unsent:
        taken[unsent.popleft()] = None
    return list(taken)


class _Line:
    """Whether the others are reached. Says so in the log once each way."""

    def __init__(self, way: str) -> None:
        self._way = way
        self._is_up = True

    def failed(self, error: Exception) -> None:
        if self._is_up:
            self._is_up = False
            _log.warning("bus_away", way=self._way, error=str(error) or type(error).__name__)

    def worked(self) -> None:
        if not self._is_up:
            self._is_up = True
            _log.warning("bus_back", way=self._way)
