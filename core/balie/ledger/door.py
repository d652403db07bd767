"""Where events come in: durable, once, and counted, before the sender hears 200."""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, insert

from balie.api import Clock
from balie.ledger.models import LedgerReceipt
from balie.ledger.rows import NewItem, write_items
from balie.store import Store

Wake = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What one webhook brought for one connection, as items."""

    tenant_id: int
    connection_id: int
    items: tuple[NewItem, ...]


@dataclass(frozen=True, slots=True)
class Accepted:
    """How many events were new, and how many had come before."""

    new: int
    duplicates: int


@dataclass(slots=True)
class _Waiting:
    submission: Submission
    accepted: Accepted | None = None
    error: Exception | None = None
    lane_ids: tuple[int, ...] = field(default=())


class Door:
    """Accepts submissions. Those that arrive together share one commit."""

    def __init__(self, store: Store, clock: Clock, wake: Wake) -> None:
        self._store = store
        self._clock = clock
        self._wake = wake
        self._queue: deque[_Waiting] = deque()
        self._turn = threading.Lock()

    def accept(self, submission: Submission) -> Accepted:
        """Commit the items that are new, then wake their lanes.

        Raises StoreUnavailable when they could not be committed; then nothing was.
        """
        mine = _Waiting(submission)
        self._queue.append(mine)
        # Under gevent this lets the requests that are already readable join this commit, and
        # keeps one busy keep-alive connection from starving the others.
        time.sleep(0)
        with self._turn:
            if mine.accepted is None and mine.error is None:
                self._commit_all()
        if mine.error is not None:
            raise mine.error
        assert mine.accepted is not None  # noqa: S101 -- _commit_all sets one of the two; for mypy
        for lane_id in mine.lane_ids:
            self._wake(lane_id)
        return mine.accepted

    def _commit_all(self) -> None:
        together = list(self._queue)
        self._queue.clear()
        try:
            self._commit(together)
        except Exception as error:  # noqa: BLE001 -- each sender must hear of its own outcome
            if len(together) == 1:
                together[0].error = error
                return
            # One bad submission must not fail those that happened to arrive with it.
            for waiting in together:
                try:
                    self._commit([waiting])
                except Exception as own:  # noqa: BLE001 -- raised again in its sender's greenlet
                    waiting.error = own

    def _commit(self, together: Sequence[_Waiting]) -> None:
        with self._store.connection() as connection:
            outcomes = [self._write(connection, waiting.submission) for waiting in together]
        for waiting, (accepted, lane_ids) in zip(together, outcomes, strict=True):
            waiting.accepted = accepted
            waiting.lane_ids = lane_ids

    def _write(
        self, connection: Connection, submission: Submission
    ) -> tuple[Accepted, tuple[int, ...]]:
        now = self._clock.now()
        if not submission.items:
            return Accepted(0, 0), ()
        written = write_items(connection, submission.items, now)
        accepted = Accepted(len(written.new), len(submission.items) - len(written.new))
        connection.execute(
            insert(LedgerReceipt),
            {
                "tenant_id": submission.tenant_id,
                "connection_id": submission.connection_id,
                "at": now,
                "accepted": accepted.new,
                "duplicates": accepted.duplicates,
            },
        )
        return accepted, written.lane_ids
