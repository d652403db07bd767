"""Webhooks on their way out: sent in the background, retried, and written down."""

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http.cookiejar import DefaultCookiePolicy
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import gevent
import requests
from gevent import Greenlet
from requests.adapters import HTTPAdapter

from .clock import Clock
from .faults import Fault, Faults
from .retry import RetryPolicy

#: Vendors back off for hours; a stand-in's day lasts minutes. 0.1 makes ten seconds one.
DEFAULT_RETRY_SCALE = 0.1
#: With compressed time no wait is longer, so a server that comes back is found at once.
MAX_COMPRESSED_WAIT_SECONDS = 1.0
#: A held webhook ("reorder") goes out after this long when no other overtakes it.
HOLD_SECONDS = 2.0
POOL_SIZE = 64
LOG_LENGTH = 10_000


@dataclass(frozen=True, slots=True)
class WebhookRequest:
    """One POST as it leaves: the exact bytes that were signed."""

    url: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of one try. ``status`` is None when no answer came."""

    target: str
    url: str
    status: int | None
    attempt: int
    at: datetime
    milliseconds: float
    error: str | None = None
    fault: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the attempt for GET /control/deliveries."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        return fields | {"at": self.at.isoformat()}


@dataclass(slots=True)
class Job:
    """A webhook until it is accepted or given up."""

    target: str
    build: Callable[[], WebhookRequest]
    policy: RetryPolicy
    #: Called once with the final HTTP status, or None when it was dropped or given up.
    done: Callable[[int | None], None] | None = None
    attempts: int = 0


class Delivery:
    """Sends webhooks from greenlets of its own, so no caller waits for a receiver.

    Jobs of one lane make their first attempt in the order they came, which is how the
    vendors behave when all goes well; retries leave the lane, so others may overtake.
    """

    def __init__(
        self, clock: Clock, faults: Faults, retry_scale: float = DEFAULT_RETRY_SCALE
    ) -> None:
        self._clock = clock
        self._faults = faults
        self.retry_scale = retry_scale
        self.attempts: deque[Attempt] = deque(maxlen=LOG_LENGTH)
        self._sessions: dict[str, requests.Session] = {}
        self._lanes: dict[str, deque[Job]] = {}
        self._held: dict[str, list[Job]] = {}
        self._running: set[Greenlet] = set()
        self._pending: Counter[str] = Counter()

    @property
    def pending(self) -> dict[str, int]:
        """How many webhooks of each target are not yet accepted or given up."""
        return {target: count for target, count in self._pending.items() if count}

    def deliver(
        self,
        target: str,
        build: Callable[[], WebhookRequest],
        policy: RetryPolicy,
        *,
        lane: str | None = None,
        done: Callable[[int | None], None] | None = None,
    ) -> None:
        """Send what ``build`` returns, and again as ``policy`` says. Returns at once.

        ``target`` is the vendor ("graph", "zendesk"). ``build`` is called for every attempt,
        so a signature over a timestamp is made anew. ``done`` hears the outcome once.
        """
        job = Job(target, build, policy, done)
        self._pending[target] += 1
        if lane is None:
            self._spawn(self._start, job)
        elif lane in self._lanes:
            self._lanes[lane].append(job)
        else:
            self._lanes[lane] = deque([job])
            self._spawn(self._drain, lane)

    def reset(self) -> None:
        """Forget everything that is under way and everything that was written down."""
        for greenlet in tuple(self._running):
            greenlet.kill(block=False)
        self._running.clear()
        self._lanes.clear()
        self._held.clear()
        self._pending.clear()
        self.attempts.clear()

    def _spawn(self, run: Callable[..., None], *args: Any, after: float = 0) -> None:
        greenlet = gevent.spawn_later(after, run, *args) if after else gevent.spawn(run, *args)
        self._running.add(greenlet)
        greenlet.rawlink(self._running.discard)

    def _drain(self, lane: str) -> None:
        jobs = self._lanes[lane]
        try:
            while jobs:
                self._start(jobs.popleft())
        finally:
            # A reset may have put a new lane of this name in place.
            if self._lanes.get(lane) is jobs:
                self._leave(lane, jobs)

    def _leave(self, lane: str, jobs: deque[Job]) -> None:
        if jobs:
            # One job broke; the ones behind it must not wait forever.
            self._spawn(self._drain, lane)
        else:
            del self._lanes[lane]

    def _start(self, job: Job) -> None:
        fault = self._strike(job)
        match fault.kind if fault else None:
            case "drop":
                request = job.build()
                self._write(job, request.url, None, 0.0, fault="drop")
                self._finish(job, None)
            case "delay" if fault:
                self._spawn(self._attempt, job, after=fault.seconds)
            case "reorder":
                self._held.setdefault(job.target, []).append(job)
                self._spawn(self._release, job.target, job, after=HOLD_SECONDS)
            case "duplicate":
                self._pending[job.target] += 1
                self._attempt(job)
                self._attempt(Job(job.target, job.build, job.policy))
            case _:
                self._attempt(job)
                for held in self._held.pop(job.target, []):
                    self._attempt(held)

    def _strike(self, job: Job) -> Fault | None:
        if not self._faults.rules:
            return None
        return self._faults.strike(f"webhook:{job.target}", path=urlsplit(job.build().url).path)

    def _release(self, target: str, job: Job) -> None:
        held = self._held.get(target, [])
        if job in held:
            held.remove(job)
            self._attempt(job)

    def _attempt(self, job: Job) -> None:
        job.attempts += 1
        request = job.build()
        started = monotonic()
        status: int | None = None
        headers: dict[str, str] = {}
        error = None
        try:
            answer = self._session(request.url).post(
                request.url,
                data=request.body,
                headers=request.headers,
                timeout=job.policy.timeout_seconds,
                allow_redirects=False,
            )
            status, headers = answer.status_code, dict(answer.headers)
        # A URL that is none raises ValueErrors of several kinds.
        except (requests.RequestException, ValueError) as failure:
            error = type(failure).__name__
        self._write(job, request.url, status, (monotonic() - started) * 1000, error)
        wait = job.policy.decide(job.attempts, status, headers)
        if wait is None:
            self._finish(job, status)
        else:
            self._spawn(self._attempt, job, after=self._compressed(wait))

    def _compressed(self, seconds: float) -> float:
        if self.retry_scale >= 1:
            return seconds * self.retry_scale
        return min(seconds * self.retry_scale, MAX_COMPRESSED_WAIT_SECONDS)

    def _finish(self, job: Job, status: int | None) -> None:
        self._pending[job.target] -= 1
        if job.done is not None:
            job.done(status)

    def _write(
        self,
        job: Job,
        url: str,
        status: int | None,
        milliseconds: float,
        error: str | None = None,
        fault: str | None = None,
    ) -> None:
        at = self._clock.now()
        self.attempts.append(
            Attempt(job.target, url, status, job.attempts, at, milliseconds, error, fault)
        )

    def _session(self, url: str) -> requests.Session:
        place = urlsplit(url)
        origin = f"{place.scheme}://{place.netloc}"
        if origin not in self._sessions:
            session = requests.Session()
            session.trust_env = False
            # The vendors keep no cookies between webhooks.
            session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
            session.mount(origin, HTTPAdapter(pool_connections=1, pool_maxsize=POOL_SIZE))
            self._sessions[origin] = session
        return self._sessions[origin]
