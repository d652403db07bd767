"""Wake-ups for lanes: Huey in memory.

A wake-up is only a hint. The ledger is the truth, and the clock's sweep finds what was missed.
"""

import threading
from collections.abc import Callable
from typing import Any

from huey import MemoryHuey
from huey.consumer import Consumer
from huey.storage import MemoryStorage

_IDLE_SECONDS = 1.0


class _WaitingStorage(MemoryStorage):  # type: ignore[misc]  # huey has no types
    """Memory storage whose reader waits for news instead of looking every tenth of a second."""

    blocking = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._news = threading.Semaphore(0)

    def enqueue(self, data: bytes, priority: int | None = None) -> None:
        super().enqueue(data, priority)
        self._news.release()

    def dequeue(self) -> bytes | None:
        if not self._news.acquire(timeout=_IDLE_SECONDS):
            return None
        data: bytes | None = super().dequeue()
        return data


class _EmbeddedConsumer(Consumer):  # type: ignore[misc]  # huey has no types
    """A consumer inside another server, which owns the process's signals."""

    def _set_signal_handlers(self) -> None:
        pass


class LaneQueue:
    """Carries lane ids to the workers of this process. The same lane waiting twice is one."""

    def __init__(self, drain: Callable[[int], None], workers: int) -> None:
        self._huey = MemoryHuey("balie", storage_class=_WaitingStorage, results=False)
        self._pending: set[int] = set()
        self._drain = drain
        self._task = self._huey.task(name="drain")(self._work)
        self._consumer = _EmbeddedConsumer(
            self._huey,
            workers=workers,
            periodic=False,
            worker_type="greenlet" if _is_gevent() else "thread",
            check_worker_health=False,
        )

    def wake(self, lane_id: int) -> None:
        """Let a worker look at this lane soon."""
        if lane_id not in self._pending:
            self._pending.add(lane_id)
            self._task(lane_id)

    def start(self) -> None:
        """Start the workers."""
        self._consumer.start()

    def stop(self) -> None:
        """Let the workers finish the item in hand, and stop."""
        self._consumer.stop(graceful=True)

    def _work(self, lane_id: int) -> None:
        # Before draining, not after: what arrives while we drain must wake the lane once more.
        self._pending.discard(lane_id)
        self._drain(lane_id)


def _is_gevent() -> bool:
    from gevent import monkey  # noqa: PLC0415 -- only asked where a queue is made

    return bool(monkey.is_module_patched("socket"))
