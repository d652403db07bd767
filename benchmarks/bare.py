"""The limit to compare with: a Flask handler that checks the HMAC and commits one row, no more.

Run as ``python -m benchmarks.bare PORT FILE``: the same server and worker as Balie's, and SQLite
with the same durability (WAL, synchronous=FULL, one commit a request).
"""

# ruff: noqa: E402 -- gevent must patch before anything else imports sockets
from gevent import monkey

monkey.patch_all()

import hashlib
import hmac
import sqlite3
import sys

from flask import Flask, Response, request
from gunicorn.app.base import BaseApplication

from balie.web.server import options
from benchmarks.payloads import APP_SECRET


def bare_app(path: str) -> Flask:
    """Return the bare application."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS event (id INTEGER PRIMARY KEY, body BLOB)")
    app = Flask("bare")

    @app.post("/")
    def hook() -> Response:
        body = request.get_data()
        expected = "sha256=" + hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected, request.headers["X-Hub-Signature-256"]):
            return Response(status=401)
        connection.execute("INSERT INTO event (body) VALUES (?)", (body,))
        return Response("", content_type="text/plain")

    return app


class Bare(BaseApplication):
    """The same server as Balie's."""

    def __init__(self, port: str, path: str) -> None:
        self._port = port
        self._path = path
        super().__init__()

    def load_config(self) -> None:
        """Take Balie's own server options."""
        for name, value in options(f"127.0.0.1:{self._port}", 1).items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Make the application in the worker."""
        return bare_app(self._path)


if __name__ == "__main__":
    Bare(sys.argv[1], sys.argv[2]).run()
