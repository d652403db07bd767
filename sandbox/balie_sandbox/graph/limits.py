"""How fast a number may send (reference/whatsapp.md 8.5)."""

from collections import deque
from datetime import datetime

PAIR_BURST = 45
PAIR_SECONDS_PER_MESSAGE = 6.0


class Limits:
    """Counts what every number sends; the caller decides whether to enforce."""

    def __init__(self) -> None:
        #: By (number id, wa_id): messages left, and when that was last reckoned.
        self._pairs: dict[tuple[str, str], tuple[float, datetime]] = {}
        self._recent: dict[str, deque[datetime]] = {}

    def take_pair(self, number_id: str, wa_id: str, now: datetime) -> bool:
        """Use up one message to this customer; False when 131056 is due.

        One message per 6 seconds comes back, up to the burst of 45.
        """
        left, since = self._pairs.get((number_id, wa_id), (float(PAIR_BURST), now))
        left = min(PAIR_BURST, left + (now - since).total_seconds() / PAIR_SECONDS_PER_MESSAGE)
        allowed = left >= 1
        self._pairs[number_id, wa_id] = (left - 1 if allowed else left, now)
        return allowed

    def take_throughput(self, number_id: str, now: datetime, per_second: int) -> bool:
        """Use up one message of this number's second; False when 130429 is due.

        Messages in both directions count.
        """
        recent = self._recent.setdefault(number_id, deque())
        while recent and (now - recent[0]).total_seconds() >= 1:
            recent.popleft()
        if len(recent) >= per_second:
            return False
        recent.append(now)
        return True
