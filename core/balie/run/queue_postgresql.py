"""Wake-ups between processes through PostgreSQL's LISTEN and NOTIFY."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from huey.storage import PostgresStorage

READ_SECONDS = 1
_CONNECTION = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 10_000,  # milliseconds until a server that is gone is known to be
    "application_name": "balie wake-ups",
}

# Whatever a server, a database or a role says of it.
_PINNED = "SET default_transaction_isolation TO 'read committed'"
# Sorted, so that two who wake the same lanes cannot deadlock. And one statement, which commits by
# itself: a process that is frozen keeps no lane's wake-ups locked.
_PUSH = """
WITH pushed AS (
    INSERT INTO wake_up (lane_id, rank, woken_at)
    SELECT lane_id, rank, clock_timestamp()
    FROM unnest(%s::bigint[], %s::int[]) AS woken (lane_id, rank) ORDER BY lane_id
    ON CONFLICT (lane_id) DO UPDATE SET rank = excluded.rank WHERE wake_up.rank > excluded.rank
)
SELECT pg_notify(%s, '')
"""
_POP = """
DELETE FROM wake_up WHERE lane_id = (
    SELECT lane_id FROM wake_up ORDER BY rank, woken_at LIMIT 1 FOR UPDATE SKIP LOCKED
) RETURNING lane_id
"""


class PostgresqlWakes(PostgresStorage):  # type: ignore[misc]  # huey has no types
    """A table of lanes, one row a lane. Our migrations make it, not huey.

    One connection listens and another asks and writes, for the whole process: the queue lets one
    reader in at a time.
    """

    def __init__(self, url: str) -> None:
        """``url`` is libpq's. Opens no connection yet."""
        super().__init__(
            "balie", dsn=url, create_tables=False, read_timeout=READ_SECONDS, **_CONNECTION
        )
        self._listen_local = SimpleNamespace()  # huey would have one for every greenlet

    def push(self, wakes: Mapping[int, int]) -> None:
        """Add lanes with their priorities; one that waits already keeps the better place."""
        ranks = [-priority for priority in wakes.values()]
        with self.db() as cursor:
            cursor.execute(_PUSH, (list(wakes), ranks, self.channel))

    def enqueue(self, data: bytes, priority: int | None = None) -> None:
        """Add one lane, as huey does."""
        self.push({int(data): priority or 0})

    def dequeue(self) -> bytes | None:
        """Take the first lane out; wait a little where there is none."""
        self._listen_conn()  # before the first look, so that no news falls in between
        data: bytes | None = super().dequeue()
        return data

    def queue_size(self) -> int:
        """Return how many lanes wait."""
        return int(self.sql("SELECT count(*) FROM wake_up", results=True)[0][0])

    def _create_connection(self) -> Any:
        connection = super()._create_connection()
        connection.execute(_PINNED)
        return connection

    def _dequeue(self) -> bytes | None:
        with self.db() as cursor:
            row = cursor.execute(_POP).fetchone()
        return None if row is None else b"%d" % row[0]
