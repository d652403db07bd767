"""A Zendesk on this machine that answers as each test says, and remembers what it was asked."""

import json
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

TOKEN_CALL = "POST /oauth/tokens"
RESET = "reset"
SILENCE = "silence"


@dataclass
class Seen:
    """A request as Zendesk got it. ``call`` is such as ``GET /users`` (below /api/v2)."""

    call: str
    query: dict[str, str]
    headers: dict[str, str]
    json: Any
    raw: bytes = b""


@dataclass
class Answer:
    """What to answer; ``instead`` of an answer: RESET or SILENCE."""

    status: int = 200
    body: Any = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    instead: str = ""


@dataclass
class ScriptedZendesk:
    """Answers a call's script in order, its last answer for ever; 404 without a script."""

    url: str = ""
    seen: list[Seen] = field(default_factory=list)
    scripts: dict[str, list[Answer]] = field(default_factory=dict)
    #: Set at the test's end, so that a handler that must not answer can go home.
    over: threading.Event = field(default_factory=threading.Event)

    def on(self, call: str, body: Any = None, status: int = 200, **headers: str) -> None:
        """Add an answer to the call's script."""
        self.script(call, Answer(status, {} if body is None else body, headers))

    def script(self, call: str, answer: Answer) -> None:
        self.scripts.setdefault(call, []).append(answer)

    def next(self, call: str) -> Answer:
        script = self.scripts.get(call)
        if not script:
            return Answer(404, {"error": "RecordNotFound", "description": "Not found"})
        return script.pop(0) if len(script) > 1 else script[0]

    @property
    def calls(self) -> list[str]:
        """The calls so far, without those for a token."""
        return [one.call for one in self.seen if one.call != TOKEN_CALL]

    def all(self, call: str) -> list[Seen]:
        """Return all such requests."""
        return [one for one in self.seen if one.call == call]

    def sent(self, call: str) -> Seen:
        """Return the only such request."""
        (found,) = [one for one in self.seen if one.call == call]
        return found


def handler_for(zendesk: ScriptedZendesk) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body leave together, not a delayed acknowledgement apart

        def _answer(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            where = urlsplit(self.path)
            call = f"{self.command} {where.path.removeprefix('/api/v2')}"
            headers = {name.lower(): value for name, value in self.headers.items()}
            is_json = raw and headers.get("content-type", "").startswith("application/json")
            body = json.loads(raw) if is_json else None
            zendesk.seen.append(Seen(call, dict(parse_qsl(where.query)), headers, body, raw))
            answer = zendesk.next(call)
            if answer.instead:
                self._leave(answer.instead)
                return
            content = answer.body
            content = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def _leave(self, instead: str) -> None:
            self.close_connection = True
            if instead == SILENCE:
                zendesk.over.wait(10)
                return
            # Lingering for no time makes the system send a reset.
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.connection.shutdown(socket.SHUT_RDWR)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815 - http.server's names

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    return Handler


@contextmanager
def serving(zendesk: ScriptedZendesk) -> Iterator[ScriptedZendesk]:
    """Serve on a free port of this machine until the end of the block."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler_for(zendesk)) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        zendesk.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield zendesk
        finally:
            zendesk.over.set()
            server.shutdown()
