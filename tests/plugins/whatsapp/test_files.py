"""Files fetched from Meta and put there: the token stays at home, and nothing never ends."""

import gzip
import io
import threading
from collections.abc import Callable
from typing import Any

import pytest

from balie.api import (
    Address,
    AddressKind,
    AuthFailed,
    Context,
    Media,
    MediaKind,
    PermanentError,
    Rejected,
    Reply,
    Text,
    TransientError,
)
from balie_whatsapp.graph import downloads
from balie_whatsapp.graph.uploads import Form
from balie_whatsapp.outbound.files import file_name
from balie_whatsapp.plugin import plugin

from .conftest import TOKEN, make_context
from .graph_api import Graph, serving
from .payloads import NUMBER_ID

PHOTO = Media(kind=MediaKind.IMAGE, ref="101", text="[Image]", name="a.jpg")
BYTES = bytes(range(256)) * 1000
ODD_NAME = "../../rekening\u202efdp.exe\n.pdf"
PHONE = (Address(kind=AddressKind.PHONE, value="+31655500001"),)


def describe(graph: Graph, url: str, **more):
    answer = {"url": url, "mime_type": "image/jpeg", "sha256": "x", "id": "101", **more}
    graph.on("/101", answer)


def fetched(ctx: Context) -> bytes:
    return b"".join(plugin.media_fetch(ctx, PHOTO).chunks)


def test_file_is_fetched_by_its_id_with_the_token(online: Context, graph: Graph):
    describe(graph, f"{graph.url}/file?hash=x", file_size=str(len(BYTES)))
    graph.on("/file", BYTES)
    stream = plugin.media_fetch(online, PHOTO)
    assert (stream.type, stream.name, stream.size) == ("image/jpeg", "a.jpg", len(BYTES))
    assert b"".join(stream.chunks) == BYTES
    asked, got = graph.seen
    assert asked.path == f"/v24.0/101?phone_number_id={NUMBER_ID}"
    assert got.headers["authorization"] == f"Bearer {TOKEN}"
    assert got.headers["accept-encoding"] == "identity"


def test_file_of_another_host_is_not_asked_for(online: Context, graph: Graph):
    """A5, A6, A7: the token is for Meta's hosts, whatever address an answer names."""
    with serving(Graph()) as elsewhere:
        for url in (
            f"{elsewhere.url}/file",
            "http://169.254.169.254/latest/meta-data",
            "http://[::ffff:127.0.0.1]/",
            "http://2130706433/",
            graph.url.replace("http://", "http://x@127.0.0.2#@"),
            graph.url.replace("http:", "https:"),
            f"file://{graph.url.removeprefix('http://')}/etc/passwd",
            "http://127.0.0.1:99999/",
            "",
        ):
            describe(graph, url)
            with pytest.raises(PermanentError, match="an address for the file that is not trusted"):
                plugin.media_fetch(online, PHOTO)
        assert elsewhere.seen == []
    assert {seen.path.partition("?")[0] for seen in graph.seen} == {"/v24.0/101"}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_is_not_followed(online: Context, graph: Graph, status):
    """A7: a redirect would carry the token to another host."""
    with serving(Graph()) as elsewhere:
        describe(graph, f"{graph.url}/file")
        graph.on("/file", b"", status, Location=f"{elsewhere.url}/steal")
        with pytest.raises(PermanentError, match="refers to another address"):
            plugin.media_fetch(online, PHOTO)
        assert elsewhere.seen == []


def test_address_that_expired_is_asked_for_anew(online: Context, graph: Graph):
    describe(graph, f"{graph.url}/old")
    graph.on("/old", b"", 404)
    first = plugin.media_fetch

    def renew(handler):
        if handler.path == "/old":
            describe(graph, f"{graph.url}/new")
            graph.on("/new", BYTES)
        status, _, body = graph.answer_to(handler.path)
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    graph.instead = renew
    assert b"".join(first(online, PHOTO).chunks) == BYTES
    assert [seen.path.partition("?")[0] for seen in graph.seen] == [
        *("/v24.0/101", "/old", "/v24.0/101", "/new"),
    ]


@pytest.mark.parametrize("status", [403, 404, 410])
def test_file_that_is_gone_is_told_in_words(online: Context, graph: Graph, status):
    describe(graph, f"{graph.url}/file")
    graph.on("/file", b"", status)
    with pytest.raises(PermanentError, match="no longer there: WhatsApp keeps"):
        plugin.media_fetch(online, PHOTO)
    assert len(graph.asked("/file")) == 2


def test_id_that_is_unknown_is_told_in_words_and_signs_nobody_out(clock, session, graph: Graph):
    ctx = make_context(clock, session, graph_url=graph.url, locale="nl")
    graph.fails(100, 400, error_subcode=33, type="GraphMethodException")
    with pytest.raises(PermanentError, match="Het bestand is er niet meer"):
        plugin.media_fetch(ctx, PHOTO)


@pytest.mark.parametrize(
    ("status", "error"), [(401, TransientError), (429, TransientError), (500, TransientError)]
)
def test_trouble_with_the_file_is_tried_again(online: Context, graph: Graph, status, error):
    describe(graph, f"{graph.url}/file")
    graph.on("/file", b"", status)
    with pytest.raises(error):
        plugin.media_fetch(online, PHOTO)


def test_trouble_with_the_token_signs_out(online: Context, graph: Graph):
    graph.fails(190, 401)
    with pytest.raises(AuthFailed):
        plugin.media_fetch(online, PHOTO)


def test_reference_that_is_no_id_asks_nobody(online: Context, graph: Graph):
    """A5: what a webhook names cannot lead anywhere else in the Graph API."""
    for ref in ("", " ", "1 2", "x" * 300, "é", "../me", "me/accounts", "1?fields=x", "1#", "."):
        with pytest.raises(PermanentError):
            plugin.media_fetch(online, Media(kind=MediaKind.IMAGE, ref=ref, text="x"))
    assert graph.seen == []


def test_length_that_lies_ends_in_a_retry(online: Context, graph: Graph):
    """A11: 100 MB lies in Content-Length."""
    describe(graph, f"{graph.url}/file")
    graph.on("/file", b"", 200)
    graph.instead = cut_short(graph)
    with pytest.raises(TransientError, match="The file broke off"):
        fetched(online)


def cut_short(graph: Graph):
    def cut(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\nabc")

    return otherwise(graph, cut)


def otherwise(graph: Graph, serve: Callable[[Any], None]):
    """Serve the file in another way, and the rest as before."""

    def answer(handler):
        if handler.path == "/file":
            serve(handler)
            return
        status, _, body = graph.answer_to(handler.path)
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def test_packed_body_is_not_unpacked(online: Context, graph: Graph):
    """A11: what is counted against the limit is what came over the line."""
    packed = gzip.compress(bytes(10_000_000))
    describe(graph, f"{graph.url}/file")
    graph.on("/file", packed, 200, Content_Encoding="gzip")
    assert fetched(online) == packed


def test_body_that_never_ends_is_ended(online: Context, graph: Graph, monkeypatch):
    """A11: the core counts the bytes, the plugin the time."""
    monkeypatch.setattr(downloads, "MOST_SECONDS", -1.0)
    describe(graph, f"{graph.url}/file")
    graph.on("/file", BYTES)
    with pytest.raises(TransientError, match="too slowly"):
        fetched(online)


def test_body_that_drips_is_passed_on_as_it_comes(online: Context, graph: Graph):
    """A11: who waited for a whole piece could be kept waiting for ever."""
    go_on = threading.Event()

    def drip(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabc")
        go_on.wait(10)
        handler.wfile.write(b"def")

    describe(graph, f"{graph.url}/file")
    graph.instead = otherwise(graph, drip)
    chunks = iter(plugin.media_fetch(online, PHOTO).chunks)
    first = next(chunks)
    go_on.set()

    assert (first, b"".join(chunks)) == (b"abc", b"def")


def kept(ctx: Context, content: bytes = BYTES) -> str:
    return ctx.files.keep([content], most_bytes=10_000_000).key


def send(ctx: Context, *parts):
    return plugin.reply_dispatch(ctx, Reply(id="7", to=PHONE, parts=parts))


def a_file(ctx: Context, kind: MediaKind, mime: str, **more) -> Media:
    return Media(kind=kind, ref="", text="x", type=mime, stored=kept(ctx), **more)


@pytest.mark.parametrize(
    ("media", "declared", "message"),
    [
        (
            (MediaKind.IMAGE, "image/jpeg", {"caption": "kijk *hier*"}),
            "image/jpeg",
            {"type": "image", "image": {"id": "900", "caption": "kijk *\u200bhier*"}},
        ),
        (
            (MediaKind.VIDEO, "video/mp4", {}),
            "video/mp4",
            {"type": "video", "video": {"id": "900"}},
        ),
        (
            (MediaKind.VOICE, "audio/ogg", {}),
            "audio/ogg; codecs=opus",
            {"type": "audio", "audio": {"id": "900", "voice": True}},
        ),
        (
            (MediaKind.AUDIO, "audio/mp3", {}),
            "audio/mpeg",
            {"type": "audio", "audio": {"id": "900"}},
        ),
        (
            (MediaKind.STICKER, "image/webp", {}),
            "image/webp",
            {"type": "sticker", "sticker": {"id": "900"}},
        ),
        (
            (
                MediaKind.DOCUMENT,
                "application/pdf; charset=binary",
                {"name": ODD_NAME},
            ),
            "application/pdf",
            {"type": "document", "document": {"id": "900", "filename": "rekeningfdp.exe .pdf"}},
        ),
    ],
    ids=["image", "video", "voice", "audio", "sticker", "document"],
)
def test_file_is_put_at_meta_and_sent_by_its_id(
    online: Context, graph: Graph, media, declared, message
):
    graph.on("/media", {"id": "900"})
    kind, mime, more = media
    send(online, a_file(online, kind, mime, **more))
    put, sent = graph.seen
    assert put.path == f"/v24.0/{NUMBER_ID}/media"
    assert put.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert int(put.headers["content-length"]) == len(put.body)
    assert BYTES in put.body
    assert f"Content-Type: {declared}\r\n".encode() in put.body
    assert f'name="type"\r\n\r\n{declared}\r\n'.encode() in put.body
    assert {key: sent.json[key] for key in message} == message


def test_words_beside_a_file_are_its_caption(online: Context, graph: Graph):
    graph.on("/media", {"id": "900"})
    send(online, Text(text="Zie hier"), a_file(online, MediaKind.IMAGE, "image/png"))
    assert graph.seen[1].json["image"] == {"id": "900", "caption": "Zie hier"}


@pytest.mark.parametrize("kind", [MediaKind.VOICE, MediaKind.AUDIO, MediaKind.STICKER])
def test_words_beside_what_takes_none_are_refused(online: Context, graph: Graph, kind):
    with pytest.raises(Rejected) as caught:
        send(online, Text(text="Hoor"), a_file(online, kind, "audio/ogg"))
    assert (caught.value.code, graph.seen) == ("no_caption", [])


def test_caption_that_is_too_long_is_refused(online: Context, graph: Graph):
    graph.on("/media", {"id": "900"})
    with pytest.raises(Rejected) as caught:
        send(online, a_file(online, MediaKind.IMAGE, "image/png", caption="x" * 1025))
    assert caught.value.code == "too_long"


@pytest.mark.parametrize("stored", ["", "t2/2026/10/" + "0" * 32, "../../etc/passwd"])
def test_file_that_is_not_ours_is_not_sent(online: Context, graph: Graph, stored):
    """A10, A12: a key of another tenant, or of none, names nothing."""
    media = Media(kind=MediaKind.IMAGE, ref="", text="x", type="image/png", stored=stored)
    with pytest.raises(Rejected) as caught:
        send(online, media)
    assert (caught.value.code, graph.seen) == ("no_file", [])


def test_retry_does_not_upload_again(online: Context, graph: Graph):
    graph.on("/media", {"id": "900"})
    media = a_file(online, MediaKind.IMAGE, "image/png")
    graph.fails(131016, 500)
    with pytest.raises(TransientError):
        send(online, media)
    graph.answers(200, {"messages": [{"id": "wamid.SENT"}]})
    send(online, media)
    assert len(graph.asked("/media")) == 1
    assert len(graph.asked("/messages")) == 2


def test_file_that_meta_lost_is_uploaded_anew(online: Context, graph: Graph):
    graph.on("/media", {"id": "900"})
    media = a_file(online, MediaKind.IMAGE, "image/png")
    send(online, media)
    graph.fails(131009)
    with pytest.raises(TransientError, match="put at WhatsApp anew"):
        send(online, media)
    with pytest.raises(Rejected):
        send(online, media)
    assert len(graph.asked("/media")) == 2


@pytest.mark.parametrize("answer", [{}, {"id": ""}, {"id": {"a": 1}}])
def test_upload_without_an_id_is_tried_again(online: Context, graph: Graph, answer):
    graph.on("/media", answer)
    with pytest.raises(TransientError):
        send(online, a_file(online, MediaKind.IMAGE, "image/png"))
    assert graph.asked("/messages") == []


def test_form_is_read_in_pieces_and_as_long_as_it_says():
    form = Form({"type": "x/y"}, io.BytesIO(b"abc" * 1000), 3000, "x/y")
    pieces = []
    while piece := form.read(7):
        assert len(piece) <= 7
        pieces.append(piece)
    assert len(b"".join(pieces)) == len(form)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a.pdf", "a.pdf"),
        ("../../a.pdf", "a.pdf"),
        ("c:\\x\\a.pdf", "a.pdf"),
        ("..", "document"),
        ("", "document"),
        ("a\x00b\n.pdf", "ab .pdf"),
        ("x" * 300, "x" * 239 + "…"),
    ],
)
def test_file_name_is_a_name_and_no_path(name, shown):
    """A10."""
    assert file_name(name) == shown
