"""How often is too often: buckets that fill up by themselves, kept in this process."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

_MOST_BUCKETS = 50_000


@dataclass(slots=True)
class _Bucket:
    level: float
    at: float


class Throttle:
    """Buckets by name. Each process counts for itself: with several, a little more gets through."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._buckets: dict[tuple[str, str], _Bucket] = {}

    def wait(self, kind: str, name: str, *, burst: float, seconds: float) -> int:
        """Take one; return 0, or after how many seconds there is one again.

        A bucket holds ``burst`` and is full again ``seconds`` after it was empty.
        """
        now, rate = self._now(), burst / seconds
        bucket = self._buckets.get((kind, name))
        if bucket is None:
            self._make_room()
            bucket = self._buckets[kind, name] = _Bucket(burst, now)
        bucket.level = min(burst, bucket.level + (now - bucket.at) * rate)
        bucket.at = now
        if bucket.level >= 1:
            bucket.level -= 1
            return 0
        return max(1, math.ceil((1 - bucket.level) / rate))

    def spend(self, kind: str, name: str, more: float) -> None:
        """Take more of a bucket than :meth:`wait` took, now that it is known how much it was.

        It may go below empty: what was let in is in.
        """
        bucket = self._buckets.get((kind, name))
        if bucket is not None:
            bucket.level -= max(0.0, more)

    def _make_room(self) -> None:
        """Forget the buckets that were used longest ago: they are the fullest."""
        if len(self._buckets) >= _MOST_BUCKETS:
            oldest = sorted(self._buckets, key=lambda key: self._buckets[key].at)
            for key in oldest[: _MOST_BUCKETS // 10]:
                del self._buckets[key]
