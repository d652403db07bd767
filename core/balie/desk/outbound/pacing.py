"""Sending waits where a channel's pace asks for it; nobody waits in a worker."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from balie.api import Pace, PaceScope
from balie.desk.outbound.pace import Pacers, looks_back, wait_seconds
from balie.desk.records.models import MessageRow
from balie.ledger.job import Job
from balie.ledger.retry import Postponed


@dataclass(frozen=True, slots=True)
class Pacing:
    """Keeps channels' paces: per conversation by what was sent, per connection in this process."""

    pacers: Pacers = field(default_factory=Pacers)

    def wait(self, job: Job, conversation_id: int, paces: Sequence[Pace]) -> None:
        """Raise Postponed while a pace is short, for exactly as long as it is."""
        for pace in paces:
            if pace.scope is PaceScope.CONVERSATION:
                _keep(pace, self._in_conversation(job, conversation_id, pace))
        for pace in paces:
            if pace.scope is PaceScope.CONNECTION:
                turns = self.pacers.of(job.lease.connection_id, pace)
                _keep(pace, turns.wait_seconds(job.head.id, job.clock.now()))

    @staticmethod
    def _in_conversation(job: Job, conversation_id: int, pace: Pace) -> float:
        now = job.clock.now()
        query = select(MessageRow.sent_at).where(
            MessageRow.conversation_id == conversation_id,
            MessageRow.sent_at > now - looks_back(pace),
        )
        with job.store.reading() as session:
            sent = [at for at in session.scalars(query) if at is not None]
        return wait_seconds(pace, sent, now)


def _keep(pace: Pace, seconds: float) -> None:
    if seconds > 0:
        raise Postponed(f"waits for the channel's pace per {pace.scope}", seconds)
