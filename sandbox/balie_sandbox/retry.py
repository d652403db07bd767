"""When a webhook that failed is tried again. Each vendor has its own rule."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

#: (attempt, counted from 1; HTTP status or None when there was no answer; answer's headers)
#: to the seconds until the next attempt, or None to stop.
Decide = Callable[[int, int | None, Mapping[str, str]], float | None]


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How long one attempt may take, in seconds, and what follows it."""

    timeout_seconds: float
    decide: Decide
