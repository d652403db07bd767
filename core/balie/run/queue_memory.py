"""Wake-ups within one process."""

import heapq
import threading
from collections.abc import Mapping
from itertools import count

from huey.storage import BaseStorage

READ_SECONDS = 1.0
"""How long a reader waits for news before it looks whether it should stop."""


class MemoryWakes(BaseStorage):  # type: ignore[misc]  # huey has no types
    """A heap of lanes. The same lane waiting twice is one, with the higher priority."""

    blocking = True

    def __init__(self) -> None:
        super().__init__("balie")
        self._heap: list[tuple[int, int, int]] = []
        self._ranks: dict[int, int] = {}
        self._count = count()
        self._news = threading.Condition()

    def push(self, wakes: Mapping[int, int]) -> None:
        """Add lanes with their priorities."""
        with self._news:
            for lane_id, priority in wakes.items():
                rank = self._ranks.get(lane_id)
                if rank is None or -priority < rank:
                    self._ranks[lane_id] = -priority
                    heapq.heappush(self._heap, (-priority, next(self._count), lane_id))
            self._news.notify()

    def enqueue(self, data: bytes, priority: int | None = None) -> None:
        """Add one lane, as huey does."""
        self.push({int(data): priority or 0})

    def dequeue(self) -> bytes | None:
        """Take the first lane out; wait a little where there is none."""
        with self._news:
            lane_id = self._pop()
            if lane_id is None and self._news.wait(READ_SECONDS):
                lane_id = self._pop()
        return None if lane_id is None else b"%d" % lane_id

    def queue_size(self) -> int:
        """Return how many lanes wait."""
        return len(self._ranks)

    def _pop(self) -> int | None:
        while self._heap:
            rank, _, lane_id = heapq.heappop(self._heap)
            if self._ranks.get(lane_id) == rank:  # else it was taken out with a higher priority
                del self._ranks[lane_id]
                return lane_id
        return None
