"""How connections fare, written where admins see it."""

from dataclasses import dataclass

import structlog

from balie.tenants.contexts import Contexts
from balie.tenants.directory import Directory
from balie.tenants.models import State

_log = structlog.get_logger("connections")


@dataclass(frozen=True, slots=True)
class ConnectionHealth:
    """Writes connections' states (:class:`balie.ledger.drain.Health`); off stays off."""

    directory: Directory
    contexts: Contexts

    def signed_out(self, connection_id: int, reason: str) -> None:
        """The vendor refuses our credentials."""
        self._set(connection_id, State.SIGNED_OUT, reason)

    def degraded(self, connection_id: int, reason: str) -> None:
        """The vendor fails all the time and is left alone for a while."""
        self._set(connection_id, State.DEGRADED, reason)

    def well(self, connection_id: int) -> None:
        """It works again."""
        if self.contexts.get(connection_id).state is not State.CONNECTED:
            self._set(connection_id, State.CONNECTED, "")

    def _set(self, connection_id: int, state: State, reason: str) -> None:
        if self.directory.set_state(connection_id, state, reason, unless=State.OFF):
            self.contexts.forget(connection_id)
            _log.warning("connection_state", connection=connection_id, state=state, reason=reason)
