"""Wake-ups for lanes: huey's workers, on a queue in memory, on Redis or on PostgreSQL.

A wake-up is a lane's number and nothing else, and only a hint. The ledger is the truth, and the
clock's sweep finds what was missed.
"""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from huey import Huey
from huey.consumer import Consumer

from balie.run.queue_memory import MemoryWakes
from balie.run.queue_outbox import RETRY_SECONDS, Link, Outbox, Wakes

FINISH_SECONDS = 26
"""How long the items in hand may take when the process stops. What takes longer is left as by a
crash: its lane opens when its lease ends."""
PRIORITY_LIMIT = 100

_TURN_SECONDS = 1.0

_log = structlog.get_logger("queue")


class LaneQueue:
    """Carries lane ids to the workers, of this process or of all. A lane waiting twice is one."""

    def __init__(
        self, drain: Callable[[int], None], workers: int, wakes: Wakes | None = None
    ) -> None:
        """``wakes`` is shared with other processes; without, they stay in this one."""
        self._link = Link()
        self._here = MemoryWakes()
        self._outbox = None if wakes is None else Outbox(wakes, self._link, self._unsent)
        self._wakes: Wakes = wakes or self._here
        self._lanes = _Lanes(self._wakes, self._here, drain, self._link)
        self._workers = workers
        self._consumer: Consumer | None = None

    def wake(self, lane_id: int, priority: int = 0) -> None:
        """Let a worker look at this lane soon; the higher the priority, the sooner.

        Never raises and never waits. ``priority`` is between plus and minus
        :data:`PRIORITY_LIMIT`.
        """
        priority = max(-PRIORITY_LIMIT, min(priority, PRIORITY_LIMIT))
        if self._outbox is None:
            self._wakes.push({lane_id: priority})
        else:
            self._outbox.add(lane_id, priority)

    @property
    def is_away(self) -> bool:
        """Say whether the queue that is shared with others is out of reach."""
        return not self._link.is_up

    def wake_here(self, lane_id: int, priority: int = 0) -> None:
        """Let a worker of this process look at this lane, though the shared queue is away."""
        self._here.push({lane_id: priority})

    def start(self, *, works: bool = True) -> None:
        """Start sending wake-ups and, where this process ``works``, the workers."""
        if self._outbox is not None:
            self._outbox.start()
        if works:
            self._consumer = _EmbeddedConsumer(
                self._lanes,
                workers=self._workers,
                periodic=False,
                scheduler_interval=60,
                worker_type="greenlet" if _is_gevent() else "thread",
                check_worker_health=False,
                shutdown_timeout=FINISH_SECONDS,
            )
            self._consumer.start()

    def stop(self) -> None:
        """Let the workers finish the item in hand, send what must be woken, and stop."""
        self._lanes.is_closing = True
        if self._consumer is not None:
            self._consumer.stop(graceful=True)
        if self._outbox is not None:
            self._outbox.stop()
        self._wakes.close()

    def _unsent(self, wakes: Mapping[int, int]) -> None:
        if self._consumer is not None:
            self._here.push(wakes)


class _Lanes(Huey):  # type: ignore[misc]  # huey has no types
    """Huey with one task, known to all, whose message is its lane's number: no pickle."""

    def __init__(
        self, wakes: Wakes, here: MemoryWakes, drain: Callable[[int], None], link: Link
    ) -> None:
        self.is_closing = False
        self._wakes = wakes
        self._here = here
        self._try_again = 0.0
        self._drain = drain
        self._link = link
        self._turn = threading.Lock()
        super().__init__("balie", results=False)

    def get_storage(self, **_: Any) -> Wakes:
        return self._wakes

    def read_schedule(self, *_: Any) -> list[Any]:
        return []  # what is due later stands in the ledger

    def dequeue(self) -> int | None:
        # One reader at a time, so that a process needs one connection however many workers it has.
        if not self._turn.acquire(timeout=_TURN_SECONDS):
            return None
        try:
            data = None if self.is_closing else self._read()
        finally:
            self._turn.release()
        try:
            return None if data is None else int(data)
        except ValueError:
            _log.warning("wake_up_unreadable", length=len(data or b""))
            return None

    def execute(self, lane_id: int, *_: Any) -> None:
        try:
            self._drain(lane_id)
        except Exception:  # noqa: BLE001 -- a worker must outlive whatever happens in a lane
            _log.exception("drain_failed", lane=lane_id)

    def _read(self) -> bytes | None:
        """Read the shared queue; while it is away, what this process finds by itself."""
        left_over = self._here is not self._wakes and self._here.queue_size() > 0
        due = time.monotonic() >= self._try_again
        if (self._link.is_up and not left_over) or (not self._link.is_up and due):
            try:
                data = self._wakes.dequeue()
            except Exception as error:  # noqa: BLE001 -- of whichever client; only a hint
                self._link.failed(error)
                self._try_again = time.monotonic() + RETRY_SECONDS
            else:
                self._link.worked()
                return data
        return self._here.dequeue()


class _EmbeddedConsumer(Consumer):  # type: ignore[misc]  # huey has no types
    """A consumer inside a process that minds its signals itself."""

    def _set_signal_handlers(self) -> None:
        pass


def _is_gevent() -> bool:
    from gevent import monkey  # noqa: PLC0415 -- only asked where a queue is made

    return bool(monkey.is_module_patched("socket"))
