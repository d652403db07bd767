"""When the next write into a ticket may go: pure decisions from what was written before."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from balie.api import WriteBudget


def wait_seconds(budget: WriteBudget, writes: Sequence[datetime], now: datetime) -> float:
    """Return how long to wait before the next write; 0 means at once.

    ``writes`` are the times of earlier writes within the budget's window. While more than half
    of the budget is left, nothing waits. After that the rest is spread over the time until the
    oldest write leaves the window, and what comes meanwhile is filed together.
    """
    if not budget.writes:
        return budget.seconds
    window = timedelta(seconds=budget.seconds)
    # What a clock that was set back since says to be later was no later than now.
    counted = sorted(min(at, now) for at in writes if at > now - window)
    left = budget.writes - len(counted)
    if left > budget.writes / 2:
        return 0.0
    until_more = (counted[0] + window - now).total_seconds()
    if left <= 0:
        return max(until_more, 0.0)
    gap = until_more / left
    since_last = (now - counted[-1]).total_seconds()
    return max(gap - since_last, 0.0)
