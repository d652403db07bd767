"""How much a business may do, and how fast (reference/whatsapp.md 8.4 and 8.5)."""

from collections import deque
from datetime import datetime, timedelta

PAIR_BURST = 45
PAIR_SECONDS_PER_MESSAGE = 6.0
DAY = timedelta(hours=24)

#: Customers outside the window in 24 hours, by what the tier is called; None: no limit.
TIERS: dict[str, int | None] = {
    "TIER_50": 50,
    "TIER_250": 250,
    "TIER_1K": 1000,
    "TIER_2K": 2000,
    "TIER_10K": 10_000,
    "TIER_100K": 100_000,
    "TIER_UNLIMITED": None,
}


class Limits:
    """Counts what every number and account does; the caller decides whether to enforce."""

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
        return self.take(f"messages {number_id}", now, per_second, 1) is not None

    def take(self, key: str, now: datetime, most: int, seconds: float) -> int | None:
        """Use up one of ``most`` in ``seconds`` and return how many are used, or None."""
        recent = self._recent.setdefault(key, deque())
        while recent and (now - recent[0]).total_seconds() >= seconds:
            recent.popleft()
        if len(recent) >= most:
            return None
        recent.append(now)
        return len(recent)


def tier_is_full(reached: dict[str, datetime], wa_id: str, now: datetime, most: int | None) -> bool:
    """Say whether this customer would be one too many outside the window in 24 hours."""
    if most is None:
        return False
    others = sum(now - at < DAY for other, at in reached.items() if other != wa_id)
    return others >= most
