"""The limit to compare with: a Flask handler that checks the HMAC and commits one row, no more.

Run as ``python -m benchmarks.bare PORT TARGET``: the same server and worker as Balie's, and the
same durability, one commit a request. TARGET is a SQLite file (WAL, synchronous=FULL) or the
address of a PostgreSQL, to which it keeps as many connections as Balie.
"""

# ruff: noqa: E402 -- gevent must patch before anything else imports sockets
from gevent import monkey

monkey.patch_all()

import hashlib
import hmac
import queue
import sqlite3
import sys
from collections.abc import Callable

import psycopg
from flask import Flask, Response, request
from gunicorn.app.base import BaseApplication

from balie.web.server import options
from benchmarks.payloads import APP_SECRET

POSTGRESQL_CONNECTIONS = 20


def bare_app(target: str) -> Flask:
    """Return the bare application."""
    write = _to_postgresql(target) if target.startswith("postgresql") else _to_sqlite(target)
    app = Flask("bare")

    @app.post("/")
    def hook() -> Response:
        body = request.get_data()
        expected = "sha256=" + hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected, request.headers["X-Hub-Signature-256"]):
            return Response(status=401)
        write(body)
        return Response("", content_type="text/plain")

    return app


def _to_sqlite(path: str) -> Callable[[bytes], None]:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS event (id INTEGER PRIMARY KEY, body BLOB)")

    def write(body: bytes) -> None:
        connection.execute("INSERT INTO event (body) VALUES (?)", (body,))

    return write


def _to_postgresql(url: str) -> Callable[[bytes], None]:
    pool: queue.LifoQueue[psycopg.Connection] = queue.LifoQueue()
    for _ in range(POSTGRESQL_CONNECTIONS):
        pool.put(psycopg.connect(url, autocommit=True))
    one = pool.get()
    one.execute("CREATE TABLE IF NOT EXISTS event (id BIGSERIAL PRIMARY KEY, body BYTEA)")
    pool.put(one)

    def write(body: bytes) -> None:
        connection = pool.get()
        try:
            connection.execute("INSERT INTO event (body) VALUES (%s)", (body,))
        finally:
            pool.put(connection)

    return write


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

    def end_streams(self) -> None:
        """End nothing: it streams nothing. Asked by Balie's worker when it stops."""

    def load(self) -> Flask:
        """Make the application in the worker."""
        return bare_app(self._path)


if __name__ == "__main__":
    Bare(sys.argv[1], sys.argv[2]).run()
