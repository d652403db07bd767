"""No connection may take all workers: a slow vendor must leave room for the others."""

import threading
from collections import defaultdict, deque


class Bulkhead:
    """At most so many lanes of one connection at a time, in this process; the rest wait in line."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._inside: defaultdict[int, int] = defaultdict(int)
        self._waiting: defaultdict[int, deque[int]] = defaultdict(deque)
        self._lock = threading.Lock()

    def enter(self, connection_id: int, lane_id: int) -> bool:
        """Take a place, or be remembered as waiting for one."""
        with self._lock:
            if self._inside[connection_id] < self._places:
                self._inside[connection_id] += 1
                return True
            if lane_id not in self._waiting[connection_id]:
                self._waiting[connection_id].append(lane_id)
            return False

    def leave(self, connection_id: int) -> int | None:
        """Give the place back. Returns the lane that waited longest, to be woken."""
        with self._lock:
            self._inside[connection_id] -= 1
            line = self._waiting[connection_id]
            if line:
                return line.popleft()
            if not self._inside[connection_id]:
                del self._inside[connection_id]
                del self._waiting[connection_id]
            return None
