"""A process that works lanes and nothing else: ``balie worker``.

Run as ``python -m balie.run.worker CONCURRENCY``.
"""

# ruff: noqa: E402 -- gevent must patch before anything else imports sockets or threads
from gevent import monkey

monkey.patch_all()

import os
import sys

from balie.run import logging
from balie.run.apart import live
from balie.run.roles import Role
from balie.run.services import Services
from balie.run.settings import Settings


def main() -> None:
    """Work until told to stop; then finish the items in hand and hand the leases back."""
    settings = Settings.from_environment(os.environ, Role.WORKER)
    logging.configure(settings.log)
    services = Services(settings, workers=int(sys.argv[1]))
    live(services, Role.WORKER)


if __name__ == "__main__":
    main()
