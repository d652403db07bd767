"""A running sandbox for these tests: its own process, as users run it."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import requests
from flask import Flask, request
from playwright.sync_api import Browser, Page
from pywa import WhatsApp
from werkzeug.serving import make_server

DEADLINE_SECONDS = 15.0


@dataclass
class RunningSandbox:
    """Where the sandbox listens, and short ways to its control routes."""

    url: str
    session: requests.Session = field(default_factory=requests.Session)

    def control(self, path: str, body: Any = None, method: str = "POST") -> dict[str, Any]:
        """Call /control/<path>, which must succeed, and return its JSON."""
        answer = self.session.request(
            method, f"{self.url}/control/{path}", json=body, timeout=DEADLINE_SECONDS
        )
        assert answer.ok, f"{answer.status_code} {answer.text}"
        return answer.json()

    def look(self, path: str) -> dict[str, Any]:
        """GET /control/<path> and return its JSON."""
        return self.control(path, method="GET")


def wait_until(look: Callable[[], Any]) -> Any:
    """Return what ``look`` returns as soon as that is true; fail when it never is."""
    end = time.monotonic() + DEADLINE_SECONDS
    while not (seen := look()):
        assert time.monotonic() < end, "It did not happen in time."
        time.sleep(0.01)
    return seen


def find_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def free_port() -> int:
    """A port nobody listens on."""
    return find_port()


@pytest.fixture(name="is_up")
def is_up_fixture() -> Callable[[str], bool]:
    """Say whether a sandbox answers at a URL."""

    def look(url: str) -> bool:
        with requests.Session() as session:
            return is_up(RunningSandbox(url, session))

    return look


@pytest.fixture(scope="session")
def sandbox_process() -> Iterator[RunningSandbox]:
    port = find_port()
    command = [sys.executable, "-m", "balie_sandbox", "--port", str(port), "--retry-scale", "0.01"]
    with subprocess.Popen(command) as process:
        running = RunningSandbox(f"http://127.0.0.1:{port}")
        wait_until(lambda: process.poll() is not None or is_up(running))
        yield running
        process.terminate()
        running.session.close()


def is_up(running: RunningSandbox) -> bool:
    try:
        return bool(running.look("health"))
    except requests.ConnectionError:
        return False


@pytest.fixture
def sandbox(sandbox_process: RunningSandbox) -> RunningSandbox:
    """The sandbox as after a fresh start."""
    sandbox_process.control("reset")
    return sandbox_process


@dataclass
class Received:
    """One webhook as it came in."""

    headers: dict[str, str]
    body: bytes
    json: Any


@dataclass
class Receiver:
    """A server of somebody's own that webhooks go to; ``answers`` are used up in order."""

    url: str
    received: list[Received] = field(default_factory=list)
    #: HTTP statuses for the next requests; 200 when empty.
    answers: list[int] = field(default_factory=list)
    verify_token: str = "receiver-verify"

    def take(self, count: int) -> list[Received]:
        """Wait until ``count`` webhooks came and return them."""
        wait_until(lambda: len(self.received) >= count)
        return self.received[:count]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    app = Flask("receiver")
    with serving(app) as url:
        receiver = Receiver(f"{url}/hook")

        @app.post("/hook")
        def hook() -> tuple[str, int]:
            raw = request.get_data()
            received = Received(dict(request.headers), raw, request.get_json())
            receiver.received.append(received)
            return "", receiver.answers.pop(0) if receiver.answers else 200

        @app.get("/hook")
        def shake() -> tuple[str, int]:
            if request.args.get("hub.verify_token") != receiver.verify_token:
                return "", 403
            return request.args["hub.challenge"], 200

        yield receiver


@pytest.fixture(name="wait_until")
def wait_until_fixture() -> Callable[[Callable[[], Any]], Any]:
    """Wait for something to become true, and return it."""
    return wait_until


@pytest.fixture(name="serving")
def serving_fixture() -> "type[serving]":
    """``with serving(app) as url``."""
    return serving


@pytest.fixture
def connected(sandbox: RunningSandbox, receiver: Receiver) -> Receiver:
    """The receiver as the callback of the default app, subscribed."""
    sandbox.control("whatsapp/app", {"callback_url": receiver.url})
    return receiver


@dataclass
class GraphClient:
    """Bare calls of the Graph API with the default app's token."""

    url: str
    session: requests.Session

    def call(
        self, method: str, path: str, body: Any = None, **options: Any
    ) -> tuple[int, dict[str, Any]]:
        """Return status and JSON of one call; ``fbtrace_id`` is checked and left out."""
        headers = {"Authorization": "Bearer EAASANDBOXtoken"}
        answer = self.session.request(
            method,
            f"{self.url}/{path}",
            json=body,
            timeout=DEADLINE_SECONDS,
            headers=options.pop("headers", headers),
            **options,
        )
        found = answer.json()
        if "error" in found:
            assert len(found["error"].pop("fbtrace_id")) == 23
        return answer.status_code, found

    def send(self, **body: Any) -> tuple[int, dict[str, Any]]:
        """Send a message from the default number; a text to the default customer by default."""
        usual = {
            "messaging_product": "whatsapp",
            "to": "+31655501234",
            "type": "text",
            "text": {"body": "Goedemiddag"},
        }
        whole = {key: value for key, value in (usual | body).items() if value is not None}
        return self.call("POST", "v24.0/106540352242922/messages", whole)


@pytest.fixture
def graph(sandbox: RunningSandbox) -> GraphClient:
    """A client of the default number."""
    return GraphClient(f"{sandbox.url}/graph", sandbox.session)


class serving:  # noqa: N801 - used as a with statement reads
    """Serve a WSGI app from a thread, on a free port unless told; gives its URL."""

    def __init__(self, app: Flask, port: int = 0) -> None:
        self.server = make_server("127.0.0.1", port, app, threaded=True)
        self.thread = threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )

    def __enter__(self) -> str:
        self.thread.start()
        return f"http://127.0.0.1:{self.server.server_port}"

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


class ToSandbox(httpx.HTTPTransport):
    """Takes what is meant for graph.facebook.com to the sandbox."""

    def __init__(self, sandbox_url: str) -> None:
        super().__init__()
        self.base = httpx.URL(sandbox_url)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "graph.facebook.com":
            request.url = self.base.copy_with(raw_path=b"/graph" + request.url.raw_path)
            request.headers["Host"] = self.base.netloc.decode()
        return super().handle_request(request)


@pytest.fixture
def make_client(sandbox: RunningSandbox) -> Iterator[Callable[..., WhatsApp]]:
    """Make pywa clients that talk to the sandbox, and close their connections."""
    sessions: list[httpx.Client] = []

    def make(token: str = "EAASANDBOXtoken", **options: Any) -> WhatsApp:
        sessions.append(httpx.Client(transport=ToSandbox(sandbox.url)))
        options = {"phone_id": "106540352242922", "waba_id": "419561257915477"} | options
        return WhatsApp(token=token, session=sessions[-1], **options)

    yield make
    for session in sessions:
        session.close()


@pytest.fixture
def open_page(chrome: Browser, sandbox: RunningSandbox) -> Iterator[Callable[..., Page]]:
    """Open a path of the sandbox; a script's error or complaint fails the test."""
    complaints: list[str] = []
    contexts = []

    def open_(path: str, **options: Any) -> Page:
        contexts.append(chrome.new_context(**options))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text))
        page.goto(f"{sandbox.url}{path}")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert complaints == []
