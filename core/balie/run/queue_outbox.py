"""Wake-ups on their way out of this process. None is worth waiting for, and none an error."""

import threading
from collections.abc import Callable, Mapping
from typing import Protocol

import structlog

RETRY_SECONDS = 1.0

_log = structlog.get_logger("queue")


class Wakes(Protocol):
    """Where wake-ups wait: huey's storage, with lanes and priorities."""

    def push(self, wakes: Mapping[int, int]) -> None:
        """Add lanes with their priorities, the higher the sooner."""

    def dequeue(self) -> bytes | None:
        """Take the first lane out, as digits; wait a little where there is none."""

    def close(self) -> object:
        """Give the connections back."""


class Link:
    """Whether the queue is reached. Says so in the log once each way."""

    def __init__(self) -> None:
        self.is_up = True

    def failed(self, error: Exception) -> None:
        """The queue could not be reached."""
        if self.is_up:
            self.is_up = False
            reason = str(error) or type(error).__name__
            _log.warning("queue_away", error=reason, meanwhile="workers look for what is due")

    def worked(self) -> None:
        """The queue was reached."""
        if not self.is_up:
            self.is_up = True
            _log.warning("queue_back")


class Outbox:
    """Sends wake-ups from one thread, those that come together in one go.

    Who wakes never waits and never hears of a failure. The lanes are due in the database, so a
    wake-up that is dropped costs a second.
    """

    def __init__(
        self, wakes: Wakes, link: Link, unsent: Callable[[Mapping[int, int]], None]
    ) -> None:
        """``unsent`` gets what could not be sent."""
        self._wakes = wakes
        self._link = link
        self._unsent = unsent
        self._waiting: dict[int, int] = {}
        self._lock = threading.Lock()
        self._news = threading.Event()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def add(self, lane_id: int, priority: int) -> None:
        """Have this lane woken. The same lane waiting twice is one."""
        with self._lock:
            self._waiting[lane_id] = max(priority, self._waiting.get(lane_id, priority))
        self._news.set()

    def start(self) -> None:
        """Start sending."""
        self._thread = threading.Thread(target=self._run, name="outbox", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Send what waits, once, and stop."""
        self._stopped.set()
        self._news.set()
        if self._thread is not None:
            self._thread.join()
            self._send()

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._news.wait()
            self._news.clear()
            if not self._send():
                self._stopped.wait(RETRY_SECONDS)

    def _send(self) -> bool:
        with self._lock:
            wakes, self._waiting = self._waiting, {}
        if not wakes:
            return True
        try:
            self._wakes.push(wakes)
        except Exception as error:  # noqa: BLE001 -- of whichever client; a wake-up is only a hint
            self._link.failed(error)
            self._unsent(wakes)
            return False
        self._link.worked()
        return True
