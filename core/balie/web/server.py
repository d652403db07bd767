"""The server: Flask under gunicorn's gevent worker.

Run as ``python -m balie.web.server HOST:PORT`` it has workers and clock in the same process, which
is ``balie serve``; with the number of its processes behind that it takes in webhooks and nothing
else, which is ``balie web``.
"""

# ruff: noqa: E402 -- gevent must patch before anything else imports sockets or threads
from gevent import config, monkey

config.track_greenlet_tree = False  # who spawned whom, kept for each of ten thousand streams
monkey.patch_all()

import gc
import os
import resource
import sys
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.errors import AppImportError

from balie.run import logging
from balie.run.roles import Role
from balie.run.services import Services
from balie.run.settings import Settings
from balie.store import StoreUnavailable, migrate
from balie.web.app import create_app
from balie.web.worker import PromptWorker

GRACEFUL_SECONDS = 20
CONNECTIONS = 20_000
"""Most of them streams of live chat, which wait. It is a bound, and costs nothing by itself."""
BACKLOG = 4_096
"""Connections that may wait to be taken in, as when all streams come back at once."""
_GC_THRESHOLDS = (10_000, 20, 20)


def options(bind: str, processes: int) -> dict[str, Any]:
    """Return gunicorn's settings."""
    return {
        "bind": bind,
        "workers": processes,
        "worker_class": PromptWorker,
        "worker_connections": CONNECTIONS,
        "backlog": BACKLOG,
        "keepalive": 75,
        "graceful_timeout": GRACEFUL_SECONDS,
        "timeout": 120,
        "accesslog": None,
        "loglevel": "warning",
        "control_socket_disable": True,
    }


def leave_to_rest() -> None:
    """Take what was made at the start out of the garbage collector's rounds.

    It lives as long as the process; to walk through it again and again delays requests.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GC_THRESHOLDS)


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn. One process that does everything, or several that do the web only."""

    def __init__(
        self, settings: Settings, bind: str, role: Role = Role.SERVE, processes: int = 1
    ) -> None:
        self.settings = settings
        self._bind = bind
        self._role = role
        self._processes = processes
        self._services: Services | None = None
        super().__init__()

    def load_config(self) -> None:
        """Give gunicorn its settings."""
        for name, value in options(self._bind, self._processes).items():
            self.cfg.set(name, value)
        self.cfg.set("worker_exit", lambda _server, _worker: self._stop())

    def make_services(self) -> Services:
        """Return what the application works with."""
        return Services(self.settings)

    def load(self) -> Flask:
        """Make the application, in the worker, and start what runs beside it."""
        try:
            services = self.make_services()
            if self._role is Role.SERVE:
                migrate.upgrade(services.store)
            else:
                migrate.require(services.store)
            app = create_app(services, self._role)
            services.start(self._role)
        except StoreUnavailable as error:
            # gunicorn says this one in its own words, and others with two hundred lines of trace.
            raise AppImportError(f"balie: {error}") from error
        self._services = services
        leave_to_rest()
        return app

    def end_streams(self) -> None:
        """Let those who listen to the bus hang up."""
        if self._services is not None:
            self._services.bus.close()

    def _stop(self, *_: Any) -> None:
        if self._services is not None:
            self._services.stop()


def raise_limit_of_files() -> None:
    """Let this process have as many open files, so connections, as it may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def main() -> None:
    """Serve until told to stop."""
    raise_limit_of_files()
    bind, *processes = sys.argv[1:]
    role = Role.WEB if processes else Role.SERVE
    settings = Settings.from_environment(os.environ, role)
    logging.configure(settings.log)
    Server(settings, bind, role, int(processes[0]) if processes else 1).run()


if __name__ == "__main__":
    main()
