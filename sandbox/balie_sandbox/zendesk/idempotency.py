"""Idempotency keys of ticket creation: kept two hours, for the whole account."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from .errors import ApiError, Json, bad_request

KEPT = timedelta(hours=2)
MAX_KEY_LENGTH = 255


@dataclass(frozen=True, slots=True)
class Remembered:
    """A request body and the answer it got."""

    fingerprint: bytes
    answer: Json
    location: str
    at: datetime


class IdempotencyKeys:
    """Answers by key, oldest first."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._answers: OrderedDict[str, Remembered] = OrderedDict()

    def look_up(self, key: str, fingerprint: bytes) -> Remembered | None:
        """The earlier answer. Raises ApiError (400) if the key came with another body."""
        if len(key) > MAX_KEY_LENGTH:
            raise bad_request("IdempotentRequestError", "The idempotency key is too long")
        self._forget_old()
        found = self._answers.get(key)
        if found and found.fingerprint != fingerprint:
            raise mismatch()
        return found

    def keep(self, key: str, fingerprint: bytes, answer: Json, location: str) -> None:
        self._answers[key] = Remembered(fingerprint, answer, location, self._now())

    def _forget_old(self) -> None:
        horizon = self._now() - KEPT
        while self._answers and next(iter(self._answers.values())).at <= horizon:
            self._answers.popitem(last=False)


def mismatch() -> ApiError:
    return bad_request(
        "IdempotentRequestError", "Request parameters don't match the given idempotency key"
    )
