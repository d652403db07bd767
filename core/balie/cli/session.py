"""What every command starts from: the services on this environment's settings."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from balie.run.roles import Role
from balie.run.services import Services
from balie.run.settings import Settings
from balie.store import migrate


@contextmanager
def services(*, any_schema: bool = False, role: Role = Role.SERVE) -> Iterator[Services]:
    """Give the services, not started, and close their database afterwards.

    Raises StoreUnavailable for a database of another schema, unless any will do, and
    SettingsInvalid for settings that the role cannot use.
    """
    made = Services(Settings.from_environment(os.environ, role))
    try:
        if not any_schema:
            migrate.require(made.store)
            made.schedule.follow()
        yield made
    finally:
        made.store.close()
