"""A process that drives the clock while it leads: ``balie scheduler``.

Run as ``python -m balie.run.scheduler``. Its threads are the system's: it waits for the database,
and for a few helpdesks that are asked what their webhooks lost.
"""

import os

from balie.run import logging
from balie.run.apart import live
from balie.run.roles import Role
from balie.run.services import Services
from balie.run.settings import Settings


def main() -> None:
    """Lead or follow until told to stop; then hand the lead over."""
    settings = Settings.from_environment(os.environ, Role.SCHEDULER)
    logging.configure(settings.log)
    services = Services(settings)
    live(services, Role.SCHEDULER)


if __name__ == "__main__":
    main()
