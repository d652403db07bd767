"""When to try again, and when to stop: pure decisions."""

import random
from dataclasses import dataclass
from datetime import timedelta

from balie.api import (
    AuthFailed,
    PayloadInvalid,
    PermanentError,
    PluginCrashed,
    SignatureInvalid,
    TransientError,
)

LONGEST_WAIT_SECONDS = 300.0
SHORTEST_WAIT_SECONDS = 0.2
SIGNED_OUT_WAIT_SECONDS = 60.0
GIVE_UP_AFTER = timedelta(days=7)
"""As long as Meta itself goes on trying; an outage of a helpdesk is shorter."""
CRASHES = 8
"""How often an event may make our own or a plugin's code fail before a person should look."""


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
    transient error waits exponentially with full jitter, or as long as the vendor asked.
    """
    if isinstance(error, PermanentError | PayloadInvalid | SignatureInvalid):
        return Park(str(error))
    known = isinstance(error, TransientError | AuthFailed) and not isinstance(error, PluginCrashed)
    if not known and attempts >= CRASHES:
        return Park(f"failed {attempts} times; last: {type(error).__name__}: {error}")
    if age > GIVE_UP_AFTER:
        return Park(f"given up after {GIVE_UP_AFTER.days} days; last: {error}")
    if isinstance(error, AuthFailed):
        return Again(SIGNED_OUT_WAIT_SECONDS)
    if isinstance(error, TransientError) and error.retry_after is not None:
        return Again(max(error.retry_after, SHORTEST_WAIT_SECONDS) * random.uniform(1.0, 1.1))  # noqa: S311 -- jitter
    ceiling = min(LONGEST_WAIT_SECONDS, 2.0 ** min(attempts, 12))
    return Again(random.uniform(SHORTEST_WAIT_SECONDS, ceiling))  # noqa: S311 -- jitter
