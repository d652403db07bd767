"""The server: Flask under gunicorn's gevent worker, workers and clock in the same process.

Run as ``python -m balie.web.server HOST:PORT``, which ``balie serve`` does.
"""

# ruff: noqa: E402 -- gevent must patch before anything else imports sockets or threads
from gevent import monkey

monkey.patch_all()

import os
import sys
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.errors import AppImportError

from balie.run import logging
from balie.run.services import Services
from balie.run.settings import Settings
from balie.store import StoreUnavailable, migrate
from balie.web.app import create_app
from balie.web.worker import PromptWorker

GRACEFUL_SECONDS = 20
CONNECTIONS = 2_000


def options(bind: str) -> dict[str, Any]:
    """Return gunicorn's settings for one process that does everything."""
    return {
        "bind": bind,
        "workers": 1,
        "worker_class": PromptWorker,
        "worker_connections": CONNECTIONS,
        "keepalive": 75,
        "graceful_timeout": GRACEFUL_SECONDS,
        "timeout": 120,
        "accesslog": None,
        "loglevel": "warning",
        "control_socket_disable": True,
    }


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn with one gevent worker, which SQLite and the queue in memory want."""

    def __init__(self, settings: Settings, bind: str) -> None:
        self.settings = settings
        self._bind = bind
        self._services: Services | None = None
        super().__init__()

    def load_config(self) -> None:
        """Give gunicorn its settings."""
        for name, value in options(self._bind).items():
            self.cfg.set(name, value)
        self.cfg.set("worker_exit", lambda _server, _worker: self._stop())

    def load(self) -> Flask:
        """Make the application, in the worker, and start what runs beside it."""
        try:
            services = Services(self.settings)
            migrate.upgrade(services.store)
            app = create_app(services)
            services.start()
        except StoreUnavailable as error:
            # gunicorn says this one in its own words, and others with two hundred lines of trace.
            raise AppImportError(f"balie: {error}") from error
        self._services = services
        return app

    def _stop(self, *_: Any) -> None:
        if self._services is not None:
            self._services.stop()


def main() -> None:
    """Serve until told to stop."""
    settings = Settings.from_environment(os.environ)
    logging.configure(settings.log)
    Server(settings, sys.argv[1]).run()


if __name__ == "__main__":
    main()
