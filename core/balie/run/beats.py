"""Signs of life of the processes, so that one can say that another is missing."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from balie.api import Clock
from balie.run.models import ProcessRow
from balie.run.roles import Identity, Role
from balie.store import Store

BEAT_SECONDS = 5.0
MISSING_SECONDS = 30
"""A process that was not seen for so long is missing."""
_SILENT = timedelta(seconds=MISSING_SECONDS)
_KEPT = timedelta(days=8)
"""Longer than any channel goes on sending what nobody took."""

_DOES = {
    Role.WORKER: "what comes in is kept, but nothing is worked",
    Role.SCHEDULER: "retries, and wake-ups that were lost, wait",
}


@dataclass(slots=True)
class Beats:
    """This process's signs of life."""

    store: Store
    clock: Clock
    identity: Identity = field(default_factory=Identity)
    _given_at: datetime | None = None
    _part: int = 0

    def beat(self, role: Role) -> None:
        """Say that this process lives. Raises StoreUnavailable."""
        now = self.clock.now()
        if self._given_at is not None and now - self._given_at > _SILENT:
            self._part += 1
        with self.store.writing() as session:
            seen = update(ProcessRow).where(self._mine()).values(seen_at=now)
            if session.execute(seen.returning(ProcessRow.id)).first() is None:
                session.execute(delete(ProcessRow).where(ProcessRow.seen_at < now - _KEPT))
                session.add(self._row(role, now))
        self._given_at = now

    def end(self) -> None:
        """Say that this process stops. Raises StoreUnavailable."""
        now = self.clock.now()
        with self.store.writing() as session:
            ended = update(ProcessRow).where(self._mine()).values(seen_at=now, ended_at=now)
            session.execute(ended)

    @property
    def _name(self) -> str:
        return f"{self.identity.name}:{self._part}" if self._part else self.identity.name

    def _mine(self) -> ColumnElement[bool]:
        return ProcessRow.name == self._name

    def _row(self, role: Role, now: datetime) -> ProcessRow:
        return ProcessRow(
            name=self._name, role=role, host=self.identity.host, started_at=now, seen_at=now
        )


def living(session: Session, now: datetime, host: str | None = None) -> dict[str, int]:
    """Return how many processes of each role were seen of late, on one host or on all."""
    since = now - timedelta(seconds=MISSING_SECONDS)
    query = select(ProcessRow.role, func.count()).where(
        ProcessRow.seen_at >= since, ProcessRow.ended_at.is_(None)
    )
    if host is not None:
        query = query.where(ProcessRow.host == host)
    return {role: count for role, count in session.execute(query.group_by(ProcessRow.role))}  # noqa: C416 -- rows are not tuples to mypy


def missing(found: dict[str, int]) -> dict[str, str]:
    """Return a sentence for each role that nobody plays. ``serve`` plays them all."""
    if found.get(Role.SERVE):
        return {}
    return {
        str(role): f"no {role} was seen for {MISSING_SECONDS} s; {what}. Start one: balie {role}"
        for role, what in _DOES.items()
        if not found.get(role)
    }
