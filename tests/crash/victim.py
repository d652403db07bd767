"""Balies that die. Run as ``python -m tests.crash.victim``: it imports everything once, and forks.

Each line of JSON on standard input makes one Balie, ``balie serve`` as it is, and is answered with
its process id, which is its process group's too. A fork starts in a third of the time of a Python.
"""

# ruff: noqa: E402 -- gevent must patch before anything else imports sockets or threads
from gevent import monkey

monkey.patch_all()

import ctypes
import gc
import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gevent
from cryptography.fernet import Fernet
from tests.crash import points

from balie.run.services import Services
from balie.run.settings import Settings
from balie.store import migrate
from balie.tenants import http
from balie.web import server
from balie.web.app import create_app

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Fork what is ordered, until standard input ends."""
    warm()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them: they are gone when dead
    fork = monkey.get_original("os", "fork")  # gevent's own watches children, which needs a loop
    for order in orders():
        pid = fork()
        if pid == 0:
            become(order)
        os.write(1, b"%d\n" % pid)


def warm() -> None:
    """Import what a Balie imports only when it starts."""
    # It opens no connection; naming PostgreSQL imports its driver too.
    settings = Settings(
        database_url="postgresql://127.0.0.1/nothing",
        secret_keys=(Fernet.generate_key().decode(),),
    )
    services = Services(settings)
    create_app(services)
    migrate.head()
    gc.freeze()


def orders() -> Iterator[dict[str, Any]]:
    """Read lines without a buffer that a child would inherit."""
    rest = b""
    while data := os.read(0, 65536):
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            yield json.loads(line)


def become(order: dict[str, Any]) -> None:
    """Be the Balie that was ordered, and nothing else, to the end."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    # Whatever ends the tests: who forked it does not leave it behind.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    os.setsid()
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for target, source in ((0, nothing), (1, log), (2, log)):
        os.dup2(source, target)
    gevent.reinit()
    os.environ.update(order["environment"])
    http.READ_SECONDS = order["read_seconds"]
    if order["points"]:
        points.install(points.Points(Path(order["points"]), order["at"]))
    sys.argv = ["balie.web.server", order["bind"]]
    try:
        server.main()
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
