"""Connections to vendors are kept, and those that ended are not used again."""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool

from balie.tenants.http import VendorSession
from balie.tenants.wire import VendorAdapter


class Site(BaseHTTPRequestHandler):
    """Keeps connections open, but for what asks for ``/last``: then it hangs up unsaid."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.asked.append((self.client_address[1], self.headers.get("Cookie")))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.send_header("Set-Cookie", "track=me")
        self.end_headers()
        self.close_connection = self.path == "/last"

    def do_POST(self) -> None:
        told = self.headers.get("Content-Length")
        self.server.posted.append(self.rfile.read(int(told)) if told else self._chunks())
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _chunks(self) -> bytes:
        whole = b""
        while length := int(self.rfile.readline(), 16):
            whole += self.rfile.read(length)
            self.rfile.readline()
        self.rfile.readline()
        return whole

    def log_message(self, *_: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    """Says who asked, and that a connection has ended."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Site)
        self.asked: list[tuple[int, str | None]] = []
        self.posted: list[bytes] = []
        self.ended = threading.Event()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        self.ended.set()


@contextmanager
def serving() -> Iterator[Server]:
    with Server() as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def site() -> Iterator[Server]:
    with serving() as server:
        yield server


def test_connection_is_kept_and_cookies_are_not(site):
    with VendorSession(frozenset({site.host})) as session:
        answers = [session.get(f"http://{site.host}/") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert len({port for port, _ in site.asked}) == 1
    assert {cookie for _, cookie in site.asked} == {None}
    assert [dict(answer.cookies) for answer in answers] == [{}, {}, {}]


def test_connection_that_ended_is_not_used_again(site):
    with VendorSession(frozenset({site.host})) as session:
        session.get(f"http://{site.host}/last")
        assert site.ended.wait(10)
        answer = session.get(f"http://{site.host}/")

    assert answer.status_code == 200
    assert len({port for port, _ in site.asked}) == 2


@pytest.mark.parametrize(
    ("body", "pieces", "whole"),
    [
        pytest.param(b'{"user": 1}', 1, b'{"user": 1}', id="short"),
        pytest.param(b"", 1, b"", id="empty"),
        pytest.param([b"a" * 70_000, b"b"], 4, b"a" * 70_000 + b"b", id="stream"),
    ],
)
def test_request_goes_in_one_piece_unless_it_is_a_stream(site, monkeypatch, body, pieces, whole):
    sent: list[bytes] = []
    send = HTTPConnection.send

    def count(wire: HTTPConnection, data: bytes) -> None:
        sent.append(data)
        send(wire, data)

    monkeypatch.setattr(HTTPConnection, "send", count)
    with VendorSession(frozenset({site.host})) as session:
        answer = session.post(
            f"http://{site.host}/", data=iter(body) if isinstance(body, list) else body
        )

    assert (answer.status_code, site.posted, len(sent)) == (200, [whole], pieces)


def test_more_hosts_than_are_kept_are_spoken_to_in_turns(site):
    with serving() as other, VendorSession(frozenset({site.host, other.host})) as session:
        session.mount("http://", VendorAdapter(hosts=1, connections=1))
        answers = [session.get(f"http://{each.host}/") for each in (site, other) * 2]

    assert [answer.status_code for answer in answers] == [200] * 4


def test_encrypted_connections_are_checked_as_before():
    with closing(VendorAdapter(hosts=1, connections=1)) as adapter:
        plain, secure = (
            adapter.poolmanager.connection_from_url(f"{scheme}://files.example.com")
            for scheme in ("http", "https")
        )

    assert isinstance(plain, HTTPConnectionPool)
    assert isinstance(secure, HTTPSConnectionPool)
    assert secure.ConnectionCls("files.example.com").is_connected is False
    assert secure.ConnectionCls.connect is HTTPSConnectionPool.ConnectionCls.connect
