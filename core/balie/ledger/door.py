"""Where events come in: durable, once, and counted, before the sender hears 200."""

import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from balie.api import Accepted, Clock
from balie.ledger.inserts import LaneToWake
from balie.ledger.rows import NewItem, stored_dedupe, write_items
from balie.store import Store, StoreBusy, StoreUnavailable

MOST_TOGETHER = 64
"""Submissions in one commit: with more, those that came first wait for those that came last."""
ALONE_SECONDS = 0.5
"""So long submissions are tried one by one, to find those whose lanes somebody keeps locked."""


class Wake(Protocol):
    """Lets a worker look at a lane soon, those of a higher priority first. Only a hint."""

    def __call__(self, lane_id: int, priority: int = 0, /) -> None:
        """Wake the lane."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What one webhook brought for one connection, as items."""

    tenant_id: int
    connection_id: int
    items: tuple[NewItem, ...]


@dataclass(slots=True, eq=False)
class _Waiting:
    submission: Submission
    accepted: Accepted | None = None
    error: Exception | None = None
    lanes: tuple[LaneToWake, ...] = ()


class Door:
    """Accepts submissions. Those that arrive together share one commit."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        wake: Wake,
        remember: Callable[[LaneToWake], None] | None = None,
    ) -> None:
        """``remember`` is told what is known of a lane, to spare whoever works it the look."""
        self._store = store
        self._clock = clock
        self._wake = wake
        self._remember = remember
        self._queue: deque[_Waiting] = deque()
        self._turn = threading.Lock()

    def accept(self, submission: Submission) -> Accepted:
        """Commit the items that are new, then wake their lanes.

        Raises StoreUnavailable when they could not be committed; then nothing was. It says so
        before vendors give the request up, also where somebody keeps a lane locked.
        """
        if not submission.items:
            return Accepted(0, 0)
        mine = _Waiting(submission)
        self._queue.append(mine)
        # Under gevent this lets the requests that are already readable join this commit, and
        # keeps one busy keep-alive connection from starving the others.
        time.sleep(0)
        with self._turn:
            while self._queue and mine.accepted is None and mine.error is None:
                self._commit_all()
        if mine.error is not None:
            raise mine.error
        assert mine.accepted is not None  # noqa: S101 -- _commit_all sets one of the two; for mypy
        for lane in mine.lanes:
            if self._remember is not None:
                self._remember(lane)
            self._wake(lane.id, lane.priority)
        return mine.accepted

    def _commit_all(self) -> None:
        together: list[_Waiting] = []
        while self._queue and len(together) < MOST_TOGETHER:  # a thread may join while we take
            together.append(self._queue.popleft())
        try:
            self._commit(together)
        except Exception as error:  # noqa: BLE001 -- each sender must hear of its own outcome
            is_busy = isinstance(error, StoreBusy)
            if len(together) == 1 and not is_busy:
                together[0].error = error
            else:
                self._commit_each(together, brief=is_busy)

    def _commit_each(self, together: Sequence[_Waiting], *, brief: bool) -> None:
        """Commit apart: one bad submission must not fail those that happened to come with it.

        Nor must one whose lane is locked hold up the others.
        """
        away: StoreUnavailable | None = None
        until = time.monotonic() + ALONE_SECONDS
        for waiting in together:
            if away is not None:
                waiting.error = away  # without another wait for the database's time-out
                continue
            try:
                self._commit([waiting], brief=brief)
            except StoreUnavailable as own:
                waiting.error = own
                if not isinstance(own, StoreBusy) or time.monotonic() > until:
                    away = own
            except Exception as own:  # noqa: BLE001 -- raised again in its sender's greenlet
                waiting.error = own

    def _commit(self, together: Sequence[_Waiting], *, brief: bool = False) -> None:
        now = self._clock.now()
        items = [item for waiting in together for item in waiting.submission.items]
        store = self._store
        with store.connection(brief=True) if brief else store.statement() as connection:
            written = write_items(connection, items, now, repeats=True)
        outcomes = _shared_out(together, written.new)
        for waiting in together:
            waiting.accepted = outcomes[waiting]
        # The first of them wakes the lanes of all.
        together[0].lanes = written.lanes


def _shared_out(
    together: Sequence[_Waiting], new: Collection[tuple[int, str]]
) -> dict[_Waiting, Accepted]:
    """Say for each submission how many of its items were new; a twin's are the first one's."""
    left = set(new)
    outcomes = {}
    for waiting in together:
        keys = {(item.connection_id, stored_dedupe(item)) for item in waiting.submission.items}
        mine = keys & left
        left -= mine
        outcomes[waiting] = Accepted(len(mine), len(waiting.submission.items) - len(mine))
    return outcomes
