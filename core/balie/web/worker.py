"""gunicorn's gevent worker, made to stop without waiting for connections that only idle."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import gevent
from gunicorn.http.errors import NoMoreData
from gunicorn.workers.ggevent import GeventWorker


class PromptWorker(GeventWorker):  # type: ignore[misc]  # gunicorn has no types
    """Answers what it is answering, then goes. Streams are ended: they would go on for ever.

    Vendors and proxies keep connections open between requests. gunicorn would wait for each of
    them until its graceful time-out, and then kill what runs beside.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._idle: set[gevent.Greenlet] = set()

    def timeout_ctx(self) -> AbstractContextManager[None]:
        """Know a connection as idle while it waits for its next request."""
        return self._waiting(super().timeout_ctx())

    def handle_exit(self, sig: int, frame: object) -> None:
        """Stop; called in the signal handler, so the closing is left to a greenlet."""
        super().handle_exit(sig, frame)
        gevent.spawn(self._close_idle)

    @contextmanager
    def _waiting(self, timeout: AbstractContextManager[Any]) -> Iterator[None]:
        if not self.alive:  # what ended meanwhile, such as a stream, has no next request
            raise NoMoreData
        current = gevent.getcurrent()
        self._idle.add(current)
        try:
            with timeout:
                yield
        finally:
            self._idle.discard(current)

    def _close_idle(self) -> None:
        self.app.end_streams()
        gevent.killall(list(self._idle), exception=NoMoreData, block=False)
