"""Wake-ups through PostgreSQL's LISTEN and NOTIFY."""

from collections.abc import Sequence
from typing import Any

import psycopg

CHANNEL = "balie_bus"
_SEND = "SELECT pg_notify(%s, payload) FROM unnest(%s::text[]) AS payload"
_CONNECTION: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 10_000,  # milliseconds until a server that is gone is known to be
    "application_name": "balie bus",
}


class PostgresqlCarrier:
    """One connection (:class:`balie.run.bus.shared.Carrier`)."""

    def __init__(self, url: str) -> None:
        """``url`` is libpq's."""
        self._url = url
        self._connection: psycopg.Connection[tuple[object, ...]] | None = None
        self._listens = False

    def send(self, payloads: Sequence[str]) -> None:
        """Let all who listen have these."""
        self._open().execute(_SEND, (CHANNEL, list(payloads)))

    def receive(self, seconds: float) -> Sequence[str]:
        """Return what has come; wait so long where nothing has."""
        connection = self._open()
        if not self._listens:
            connection.execute(f"LISTEN {CHANNEL}")
            self._listens = True
        return [news.payload for news in connection.notifies(timeout=seconds, stop_after=1)]

    def close(self) -> None:
        """Give the connection back."""
        connection, self._connection, self._listens = self._connection, None, False
        if connection is not None:
            connection.close()

    def _open(self) -> "psycopg.Connection[tuple[object, ...]]":
        if self._connection is None:
            self._connection = psycopg.connect(self._url, autocommit=True, **_CONNECTION)
        return self._connection
