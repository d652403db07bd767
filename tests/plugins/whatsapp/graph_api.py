"""A Graph API on this machine that answers as each test says."""

import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Seen:
    """A request as Graph got it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON; None for an empty one."""
        return json.loads(self.body) if self.body else None


@dataclass
class Graph:
    """A Graph API whose next answer the test says."""

    url: str = ""
    seen: list[Seen] = field(default_factory=list)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b'{"messages":[{"id":"wamid.SENT"}]}'
    #: Answers of their own, by what a path holds; the first that fits.
    routes: list[tuple[str, int, dict[str, str], bytes]] = field(default_factory=list)
    #: Ends the connection in the test's own way instead of answering.
    instead: Callable[[BaseHTTPRequestHandler], None] | None = None
    #: Set at the test's end, so that a handler that must not answer can go home.
    over: threading.Event = field(default_factory=threading.Event)

    def answers(self, status: int, body: Any, **headers: str) -> None:
        self.status = status
        self.body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.headers = headers

    def on(self, part: str, body: Any, status: int = 200, **headers: str) -> None:
        """Answer requests whose path holds ``part`` in this way."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.routes.insert(0, (part, status, headers, content))

    def answer_to(self, path: str) -> tuple[int, dict[str, str], bytes]:
        for part, status, headers, body in self.routes:
            if part in path:
                return status, headers, body
        return self.status, self.headers, self.body

    def asked(self, part: str) -> list[Seen]:
        """Return the requests whose path holds ``part``."""
        return [seen for seen in self.seen if part in seen.path]

    def fails(self, code: int | str, status: int = 400, **more: Any) -> None:
        self.answers(status, {"error": {"message": f"(#{code}) No", "code": code, **more}})


def handler_for(graph: Graph) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            graph.seen.append(Seen(self.command, self.path, headers, raw))
            if graph.instead:
                graph.instead(self)
                return
            status, sent, body = graph.answer_to(self.path)
            self.send_response(status)
            for name, value in sent.items():
                self.send_header(name.replace("_", "-"), value)
            if "Content_Length" not in sent:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = _answer  # noqa: N815 - http.server looks for these names

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    return Handler


def reset_connection(handler: BaseHTTPRequestHandler) -> None:
    """Close with RST, as a crashed load balancer does."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True
    handler.connection.close()


@contextmanager
def serving(graph: Graph) -> Iterator[Graph]:
    """Serve ``graph`` on a free port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_for(graph))
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    graph.url = f"http://127.0.0.1:{server.server_port}"
    yield graph
    graph.over.set()
    server.shutdown()
    thread.join()
    server.server_close()
