"""No connection may take all workers: a slow vendor must leave room for the others."""

import threading
from collections import OrderedDict, defaultdict


class Bulkhead:
    """At most so many lanes of one connection at a time, in this process; the rest wait in line."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._inside: defaultdict[int, int] = defaultdict(int)
        # In their order, and each found at once: there may be thousands.
        self._waiting: defaultdict[int, OrderedDict[int, None]] = defaultdict(OrderedDict)
        self._lock = threading.Lock()

    def enter(self, connection_id: int, lane_id: int) -> bool:
        """Take a place, or be remembered as waiting for one."""
        with self._lock:
            if self._inside[connection_id] < self._places:
                self._inside[connection_id] += 1
                return True
            self._waiting[connection_id].setdefault(lane_id)
            return False

    def leave(self, connection_id: int) -> int | None:
        """Give the place back. Returns the lane that waited longest, to be woken."""
        with self._lock:
            self._inside[connection_id] -= 1
            line = self._waiting[connection_id]
            if line:
                return line.popitem(last=False)[0]
            if not self._inside[connection_id]:
                del self._inside[connection_id]
                del self._waiting[connection_id]
            return None
