"""No connection may take all workers: a slow vendor must leave room for the others."""

import threading
from collections import OrderedDict, defaultdict

_Line = OrderedDict[int, None]


class Bulkhead:
    """At most so many lanes of one connection at a time, in this process; the rest wait in line."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._inside: defaultdict[int, int] = defaultdict(int)
        # By priority, in their order, and each found at once: there may be thousands.
        self._waiting: defaultdict[int, dict[int, _Line]] = defaultdict(dict)
        self._lock = threading.Lock()

    def enter(self, connection_id: int, lane_id: int, priority: int) -> bool:
        """Take a place, or be remembered as waiting for one."""
        with self._lock:
            if self._inside[connection_id] < self._places:
                self._inside[connection_id] += 1
                return True
            lines = self._waiting[connection_id]
            lines.setdefault(priority, OrderedDict()).setdefault(lane_id)
            return False

    def leave(self, connection_id: int) -> tuple[int, int] | None:
        """Give the place back. Returns the lane to be woken and its priority.

        It is the one of the highest priority, and of those the one that waited longest.
        """
        with self._lock:
            self._inside[connection_id] -= 1
            lines = self._waiting[connection_id]
            if lines:
                priority = max(lines)
                lane_id, _ = lines[priority].popitem(last=False)
                if not lines[priority]:
                    del lines[priority]
                return lane_id, priority
            if not self._inside[connection_id]:
                del self._inside[connection_id]
                del self._waiting[connection_id]
            return None
