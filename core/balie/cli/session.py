"""What every command starts from: the services on this environment's settings."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from balie.run.services import Services
from balie.run.settings import Settings
from balie.store import StoreUnavailable, migrate


@contextmanager
def services(*, any_schema: bool = False) -> Iterator[Services]:
    """Give the services, not started, and close their database afterwards.

    Raises StoreUnavailable for a database of another schema, unless any will do.
    """
    made = Services(Settings.from_environment(os.environ))
    try:
        if not any_schema and (there := migrate.current(made.store)) != migrate.head():
            raise StoreUnavailable(
                f"the database has schema {there or 'none'}, this version wants {migrate.head()}; "
                "run: balie db upgrade"
            )
        yield made
    finally:
        made.store.close()
