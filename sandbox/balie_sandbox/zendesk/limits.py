"""Rate limits: the plan's requests a minute, and buckets of single endpoints."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from .endpoint_limits import MINUTE, TEN_MINUTES, limits_of
from .errors import ApiError
from .settings import AccountSettings

#: Buckets are dropped when they have ended and there are more than this.
KEPT_BUCKETS = 5000


@dataclass(slots=True)
class Bucket:
    """A count within one window."""

    limit: int
    window_seconds: int
    started: datetime
    used: int = 0

    @property
    def remaining(self) -> int:
        return max(0, self.limit - self.used)

    def resets(self, now: datetime) -> int:
        """Seconds until the window ends, at least one."""
        passed = (now - self.started).total_seconds()
        return max(1, math.ceil(self.window_seconds - passed))


class RateLimits:
    """All buckets of the account. `count` refuses with 429 what exceeds one."""

    def __init__(self, now: Callable[[], datetime], settings: AccountSettings) -> None:
        self._now = now
        self._settings = settings
        self._buckets: dict[tuple[str, str], Bucket] = {}

    def count_request(self) -> dict[str, str]:
        """Count a request against the plan; returns the headers. Raises ApiError (429)."""
        bucket = self._take("plan", "", self._settings.plan_limit, MINUTE)
        headers = self._plan_headers(bucket)
        if bucket.used > bucket.limit:
            raise self._refusal(bucket, "API requests per minute", headers)
        return headers

    def count_ticket_update(self, user_id: int, ticket_id: int) -> dict[str, str]:
        """Count an update of a ticket; returns the headers. Raises ApiError (429)."""
        if not self._settings.ticket_limit_on:
            return {}
        account = self._take("ticket-updates", "", self._settings.account_update_limit, MINUTE)
        if account.used > account.limit:
            raise self._refusal(account, "ticket updates per minute", {})
        limit = self._settings.ticket_limit
        bucket = self._take("per-ticket-updates", f"{user_id}:{ticket_id}", limit, TEN_MINUTES)
        headers = self._bucket_header("per-ticket-updates", bucket)
        if bucket.used > bucket.limit:
            raise self._refusal(bucket, "updates of this ticket per ten minutes", headers)
        return headers

    def count_endpoint(self, method: str, path: str, user_id: int) -> dict[str, str]:
        """Count a request against its endpoint's limits; returns headers. Raises ApiError (429)."""
        headers: dict[str, str] = {}
        if not self._settings.ticket_limit_on:
            return headers
        for limit, key in limits_of(method, path):
            counted = f"{user_id}:{key}" if limit.per_caller else key
            number = int(getattr(self._settings, limit.setting))
            bucket = self._take(limit.name, counted, number, limit.window_seconds)
            told = self._bucket_header(limit.name, bucket)
            headers |= told if limit.header else {}
            if bucket.used > bucket.limit:
                raise self._refusal(bucket, "requests of this endpoint", told, limit.plain)
        return headers

    def count_export(self) -> None:
        """Count a call of an incremental export. Raises ApiError (429)."""
        bucket = self._take("incremental-exports", "", self._settings.incremental_limit, MINUTE)
        if bucket.used > bucket.limit:
            raise self._refusal(bucket, "incremental export requests per minute", {})

    def _take(self, name: str, key: str, limit: int, window_seconds: int) -> Bucket:
        now = self._now()
        bucket = self._buckets.get((name, key))
        if bucket is None or (now - bucket.started).total_seconds() >= window_seconds:
            self._sweep(now)
            bucket = self._buckets[name, key] = Bucket(limit, window_seconds, now)
        bucket.limit = limit
        bucket.used += 1
        return bucket

    def _sweep(self, now: datetime) -> None:
        if len(self._buckets) < KEPT_BUCKETS:
            return
        for key, bucket in list(self._buckets.items()):
            if (now - bucket.started).total_seconds() >= bucket.window_seconds:
                del self._buckets[key]

    def _bucket_header(self, name: str, bucket: Bucket) -> dict[str, str]:
        resets = bucket.resets(self._now())
        count = f"total={bucket.limit}; remaining={bucket.remaining}; resets={resets}"
        return {f"zendesk-ratelimit-{name}": count}

    def _plan_headers(self, bucket: Bucket) -> dict[str, str]:
        """The same count in each of the spellings that were seen (reference 1.5)."""
        limit, remaining = str(bucket.limit), str(bucket.remaining)
        headers = {"X-Rate-Limit": limit, "X-Rate-Limit-Remaining": remaining}
        for prefix in ("ratelimit", "rate-limit"):
            headers |= {f"{prefix}-limit": limit, f"{prefix}-remaining": remaining}
            headers[f"{prefix}-reset"] = str(bucket.resets(self._now()))
        return headers

    def _refusal(
        self, bucket: Bucket, what: str, headers: dict[str, str], plain: str | None = None
    ) -> ApiError:
        wait = {"Retry-After": str(bucket.resets(self._now()))}
        text = f"Number of allowed {what} exceeded"
        if self._settings.plain_text_429:
            plain = plain or text
        body = {"error": "APIRateLimitExceeded", "description": text}
        return ApiError(429, body, headers | wait, plain)
