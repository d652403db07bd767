"""The sandbox's Graph API in a process of its own, and a door on this machine for its webhooks."""

import queue
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import requests
from flask import Flask, request
from werkzeug.serving import make_server

from balie.api import Context, Event, WebRequest
from balie_whatsapp.plugin import plugin

DEADLINE_SECONDS = 20.0
CUSTOMER = "+31655501234"


@dataclass
class Meta:
    """The running sandbox."""

    url: str
    session: requests.Session

    def control(self, path: str, body: Any = None, method: str = "POST") -> dict[str, Any]:
        """Call /control/whatsapp/<path>, which must succeed, and return its JSON."""
        answer = self.session.request(
            method, f"{self.url}/control/{path}", json=body, timeout=DEADLINE_SECONDS
        )
        assert answer.ok, f"{answer.status_code} {answer.text}"
        return answer.json()

    def says(self, kind: str, **more: Any) -> dict[str, Any]:
        """Let the customer send something."""
        return self.control("whatsapp/messages", {"from": CUSTOMER, "type": kind, **more})

    def shown(self, direction: str = "in") -> list[dict[str, Any]]:
        """Return what the customer's phone shows."""
        phone = self.control(f"whatsapp/phones/{CUSTOMER}", method="GET")
        return [one for one in phone["messages"] if one["direction"] == direction]


@dataclass
class Door:
    """Takes webhooks as Balie's door does, and reads them at once."""

    ctx: Context | None = None
    url: str = ""
    events: "queue.Queue[Event]" = field(default_factory=queue.Queue)

    def next(self, kind: type[Event]) -> Any:
        """Return the next event of a kind; others before it are dropped."""
        end = time.monotonic() + DEADLINE_SECONDS
        while True:
            event = self.events.get(timeout=max(0.01, end - time.monotonic()))
            if isinstance(event, kind):
                return event

    def take(self, asked: WebRequest) -> tuple[str, int]:
        """Let a request in."""
        assert self.ctx is not None
        ingress = plugin.channel_ingress(self.ctx, asked)
        for raw in ingress.events:
            for event in plugin.event_parse(self.ctx, raw):
                self.events.put(event)
        return ingress.answer.body, ingress.answer.status


@contextmanager
def door() -> Iterator[Door]:
    """Open a door on a free port."""
    opened, app = Door(), Flask("door")

    @app.route("/hooks/bakker/wa", methods=["GET", "POST"])
    def hook() -> tuple[str, int]:
        headers = {name.lower(): value for name, value in request.headers.items()}
        body, query = request.get_data(), dict(request.args)
        asked = WebRequest(method=request.method, headers=headers, query=query, body=body)
        return opened.take(asked)

    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    opened.url = f"http://127.0.0.1:{server.server_port}/hooks/bakker/wa"
    try:
        yield opened
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def meta() -> Iterator[Meta]:
    """Run a sandbox on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "balie_sandbox", "--port", str(port), "--retry-scale", "0.01"]
    with subprocess.Popen(command) as process, requests.Session() as session:
        running, end = Meta(f"http://127.0.0.1:{port}", session), time.monotonic() + 60
        while not _is_up(running):
            assert process.poll() is None, "The sandbox ended."
            assert time.monotonic() < end, "The sandbox did not start."
            time.sleep(0.02)
        yield running
        process.terminate()


def _is_up(running: Meta) -> bool:
    try:
        return running.session.get(running.url, timeout=1).status_code < 500
    except requests.ConnectionError:
        return False
