"""Balie's web edge without its workers, so that only ingress is measured.

Run as ``python -m benchmarks.ingress_only HOST:PORT``.
"""

# ruff: noqa: E402 -- gevent must patch before anything else imports sockets
from gevent import monkey

monkey.patch_all()

import os
import sys

from flask import Flask

from balie.run.services import Services
from balie.run.settings import Settings
from balie.web.app import create_app
from balie.web.server import Server, leave_to_rest


class IngressOnly(Server):
    """The server, with nothing started beside the web."""

    def load(self) -> Flask:
        """Make the application; wake-ups pile up unheard, as they would in a busy process."""
        app = create_app(Services(self.settings))
        leave_to_rest()
        return app


if __name__ == "__main__":
    IngressOnly(Settings.from_environment(os.environ), sys.argv[1]).run()
