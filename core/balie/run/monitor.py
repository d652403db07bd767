"""``/healthz`` and ``/metrics`` of a worker or a scheduler, which serve nothing else."""

import hmac
import socket
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from socketserver import TCPServer, ThreadingMixIn
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from balie.run.exposition import CONTENT_TYPE, exposed
from balie.run.services import Services

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_TEXT = "text/plain; charset=utf-8"
_JSON = "application/json"


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def server_bind(self) -> None:
        """Bind without asking the network for this machine's name."""
        TCPServer.server_bind(self)
        host, port = self.server_address[:2]
        self.server_name, self.server_port = str(host), int(port)
        self.setup_environ()


class _Server6(_Server):
    address_family = socket.AF_INET6


class _Quiet(WSGIRequestHandler):
    timeout = 10  # who connects and says nothing does not stay

    def log_message(self, *_: Any) -> None:
        """Say nothing: a scrape every few seconds is no news."""


@dataclass(slots=True)
class Monitor:
    """A small server of its own. ``host`` and ``port`` are where it listens."""

    services: Services
    host: str
    port: int
    _server: WSGIServer | None = field(default=None, init=False)

    def start(self) -> None:
        """Listen from now on. Raises OSError where nothing can listen there."""
        kind = _Server6 if ":" in self.host else _Server
        server = make_server(self.host, self.port, self.answer, kind, _Quiet)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self._server = server

    def stop(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def answer(self, environment: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Answer one request, as a WSGI application."""
        status, content_type, body = self._answer(environment)
        start(status, [("Content-Type", content_type), ("Content-Length", str(len(body)))])
        return [] if environment["REQUEST_METHOD"] == "HEAD" else [body]

    def _answer(self, environment: "WSGIEnvironment") -> tuple[str, str, bytes]:
        if environment["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return "405 Method Not Allowed", _TEXT, b"only GET\n"
        match environment.get("PATH_INFO"):
            case "/healthz":
                return "200 OK", _JSON, b'{"ok":true}\n'
            case "/metrics" if self._may_read(environment):
                return "200 OK", CONTENT_TYPE, exposed(self.services)
            case "/metrics":
                return "403 Forbidden", _TEXT, b"send BALIE_METRICS_TOKEN as a bearer token\n"
        return "404 Not Found", _TEXT, b"here are /healthz and /metrics\n"

    def _may_read(self, environment: "WSGIEnvironment") -> bool:
        token = self.services.settings.metrics_token
        given = environment.get("HTTP_AUTHORIZATION", "")
        return not token or hmac.compare_digest(given.encode(), f"Bearer {token}".encode())


def monitored(services: Services) -> Monitor | None:
    """Return a monitor that listens where the settings say, or None where they name no port.

    Raises OSError where nothing can listen there.
    """
    settings = services.settings
    if not settings.metrics_port:
        return None
    monitor = Monitor(services, settings.metrics_host, settings.metrics_port)
    monitor.start()
    return monitor
