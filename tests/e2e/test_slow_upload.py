"""A11: who sends a file a byte at a time is told that it takes too long, and holds nothing."""

import socket
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from tests.e2e.chatting import Browser, add_widget
from tests.e2e.whole import Whole, running


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    with running(tmp_path_factory.mktemp("slow")) as started:
        add_widget(started, file_seconds=1.5)
        yield started


def test_a11_file_that_trickles_in_ends_with_a_sentence(whole):
    browser = Browser.of(whole)
    url = urlsplit(browser.url)
    head = (
        f"POST {url.path}/files HTTP/1.1\r\nHost: {url.netloc}\r\n"
        f"Authorization: Bearer {browser.token}\r\nContent-Type: text/plain\r\n"
        "X-File-Name: brief.txt\r\nContent-Length: 100000\r\n\r\n"
    )
    began = time.monotonic()
    with socket.create_connection((url.hostname, url.port), timeout=20) as wire:
        wire.sendall(head.encode())
        answer = b""
        wire.settimeout(0.2)
        while b"\r\n\r\n" not in answer and time.monotonic() < began + 15:
            try:
                wire.sendall(b"a")
                answer += wire.recv(4_096)
            except TimeoutError:
                continue
    took = time.monotonic() - began

    assert answer.startswith(b"HTTP/1.1 408")
    assert 1.5 <= took < 6
    assert browser.ask("GET", "threads").status_code == 200
