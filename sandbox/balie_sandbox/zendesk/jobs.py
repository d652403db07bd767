"""Background jobs: batches and merges, and what became of them."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from .errors import ApiError, Json
from .settings import AccountSettings

#: Queued or running at the same time (developer docs, rate limits, job limit).
MAX_RUNNING = 30
#: A job's outcome is kept for a day.
KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Job:
    """One job. The work is done when it is queued; it is told as done after its seconds."""

    id: str
    kind: str
    results: list[Json]
    queued_at: datetime
    done_at: datetime


class Jobs:
    """The account's jobs."""

    def __init__(self, now: Callable[[], datetime], settings: AccountSettings) -> None:
        self._now = now
        self._settings = settings
        self._jobs: dict[str, Job] = {}

    def admit(self) -> None:
        """Raises ApiError (429) while too many run."""
        now = self._now()
        if sum(job.done_at > now for job in self._jobs.values()) >= MAX_RUNNING:
            text = "Too many jobs are currently queued or running. Try again later."
            raise ApiError(
                429, {"error": "TooManyJobs", "description": text}, {"Retry-After": "60"}
            )

    def queue(self, kind: str, results: list[Json]) -> Job:
        """Write down work that is done. `results` are shown once the job has ended."""
        now = self._now()
        for key in [key for key, job in self._jobs.items() if job.queued_at + KEPT <= now]:
            del self._jobs[key]
        done = now + timedelta(seconds=self._settings.job_seconds)
        job = Job(f"V3-{secrets.token_hex(16)}", kind, results, now, done)
        self._jobs[job.id] = job
        return job

    def find(self, job_id: str) -> Job | None:
        return self._jobs.get(job_id)

    def shape(self, job: Job, api: str, *, fresh: bool = False) -> Json:
        """A job just queued shows nothing yet, whatever its seconds."""
        shown: Json = {
            "id": job.id,
            "url": f"{api}/job_statuses/{job.id}.json",
            "job_type": job.kind,
            "total": len(job.results),
            "progress": None,
            "status": "queued",
            "message": None,
            "results": None,
        }
        if fresh:
            return shown
        if self._now() < job.done_at:
            return shown | {"status": "working", "progress": 0}
        at = f"{job.done_at:%Y-%m-%d %H:%M:%S +0000}"
        return shown | {
            "status": "completed",
            "progress": len(job.results),
            "message": f"Completed at {at}",
            "results": job.results,
        }
