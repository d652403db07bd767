"""What every command starts from: the services on this environment's settings."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from balie.run.services import Services
from balie.run.settings import Settings


@contextmanager
def services() -> Iterator[Services]:
    """Give the services, not started, and close their database afterwards."""
    made = Services(Settings.from_environment(os.environ))
    try:
        yield made
    finally:
        made.store.close()
