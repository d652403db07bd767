"""The leader's tidying up: what has had its time and would only grow."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import delete, select

from balie.api import Clock
from balie.desk.records.models import HopRow
from balie.store import Store, StoreUnavailable
from balie.store.files import FileStore
from balie.tenants.models import ValueRow

LOOK_SECONDS = 600.0
AT_ONCE = 500
"""No transaction takes more than this: others want to write too."""
GRACE = timedelta(hours=1)
"""Clocks of several processes differ; nobody misses a row that stays for this long."""

_MOST_ROUNDS = 1_000
_log = structlog.get_logger("tidying")


@dataclass(frozen=True, slots=True)
class Tidying:
    """Deletes uploads that were never sent, values (sessions too) and codes that have expired."""

    store: Store
    files: FileStore
    clock: Clock

    def look(self) -> None:
        """Delete what is due, in small steps. A database that is away is waited for."""
        try:
            for name, step in (
                ("files", self._files),
                ("values", self._values),
                ("codes", self._codes),
            ):
                found = _in_steps(step)
                if found:
                    _log.info("tidied_up", what=name, count=found)
        except (StoreUnavailable, OSError) as error:
            _log.warning("tidying_waits", error=str(error))

    def _files(self) -> int:
        return self.files.delete_strays(AT_ONCE)

    def _values(self) -> int:
        over = ValueRow.expires_at <= self.clock.now() - GRACE
        with self.store.writing() as session:
            due = session.execute(
                select(ValueRow.connection_id, ValueRow.key).where(over).limit(AT_ONCE)
            ).all()
            for connection_id, key in due:
                # Looked at again: one may have been set anew meanwhile.
                this = (ValueRow.connection_id == connection_id, ValueRow.key == key)
                session.execute(delete(ValueRow).where(*this, over))
        return len(due)

    def _codes(self) -> int:
        over = HopRow.expires_at <= self.clock.now() - GRACE
        with self.store.writing() as session:
            due = session.scalars(select(HopRow.id).where(over).limit(AT_ONCE)).all()
            session.execute(delete(HopRow).where(HopRow.id.in_(due)))
        return len(due)


def _in_steps(step: Callable[[], int]) -> int:
    found = 0
    for _ in range(_MOST_ROUNDS):
        done = step()
        found += done
        if done < AT_ONCE:
            break
    return found
