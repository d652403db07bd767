"""When to try again, and when to stop: pure decisions."""

import math
import random
from dataclasses import dataclass
from datetime import timedelta

from balie.api import (
    AuthFailed,
    PayloadInvalid,
    PermanentError,
    PluginCrashed,
    RateLimited,
    SignatureInvalid,
    TransientError,
)
from balie.api.errors import described

LONGEST_WAIT_SECONDS = 300.0
LONGEST_WISH_SECONDS = 86_400.0
"""A vendor that asks for more than a day is misread or broken."""
SHORTEST_WAIT_SECONDS = 0.2
SIGNED_OUT_WAIT_SECONDS = 60.0
GIVE_UP_AFTER = timedelta(days=7)
"""As long as Meta itself goes on trying; an outage of a helpdesk is shorter."""
LAST_TRIES = 12
"""So often at least before it is given up, in a quarter of an hour: what was held, waited for its
time or is replayed may be older than that at its first try."""
CRASHES = 8
"""How often an event may make our own or a plugin's code fail before a person should look."""


class Postponed(Exception):
    """It is not time yet. No failure: it counts as no attempt and says nothing of the vendor."""

    def __init__(self, reason: str, seconds: float) -> None:
        super().__init__(reason)
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Again:
    """Try again in so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Park:
    """Stop, and let a person see why."""

    reason: str


def decide(error: Exception, attempts: int, age: timedelta) -> Again | Park:
    """Say what an error means for the item.

    ``attempts`` counts this one too; ``age`` is the time since the item was accepted. A
    transient error waits exponentially with full jitter, or as long as the vendor asked, within
    reason; where the vendor names the growth of its waits, these are kept in full.
    """
    if isinstance(error, PermanentError | PayloadInvalid | SignatureInvalid):
        return Park(said(error))
    known = isinstance(error, TransientError | AuthFailed) and not isinstance(error, PluginCrashed)
    if not known and attempts >= CRASHES:
        return Park(f"failed {attempts} times; last: {type(error).__name__}: {said(error)}")
    if age > GIVE_UP_AFTER and attempts >= LAST_TRIES:
        return Park(f"given up after {GIVE_UP_AFTER.days} days; last: {said(error)}")
    if isinstance(error, AuthFailed):
        return Again(SIGNED_OUT_WAIT_SECONDS)
    return Again(_wait(error, attempts))


def _wait(error: Exception, attempts: int) -> float:
    if isinstance(error, TransientError) and error.retry_after is not None:
        wish = error.retry_after if math.isfinite(error.retry_after) else LONGEST_WISH_SECONDS
        wait = min(max(wish, SHORTEST_WAIT_SECONDS), LONGEST_WISH_SECONDS)
        return wait * random.uniform(1.0, 1.1)  # noqa: S311 -- jitter
    if isinstance(error, RateLimited) and error.growth is not None:
        growth = min(max(error.growth, 1.0), LONGEST_WAIT_SECONDS)
        wait = min(LONGEST_WAIT_SECONDS, growth ** min(attempts - 1, 12))
        return wait * random.uniform(1.0, 1.1)  # noqa: S311 -- jitter
    ceiling = min(LONGEST_WAIT_SECONDS, 2.0 ** min(attempts, 12))
    return random.uniform(SHORTEST_WAIT_SECONDS, ceiling)  # noqa: S311 -- jitter


def said(error: BaseException) -> str:
    """Return what an error says, never nothing. A plugin's error may even fail to say it."""
    try:
        return str(error) or type(error).__name__
    except Exception:  # noqa: BLE001 -- its __str__ is a plugin's code too
        return described(error)
