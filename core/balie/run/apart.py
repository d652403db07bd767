"""The life of a process that is a part of Balie: a worker or a scheduler."""

import sys
import time

from balie.run.monitor import monitored
from balie.run.roles import Role
from balie.run.services import Services
from balie.run.signals import until_told_to_stop
from balie.store import StoreUnavailable, migrate

SCHEMA_SECONDS = 10.0
"""How often to look whether the database still has this version's schema."""


def live(services: Services, role: Role, *, every: float = SCHEMA_SECONDS) -> None:
    """Do the role's part until told to stop, or until the schema is another version's.

    Then finish what is in hand. The schema is looked at ``every`` so many seconds; exits with a
    sentence where it does not fit, and where nothing can listen on the port for metrics.
    """
    try:
        monitor = monitored(services)
    except OSError as error:
        settings = services.settings
        where = f"{settings.metrics_host}:{settings.metrics_port}"
        sys.exit(f"balie: BALIE_METRICS_PORT: nothing can listen on {where}: {error.strerror}")
    services.start(role)
    watch = SchemaWatch(services, every)
    until_told_to_stop(watch.says_stop)
    services.stop()
    if monitor is not None:
        monitor.stop()
    if watch.misfit:
        sys.exit(f"balie: this {role} has stopped: {watch.misfit}")


class SchemaWatch:
    """Looks now and then whether a newer version has changed the database meanwhile."""

    def __init__(self, services: Services, every: float) -> None:
        self.misfit = ""
        self._services = services
        self._every = every
        self._next = time.monotonic() + every

    def says_stop(self) -> bool:
        """Say whether to stop. Looks into the database at most once in its time."""
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + self._every
            try:
                self.misfit = migrate.misfit(self._services.store)
            except StoreUnavailable:  # away, which says nothing of its schema
                return False
        return bool(self.misfit)
