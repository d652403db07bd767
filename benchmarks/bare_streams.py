"""The least that can stream events: gevent's own server, one socket and one event each.

Run as ``python -m benchmarks.bare_streams PORT``. It answers GET with a stream that says hello and
then waits; POST wakes nobody. What it takes of memory is what the streams themselves take.
"""

# ruff: noqa: E402 -- gevent must patch before anything else imports sockets
from gevent import monkey

monkey.patch_all()

import resource
import sys
from collections.abc import Callable, Iterator
from typing import Any

from gevent.event import Event
from gevent.pywsgi import WSGIServer

_HEADERS = [("Content-Type", "text/event-stream")]


def application(_: dict[str, Any], start: Callable[..., Any]) -> Iterator[bytes]:
    """Answer a request with a stream."""
    start("200 OK", _HEADERS)
    return stream()


def stream() -> Iterator[bytes]:
    """Say hello and wait."""
    yield b"event: hello\ndata: {}\n\n"
    while True:
        Event().wait(25)
        yield b": .\n\n"


def main() -> None:
    """Serve until told to stop."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    WSGIServer(
        ("127.0.0.1", int(sys.argv[1])), application, log=None, backlog=4_096
    ).serve_forever()


if __name__ == "__main__":
    main()
