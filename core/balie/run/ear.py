"""What the processes' signs of life say of who hears webhooks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from balie.api import Clock
from balie.desk.outbound.hearing import Hearing
from balie.run.beats import MISSING_SECONDS
from balie.run.models import ProcessRow
from balie.run.roles import Role
from balie.store import Store

LISTENERS = (Role.SERVE, Role.WEB)


@dataclass(slots=True)
class Ear:
    """Knows since when webhooks are heard. Until signs of life are given, since it was made."""

    store: Store
    clock: Clock
    made_at: datetime
    begun: bool = False

    def hearing(self) -> Hearing | None:
        """Return since when somebody listens, or None where nobody does."""
        if not self.begun:
            return Hearing(self.made_at)
        query = select(ProcessRow).where(ProcessRow.role.in_(LISTENERS))
        with self.store.reading() as session:
            rows = session.scalars(query).all()
        return hearing(rows, self.clock.now())


def hearing(rows: Sequence[ProcessRow], now: datetime) -> Hearing | None:
    """Return since when one of these processes or another listened without a gap.

    A row speaks for the time until its last sign of life, and no longer.
    """
    fresh = now - timedelta(seconds=MISSING_SECONDS)
    if not any(row.ended_at is None and row.seen_at >= fresh for row in rows):
        return None
    last, *earlier = sorted(rows, key=lambda row: row.seen_at, reverse=True)
    since = last.started_at
    for row in earlier:
        if row.seen_at < since:
            return Hearing(since, since - row.seen_at)
        since = min(since, row.started_at)
    return Hearing(since)
