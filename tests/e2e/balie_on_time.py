"""A Balie whose clock is moved by a file: ``python -m tests.e2e.balie_on_time HOST:PORT``."""

# ruff: noqa: E402 -- gevent must patch before anything else imports sockets or threads
from gevent import monkey

monkey.patch_all()

import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from balie.run import logging
from balie.run.services import Services
from balie.run.settings import Settings
from balie.web.server import Server, raise_limit_of_files

OFFSET_FILE = "TEST_CLOCK_OFFSET_FILE"
"""As in on_time.py, which must not import this: it patches threads and sockets."""


@dataclass(frozen=True, slots=True)
class MovedClock:
    """Real time, and what stands in the file beside it."""

    file: Path

    def now(self) -> datetime:
        """Return the moved present."""
        return datetime.now(UTC) + timedelta(seconds=float(self.file.read_text()))


class ServerOnTime(Server):
    """The server, with another clock."""

    def make_services(self) -> Services:
        """Return services on the moved clock."""
        return Services(self.settings, clock=MovedClock(Path(os.environ[OFFSET_FILE])))


if __name__ == "__main__":
    raise_limit_of_files()
    settings = Settings.from_environment(os.environ)
    logging.configure(settings.log)
    ServerOnTime(settings, sys.argv[1]).run()
