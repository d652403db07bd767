"""The leader's rounds: which connections' vendors are to be asked what happened, and when."""

import threading
from dataclasses import dataclass, field

import structlog
from sqlalchemy import select

from balie.api import Clock
from balie.desk.reconcile import Reconciling
from balie.desk.records.cursors import CursorRow
from balie.hooks import Registry
from balie.store import Store, StoreUnavailable
from balie.tenants.models import ConnectionRow, State

LOOK_SECONDS = 2.0
AT_ONCE = 4
"""So many vendors are asked at the same time, so that a slow one does not hold up the others."""
HOOK = "event_reconcile"

_log = structlog.get_logger("reconcile")


@dataclass(slots=True)
class Rounds:
    """Asks each vendor in its time; all at once when the rounds begin, and one that came back.

    The rounds begin when Balie starts, and where another process led before. Either may have
    been away for a while, and then webhooks were missed.
    """

    store: Store
    registry: Registry
    reconciling: Reconciling
    clock: Clock
    _begun: bool = False
    _stopping: bool = False
    _states: dict[int, str] = field(default_factory=dict)
    _wanted: dict[int, None] = field(default_factory=dict)
    _under_way: set[int] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self) -> None:
        """Ask everybody at the next look."""
        self._begun = False

    def stop(self) -> None:
        """Ask nobody any more. Who is being asked is not waited for: nothing is lost by it."""
        self._stopping = True

    def rests(self) -> bool:
        """Say whether nobody is being asked."""
        with self._lock:
            return not self._under_way

    def look(self) -> None:
        """Start asking whom it is time to ask. Returns at once. Raises StoreUnavailable."""
        if self._stopping:
            return
        due = self._due()
        with self._lock:
            # Who is being asked right now is due until the answer has come.
            self._wanted |= dict.fromkeys(one for one in due if one not in self._under_way)
            places = AT_ONCE - len(self._under_way)
            now = list(self._wanted)[:places]
            self._under_way.update(now)
        for connection_id in now:
            del self._wanted[connection_id]
            threading.Thread(target=self._ask, args=[connection_id], daemon=True).start()

    def _due(self) -> list[int]:
        now = self.clock.now()
        query = (
            select(ConnectionRow.id, ConnectionRow.plugin, ConnectionRow.state, CursorRow.next_at)
            .outerjoin(CursorRow, CursorRow.connection_id == ConnectionRow.id)
            .order_by(ConnectionRow.id)
        )
        with self.store.reading() as session:
            rows = session.execute(query).all()
        able = [row for row in rows if self.registry.function(row.plugin, HOOK) is not None]
        due = [
            row.id
            for row in able
            if row.state != State.OFF
            and (
                not self._begun
                or row.next_at is None
                or row.next_at <= now
                or (row.state == State.CONNECTED and self._was_away(row.id))
            )
        ]
        self._states = {row.id: row.state for row in able}
        self._begun = True
        return due

    def _was_away(self, connection_id: int) -> bool:
        return self._states.get(connection_id, State.CONNECTED) != State.CONNECTED

    def _ask(self, connection_id: int) -> None:
        try:
            try:
                self.reconciling.ask(connection_id)
            except StoreUnavailable:
                raise
            except Exception as error:  # noqa: BLE001 -- a plugin's answer can be anything
                self.reconciling.put_off(connection_id, error)
        except StoreUnavailable as error:
            _log.warning("reconciliation_waits", connection=connection_id, error=str(error))
        finally:
            with self._lock:
                self._under_way.discard(connection_id)
