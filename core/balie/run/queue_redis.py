"""Wake-ups between processes through Redis, 6.2 or newer."""

import time
from collections.abc import Mapping

from huey.storage import PriorityRedisStorage
from redis import ConnectionPool
from redis.backoff import NoBackoff
from redis.exceptions import TimeoutError as RedisTimeout
from redis.retry import Retry

READ_SECONDS = 1
ANSWER_SECONDS = 3
"""A Redis that does not answer for so long is away."""
_STEP = 10**13
"""Between two priorities: more milliseconds than have passed since 1970, and still exact."""


class RedisWakes(PriorityRedisStorage):  # type: ignore[misc]  # huey has no types
    """A sorted set of lanes. Its members are the lanes themselves, so a lane waits in it once."""

    def __init__(self, url: str) -> None:
        """``url`` is redis://, rediss:// or unix://. Opens no connection yet."""
        pool = ConnectionPool.from_url(
            url,
            socket_connect_timeout=ANSWER_SECONDS,
            socket_timeout=ANSWER_SECONDS,
            socket_keepalive=True,
            retry=Retry(NoBackoff(), 1),
        )
        super().__init__("balie", connection_pool=pool, read_timeout=READ_SECONDS)

    def push(self, wakes: Mapping[int, int]) -> None:
        """Add lanes with their priorities; one that waits already keeps the better place."""
        now = time.time_ns() // 1_000_000
        places = {lane_id: now - priority * _STEP for lane_id, priority in wakes.items()}
        self.conn.zadd(self.queue_key, places, lt=True)

    def enqueue(self, data: bytes, priority: int | None = None) -> None:
        """Add one lane, as huey does."""
        self.push({int(data): priority or 0})

    def dequeue(self) -> bytes | None:
        """Take the first lane out; wait a little where there is none."""
        try:
            found = self.conn.bzpopmin(self.queue_key, timeout=self.read_timeout)
        except RedisTimeout:
            return None
        return None if found is None else bytes(found[1])

    def close(self) -> None:
        """Give the connections back."""
        self.pool.disconnect()
