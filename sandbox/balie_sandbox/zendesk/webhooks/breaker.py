"""The circuit breaker: a webhook that keeps failing is left alone for a while (reference 4.3).

What would have been sent meanwhile is written down as "circuit broken" and never sent. Zendesk
names the share and the number of errors and the five minutes, but not how few requests are too
few to judge, nor how long the pause is; both are settings.
"""

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

from balie_sandbox.zendesk.settings import AccountSettings

WINDOW = timedelta(minutes=5)
FAILING_SHARE = 0.7
MANY_ERRORS = 1000


class Breaker:
    """Outcomes of the last five minutes, and until when nothing is sent, by webhook."""

    def __init__(self, now: Callable[[], datetime], settings: AccountSettings) -> None:
        self._now = now
        self._settings = settings
        self._outcomes: dict[str, deque[tuple[datetime, bool]]] = {}
        self._open_until: dict[str, datetime] = {}
        self._sent: dict[str, deque[datetime]] = {}

    def verdict(self, webhook_id: str) -> str | None:
        """Why the webhook may not send now, in the word of its log; None when it may."""
        now = self._now()
        if self._open_until.get(webhook_id, now) > now:
            return "circuit broken"
        sent = self._sent.setdefault(webhook_id, deque())
        while sent and sent[0] <= now - timedelta(minutes=1):
            sent.popleft()
        limit = self._settings.invocation_limit
        if limit and len(sent) >= limit:
            return "throttled"
        sent.append(now)
        return None

    def write(self, webhook_id: str, *, success: bool) -> None:
        """Take down an attempt's outcome, and open where there were too many errors."""
        now = self._now()
        outcomes = self._outcomes.setdefault(webhook_id, deque(maxlen=MANY_ERRORS * 2))
        outcomes.append((now, success))
        while outcomes[0][0] <= now - WINDOW:
            outcomes.popleft()
        if success or not self._settings.breaker_on:
            return
        errors = sum(not good for _, good in outcomes)
        judged = len(outcomes) >= self._settings.breaker_minimum
        if errors > MANY_ERRORS or (judged and errors / len(outcomes) >= FAILING_SHARE):
            self._open_until[webhook_id] = now + timedelta(
                seconds=self._settings.breaker_pause_seconds
            )
            outcomes.clear()
