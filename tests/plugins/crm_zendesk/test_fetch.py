"""Agents' files: fetched from where Zendesk points to, credentials shown to nobody else."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

import pytest

from balie.api import Media, MediaKind, PermanentError, RateLimited, TransientError
from balie.tenants.http import VendorSession
from balie_crm_zendesk.plugin import plugin

from .scripted_zendesk import RESET, SILENCE, TOKEN_CALL, Answer, ScriptedZendesk, serving

PATH = "/attachments/token/secret-of-the-file/"
GET_FILE = f"GET {PATH}"
STORE = "GET /store/cat.png"
PNG = b"\x89PNG" + b"x" * 200_000


@pytest.fixture
def cdn() -> Iterator[ScriptedZendesk]:
    """Another host, which refuses who shows credentials."""
    with serving(ScriptedZendesk()) as cdn:
        cdn.script(STORE, Answer(200, PNG, {"Content-Type": "image/png"}))
        yield cdn


def host(server):
    return server.url.removeprefix("http://")


@pytest.fixture
def ctx(to_zendesk, zendesk, cdn):
    return to_zendesk(file_hosts=host(cdn))


def a_photo(zendesk, **changes):
    ref = f"{zendesk.url}{PATH}?name=cat.png"
    photo = Media(kind=MediaKind.IMAGE, ref=ref, text="[Afbeelding: cat.png]", name="cat.png")
    return replace(photo, **changes)


def points_to(zendesk, url, status=302):
    zendesk.on(GET_FILE, b"", status, Location=url)


def fetched(ctx, media):
    stream = plugin.media_fetch(ctx, media)
    return b"".join(stream.chunks), stream.type, stream.name, stream.size


def test_file_that_drips_is_passed_on_as_it_comes(ctx, zendesk):
    """A few bytes at a time must reach whoever counts the seconds, and not fill a buffer first."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as door:

        def drip() -> None:
            peer, _ = door.accept()
            with peer:
                peer.recv(4096)
                peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nab")
                over.wait(10)

        threading.Thread(target=drip, daemon=True).start()
        port = door.getsockname()[1]
        points_to(zendesk, f"http://127.0.0.1:{port}/slow")
        chunks = plugin.media_fetch(ctx, a_photo(zendesk)).chunks
        assert next(chunks) == b"ab"
        over.set()
        with pytest.raises(TransientError):
            list(chunks)


def test_refusal_without_an_end_is_read_in_part(ctx, zendesk):
    """A host that talks on and on must not fill the memory."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as door:

        def talk() -> None:
            peer, _ = door.accept()
            with peer, suppress(OSError):
                peer.recv(4096)
                peer.sendall(b"HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\nmalware ")
                while not over.is_set():
                    peer.sendall(b"x" * 65536)

        threading.Thread(target=talk, daemon=True).start()
        points_to(zendesk, f"http://127.0.0.1:{door.getsockname()[1]}/endless")
        with pytest.raises(PermanentError, match="virus"):
            plugin.media_fetch(ctx, a_photo(zendesk))
        over.set()


def test_file_is_fetched_from_zendesk_with_credentials(ctx, zendesk):
    zendesk.script(GET_FILE, Answer(200, PNG, {"Content-Type": "image/png"}))
    assert fetched(ctx, a_photo(zendesk)) == (PNG, "image/png", "cat.png", len(PNG))
    assert zendesk.sent(GET_FILE).headers["authorization"] == "Bearer token-1"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_is_followed_without_credentials(ctx, zendesk, cdn, status):
    """A7"""
    points_to(zendesk, f"{cdn.url}/store/cat.png?signature=x", status)
    assert fetched(ctx, a_photo(zendesk))[0] == PNG
    assert [("authorization" in one.headers, one.query) for one in cdn.seen] == [
        (False, {"signature": "x"})
    ]


def test_redirect_within_zendesk_carries_no_credentials_either(ctx, zendesk):
    points_to(zendesk, "/store/cat.png")
    zendesk.script(STORE, Answer(200, PNG))
    assert fetched(ctx, a_photo(zendesk))[0] == PNG
    assert "authorization" not in zendesk.sent(STORE).headers


def test_file_that_lies_elsewhere_at_once_is_asked_for_without_credentials(ctx, zendesk, cdn):
    assert fetched(ctx, a_photo(zendesk, ref=f"{cdn.url}/store/cat.png"))[0] == PNG
    assert "authorization" not in cdn.sent(STORE).headers
    assert zendesk.seen == []


@pytest.fixture
def guarded_ctx(connect, ctx, zendesk, cdn):
    """The connection as the core makes it: its session knows the hosts of the settings."""
    with VendorSession(frozenset({host(zendesk), host(cdn)})) as session:
        yield replace(ctx, http=session)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "http://127.0.0.1:1/store/cat.png",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:127.0.0.1]/x",
        "http://localhost/x",
        "https://evil.example/x",
        "file:///etc/passwd",
        "//evil.example/x",
    ],
)
@pytest.mark.parametrize("at_once", [True, False])
def test_file_at_a_host_that_is_not_allowed_is_refused(guarded_ctx, zendesk, elsewhere, at_once):
    """A5"""
    points_to(zendesk, elsewhere)
    media = a_photo(zendesk, **({"ref": elsewhere} if at_once else {}))
    with pytest.raises(PermanentError):
        plugin.media_fetch(guarded_ctx, media)


def test_refused_host_is_named_and_not_the_secret_address(guarded_ctx, zendesk):
    points_to(zendesk, "https://evil.example/secret")
    with pytest.raises(PermanentError) as refused:
        plugin.media_fetch(guarded_ctx, a_photo(zendesk))
    assert str(refused.value) == (
        "Het bestand staat op een adres dat bij de verbinding niet is toegestaan (evil.example)."
    )


def test_redirects_without_end_are_not_followed(ctx, zendesk):
    points_to(zendesk, PATH)
    with pytest.raises(PermanentError):
        plugin.media_fetch(ctx, a_photo(zendesk))
    assert zendesk.calls == [GET_FILE] * 5


def test_refused_token_is_renewed_once(ctx, zendesk):
    zendesk.on(TOKEN_CALL, {"access_token": "token-2", "expires_in": 1800})
    zendesk.on(GET_FILE, {}, 401)
    zendesk.script(GET_FILE, Answer(200, PNG))
    assert fetched(ctx, a_photo(zendesk))[0] == PNG


def test_file_known_to_be_bad_is_not_fetched(ctx, zendesk):
    with pytest.raises(PermanentError, match=r"^Zendesk vond er een virus in\.$"):
        plugin.media_fetch(ctx, a_photo(zendesk, failed="Zendesk vond er een virus in."))
    assert zendesk.seen == []


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (
            Answer(403, b"Malware was found in this attachment."),
            PermanentError,
            "Zendesk vond er een virus in.",
        ),
        (Answer(404), PermanentError, "Het bestand is in Zendesk gewist."),
        (Answer(410), PermanentError, "Het bestand is in Zendesk gewist."),
        (
            Answer(500),
            TransientError,
            "Zendesk is out of order (GET a file was answered with 500).",
        ),
        (Answer(429), RateLimited, "Zendesk takes no more requests for now (GET a file)."),
        (Answer(instead=RESET), TransientError, None),
        (Answer(instead=SILENCE), TransientError, None),
    ],
)
def test_file_that_cannot_be_had_says_why(ctx, zendesk, answer, kind, words):
    zendesk.script(GET_FILE, answer)
    with pytest.raises(kind) as failed:
        plugin.media_fetch(ctx, a_photo(zendesk))
    assert type(failed.value) is kind
    assert words in (None, str(failed.value))
    assert "secret-of-the-file" not in str(failed.value)


@pytest.mark.parametrize("ref", ["", "no address", "https://[", "https://x:99999/", "mailto:x"])
def test_address_that_is_none_is_refused(guarded_ctx, zendesk, ref):
    with pytest.raises(PermanentError):
        plugin.media_fetch(guarded_ctx, a_photo(zendesk, ref=ref))
    assert zendesk.calls == []


@pytest.mark.parametrize("answer", [{}, {"attachment": []}, {"attachment": {"id": 6}}])
def test_scan_of_which_nothing_is_told_is_waited_for(ctx, zendesk, answer):
    zendesk.on("GET /attachments/5", answer)
    zendesk.script(GET_FILE, Answer(200, PNG))
    with pytest.raises(TransientError):
        plugin.media_fetch(ctx, a_photo(zendesk, ref=f"unscanned 5 0 {zendesk.url}{PATH}"))
    assert GET_FILE not in zendesk.calls


def test_file_that_breaks_off_is_tried_again(ctx):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def half() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")

        threading.Thread(target=half, daemon=True).start()
        media = Media(kind=MediaKind.IMAGE, ref=f"http://127.0.0.1:{port}/x", text="")
        stream = plugin.media_fetch(ctx, media)
        with pytest.raises(TransientError):
            b"".join(stream.chunks)
