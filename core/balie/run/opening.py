"""The leader's look at whether every connection's settings can be opened.

What waits in a lane shows it by itself. But where webhooks are all that ever comes, they are turned
away until the settings can be read, and nobody would be told why.
"""

from dataclasses import dataclass

import structlog
from sqlalchemy import select

from balie.hooks import UnknownPlugin
from balie.ledger.drain import Health
from balie.store import Store, StoreUnavailable
from balie.tenants.contexts import Contexts, SettingsUnusable
from balie.tenants.models import ConnectionRow, State

LOOK_SECONDS = 30.0

_log = structlog.get_logger("connections")


@dataclass(frozen=True, slots=True)
class Opening:
    """Signs out connections whose settings cannot be used, and in again once they can."""

    store: Store
    contexts: Contexts
    health: Health

    def look(self) -> None:
        """Look at each connection that is not off. A database that is away is waited for."""
        try:
            with self.store.reading() as session:
                rows = session.scalars(
                    select(ConnectionRow).where(ConnectionRow.state != State.OFF)
                ).all()
            for row in rows:
                self._look_at(row)
        except StoreUnavailable as error:
            _log.warning("opening_waits", error=str(error))

    def _look_at(self, row: ConnectionRow) -> None:
        try:
            self.contexts.get(row.id)
        except SettingsUnusable as error:
            self.health.signed_out(row.id, str(error))
        except UnknownPlugin:
            pass  # said where the plugins are listed
        else:
            if row.state == State.SIGNED_OUT and row.state_reason.startswith(
                SettingsUnusable.beginning(row.slug)
            ):
                self.health.well(row.id)
