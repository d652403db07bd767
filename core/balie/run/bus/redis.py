"""Wake-ups through Redis' publish and subscribe."""

from collections.abc import Sequence
from typing import Any

from redis import Redis

CHANNEL = "balie:bus"
ANSWER_SECONDS = 3
"""A Redis that does not answer for so long is away."""


class RedisCarrier:
    """One connection (:class:`balie.run.bus.shared.Carrier`)."""

    def __init__(self, url: str) -> None:
        """``url`` is redis://, rediss:// or unix://."""
        self._client: Any = Redis.from_url(
            url,
            socket_connect_timeout=ANSWER_SECONDS,
            socket_timeout=ANSWER_SECONDS,
            socket_keepalive=True,
            decode_responses=True,
        )
        self._ear: Any = None

    def send(self, payloads: Sequence[str]) -> None:
        """Let all who listen have these."""
        with self._client.pipeline(transaction=False) as pipeline:
            for payload in payloads:
                pipeline.publish(CHANNEL, payload)
            pipeline.execute()

    def receive(self, seconds: float) -> Sequence[str]:
        """Return what has come; wait so long where nothing has."""
        if self._ear is None:
            self._ear = self._client.pubsub(ignore_subscribe_messages=True)
            self._ear.subscribe(CHANNEL)
        message = self._ear.get_message(timeout=seconds)
        return [] if message is None else [str(message["data"])]

    def close(self) -> None:
        """Give the connection back."""
        ear, self._ear = self._ear, None
        if ear is not None:
            ear.close()
        self._client.close()
