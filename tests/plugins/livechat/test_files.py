"""Files: what they are and not what they are called, for those whose they are, and never a page."""

import base64
import io
import struct
import zipfile
from urllib.parse import quote

import pytest

from balie.api import AgentReplied, EventKind, Media, MediaKind, Text
from balie.run.tidying import Tidying
from balie.store.files import FileStore
from balie.store.stray import Strays
from balie_livechat.files.names import safe_name

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def send(visitor, data=PNG, *, name="foto.png", told="image/png", **more):
    return visitor.client.post(
        f"{visitor.base}/files",
        data=data,
        headers={
            "Authorization": f"Bearer {visitor.token}",
            "X-File-Name": quote(name),
            "Content-Type": told,
        },
        **more,
    )


def test_file_of_a_visitor_reaches_the_ticket_and_comes_back(paper, visitor):
    ref = send(visitor).json["ref"]
    visitor.say("kijk", files=[ref])
    paper.drain()
    (message,) = visitor.poll()
    href = message["parts"][1]["href"]
    fetched = visitor.ask("GET", href)

    (line,) = paper.desk.batches[0].lines
    assert isinstance(line.parts[1], Media)
    live = paper.services.contexts.find("winkel", "desk")
    with live.ctx.files.open(line.parts[1].stored) as file:
        assert file.read() == PNG
    assert (line.parts[1].kind, line.parts[1].name) == (MediaKind.IMAGE, "foto.png")
    assert fetched.data == PNG
    assert fetched.headers["Content-Type"] == "image/png"
    assert fetched.headers["Content-Length"] == str(len(PNG))


def test_file_alone_is_a_message(paper, visitor):
    ref = send(visitor).json["ref"]

    assert visitor.say("", files=[ref]).status_code == 202


def test_file_of_an_agent_is_shown_to_the_visitor_alone(paper, visitor, visit):
    visitor.say()
    paper.drain()
    paper.desk.files["f1"] = HTML
    part = Media(
        kind=MediaKind.DOCUMENT, ref="f1", text="[Bestand]", type="text/html", name="a.html"
    )
    reply = AgentReplied(
        ticket_id="ticket-of-1",
        comment_id="c1",
        at=paper.clock.now(),
        parts=(Text(text="zie bijlage"), part),
    )
    paper.happens(reply, kind=EventKind.TICKET, lane="ticket-of-1", plugin=paper.desk)
    paper.settle()
    href = next(
        one["href"]
        for message in visitor.poll()
        for one in message["parts"]
        if one["is"] == "media"
    )
    fetched = visitor.ask("GET", href)
    stranger = visit()
    stranger.begin()

    assert fetched.data == HTML
    assert stranger.ask("GET", href).status_code == 404
    assert visitor.client.get(f"{visitor.base}/{href}").status_code == 401
    # A9: it is nobody's page.
    assert fetched.headers["Content-Type"] == "application/octet-stream"
    assert fetched.headers["Content-Disposition"].startswith("attachment; ")
    assert fetched.headers["Content-Security-Policy"].startswith("default-src 'none'; sandbox")
    assert fetched.headers["X-Content-Type-Options"] == "nosniff"
    assert fetched.headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize(
    ("data", "name", "told"),
    [
        (HTML, "foto.png", "image/png"),
        (HTML, "a.txt", "text/plain"),
        (SVG, "logo.svg", "image/svg+xml"),
        (SVG, "logo.png", "image/png"),
        (b"MZ\x90\x00" + b"\0" * 200, "setup.exe", "application/octet-stream"),
        (b"MZ\x90\x00" + b"\0" * 200, "brief.pdf", "application/pdf"),
        (b"#!/bin/sh\nrm -rf /\0", "a.txt", "text/plain"),
        (b"\xff\xfe\xfd\x00", "a.txt", "text/plain"),
        (b"GIF89a\x01\0\x01\0<script>", "a.html", "text/html"),
    ],
    ids=["html", "html-txt", "svg", "svg-png", "exe", "exe-pdf", "nul", "bytes", "gif-html"],
)
def test_a9_file_is_what_its_bytes_are(paper, visitor, tmp_path, data, name, told):
    answer = send(visitor, data, name=name, told=told)

    if answer.status_code == 201:  # a picture with odd bytes behind its head is a picture
        assert answer.json["type"] == "image/gif"
        return
    assert (answer.status_code, answer.json["error"]) == (415, "file_type")
    assert [path for path in (tmp_path / "media").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("data", "name", "told", "kind"),
    [
        (PNG, "foto.png", "image/png", "image"),
        (PNG, "foto.png", "application/octet-stream", "image"),
        (PDF, "bon.pdf", "application/pdf", "document"),
        ("Beste winkel, ü".encode(), "brief.txt", "text/plain; charset=utf-8", "document"),
    ],
    ids=["png", "png-untold", "pdf", "text"],
)
def test_file_that_may_be_sent_is_kept(visitor, data, name, told, kind):
    answer = send(visitor, data, name=name, told=told)

    assert answer.status_code == 201
    assert (answer.json["name"], answer.json["kind"], answer.json["size"]) == (
        name,
        kind,
        len(data),
    )


def test_a11_limit_is_counted_and_not_believed(visitor, settle, tmp_path):
    settle(file_megabytes=0.001)
    big = PNG + b"\0" * 2_000
    honest = send(visitor, big)
    endless = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
    chunked = send(visitor, big, environ_overrides={**endless, "CONTENT_LENGTH": ""})

    assert [(one.status_code, one.json["error"]) for one in (honest, chunked)] == [
        (413, "file_too_large")
    ] * 2
    assert honest.json["text"] == "Dit bestand is te groot: er passen 0.001 MB in."
    assert [path for path in (tmp_path / "media").rglob("*") if path.is_file()] == []


def test_file_that_is_empty_or_not_wanted_is_refused(visitor, settle):
    assert send(visitor, b"").json["error"] == "file_empty"
    settle(file_megabytes=0.0)
    assert send(visitor).json["error"] == "file_type"
    settle(file_megabytes=1.0, file_types="application/pdf")
    assert send(visitor).json["error"] == "file_type"


def test_a12_file_of_another_visitor_cannot_be_sent_along(visitor, visit):
    ref = send(visitor).json["ref"]
    stranger = visit()
    stranger.begin()

    assert stranger.say("", files=[ref]).status_code == 400
    assert stranger.say("", files=[ref[:-1]]).status_code == 400


def test_reference_to_a_file_ends(paper, visitor, visit):
    ref = send(visitor).json["ref"]
    visitor.say()
    paper.clock.forward(25 * 3600)
    visitor.begin(resume=visitor.resume)

    assert visitor.say("", files=[ref]).status_code == 400


def test_a18_address_that_sends_very_much_waits_and_is_told_why(visit, settle):
    settle(address_megabytes=2)
    big = PNG + b"\0" * 1_500_000
    told = []
    for _ in range(4):
        visitor = visit()
        visitor.begin()
        told.append(send(visitor, big))
    other = visit()
    other.begin()
    elsewhere = send(other, environ_overrides={"REMOTE_ADDR": "203.0.113.99"})

    assert [one.status_code for one in told] == [201, 429, 429, 429]
    assert "veel bestanden verstuurd vanaf uw internetverbinding" in told[-1].json["text"]
    assert elsewhere.status_code == 201


def test_file_that_is_never_sent_is_deleted_and_one_that_is_stays(paper, visitor, tmp_path):
    files = FileStore(paper.services.settings.media_url, paper.clock, Strays(paper.services.store))
    sent = send(visitor).json["ref"]
    send(visitor)
    message = {"id": "message-of-files", "thread": "thread-1", "files": [sent]}
    for _ in range(2):  # and again, as the answer may get lost
        assert visitor.ask("POST", "messages", message).status_code == 202
    paper.drain()
    paper.clock.forward(26 * 3600)
    Tidying(paper.services.store, files, paper.clock).look()

    assert len([path for path in (tmp_path / "media").rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize("place", ["1", "9", "-1", "x", "0x0", "²"])
def test_part_that_is_no_file_is_not_found(paper, visitor, place):
    visitor.say("hallo", files=[send(visitor).json["ref"]])
    paper.drain()
    (message,) = visitor.poll()

    told = visitor.ask("GET", f"messages/{message['id']}/files/{place}")

    assert told.status_code == (200 if place == "1" else 404)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd.png"),
        ("..\\..\\boot.ini", "boot ini.png"),
        ("C:\\temp\\foto.png", "foto.png"),
        ("foto\u202egnp.exe", "fotognp exe.png"),
        ("foto\u061c\u200b\ufeff.PNG", "foto.PNG"),
        ("a\0b.png", "ab.png"),
        ("", "image.png"),
        ("....", "image.png"),
        (".htaccess", "htaccess.png"),
        ("x" * 300 + ".png", "x" * 120 + ".png"),
        ("<script>.png", "script.png"),
        ('a"; filename=b.exe', "a; filename=b exe.png"),
        ("naam met spaties.png", "naam met spaties.png"),
        ("invoice.exe", "invoice exe.png"),
        ("shell.php", "shell php.png"),
        ("shell.php.png", "shell php.png"),
        ("CON", "image.png"),
        ("nul.txt", "nul txt.png"),
        ("Lpt1.png", "image.png"),
    ],
    ids=range(19),
)
def test_a10_name_is_made_harmless(name, safe):
    assert safe_name(name, "image/png") == safe


def test_a10_name_ends_as_the_type_that_was_found_also_in_the_ticket(paper, visitor):
    sent = [
        send(visitor, data, name=name, told=told).json
        for data, name, told in (
            (PNG, "factuur.exe", "image/png"),
            (PDF, "nul.pdf", "application/pdf"),
        )
    ]
    visitor.say("kijk", files=[one["ref"] for one in sent])
    paper.drain()
    (line,) = paper.desk.batches[0].lines
    (message,) = visitor.poll()
    fetched = visitor.ask("GET", message["parts"][1]["href"])

    named = ["factuur exe.png", "document.pdf"]
    assert [one["name"] for one in sent] == named
    assert [part.name for part in line.parts[1:]] == named
    assert fetched.headers["Content-Disposition"] == ("inline; filename*=UTF-8''factuur%20exe.png")


DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LETTER = ("[Content_Types].xml", "_rels/.rels", "word/document.xml")


def zipped(*names):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return made.getvalue()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (zipped("setup.exe"), DOCX),
        (zipped("[Content_Types].xml", "setup.exe"), DOCX),
        (zipped("word/document.xml"), DOCX),
        (zipped(*LETTER), XLSX),
        (zipped(*LETTER)[:-10], DOCX),
        (zipped(*LETTER, *(f"word/{number}" for number in range(10_001))), DOCX),
    ],
    ids=["zip", "no-document", "no-types", "another", "cut-off", "too-many"],
)
def test_a11_zip_is_no_document_because_it_is_called_one(visitor, data, told):
    answer = send(visitor, data, name="brief.docx", told=told)

    assert (answer.status_code, answer.json["error"]) == (415, "file_type")


def test_a11_document_is_taken_for_what_stands_in_it(visitor):
    answer = send(visitor, zipped(*LETTER), name="brief.docx", told=DOCX)

    assert (answer.status_code, answer.json["name"]) == (201, "brief.docx")


def _png(width, height):
    return PNG[:16] + struct.pack(">LL", width, height) + PNG[24:]


def _jpeg(width, height):
    frame = b"\xff\xc0\x00\x11\x08" + struct.pack(">HH", height, width) + b"\x03" + b"\0" * 9
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0" + frame


def _gif(width, height):
    return b"GIF89a" + struct.pack("<HH", width, height) + b"\0" * 20


def _webp(width, height):
    sizes = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF\x20\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + sizes + b"\0" * 8


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (_png, "image/png"),
        (_jpeg, "image/jpeg"),
        (_gif, "image/gif"),
        (_webp, "image/webp"),
    ],
    ids=["png", "jpeg", "gif", "webp"],
)
def test_a11_picture_of_too_many_pixels_is_refused(visitor, tmp_path, make, told):
    refused = send(visitor, make(16_000, 16_000), told=told)
    left = [path for path in (tmp_path / "media").rglob("*") if path.is_file()]
    taken = send(visitor, make(8_000, 6_000), told=told)

    assert (refused.status_code, refused.json["error"]) == (413, "image_too_wide")
    assert refused.json["text"].startswith("Deze afbeelding is te groot om te tonen.")
    assert left == []
    assert taken.status_code == 201
