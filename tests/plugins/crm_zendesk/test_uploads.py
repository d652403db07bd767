"""Customers' files: uploaded once, named in the comment, or told of where they cannot be."""

from dataclasses import replace

import pytest

from balie.api import Line, Media, MediaKind, OutcomeUnknown, RateLimited, Text, TransientError
from balie_crm_zendesk.errors import Refusal
from balie_crm_zendesk.files import uploads
from balie_crm_zendesk.files.names import media_type, safe_name
from balie_crm_zendesk.plugin import plugin

from .conftest import NOW
from .facts import TICKET_ID, a_batch, a_line, acquainted, an_audit, written
from .scripted_zendesk import Answer

UPLOAD = "POST /uploads"
CREATE = "POST /tickets"
SHOW = f"GET /tickets/{TICKET_ID}"
UPDATE = f"PUT /tickets/{TICKET_ID}"
AUDITS = f"GET /tickets/{TICKET_ID}/audits"
IN_TICKET = {"ticket_id": str(TICKET_ID)}
JPEG = b"\xff\xd8\xff\xe0 a cat"


@pytest.fixture(autouse=True)
def known_customer(ctx):
    acquainted(ctx)


def a_file(ctx, data=JPEG, **changes):
    kept = ctx.files.keep([data], most_bytes=10**9)
    media = Media(
        kind=MediaKind.IMAGE,
        ref="9001",
        text="[Foto] kat",
        type="image/jpeg",
        name="kat.jpg",
        stored=kept.key,
    )
    return replace(media, **changes)


def a_batch_with(*files, **changes):
    return a_batch(lines=(Line(id="m1", at=NOW, parts=files),), **changes)


def taken(zendesk, *tokens):
    for token in tokens:
        zendesk.on(UPLOAD, {"upload": {"token": token, "attachment": {}}}, 201)


def comment(zendesk, call=CREATE):
    return zendesk.sent(call).json["ticket"]["comment"]


@pytest.mark.parametrize(("call", "where"), [(CREATE, {}), (UPDATE, IN_TICKET)])
def test_file_is_uploaded_and_named_in_the_comment(ctx, zendesk, call, where):
    taken(zendesk, "token-1")
    zendesk.on(call, written())
    plugin.ticket_file(ctx, a_batch_with(a_file(ctx), **where))
    assert zendesk.calls == [UPLOAD, call]
    sent = zendesk.sent(UPLOAD)
    assert (sent.raw, sent.query, sent.headers["content-type"], sent.headers["content-length"]) == (
        JPEG,
        {"filename": "kat.jpg"},
        "image/jpeg",
        str(len(JPEG)),
    )
    assert comment(zendesk, call)["uploads"] == ["token-1"]
    assert comment(zendesk, call)["body"] == "[Foto] kat"


def test_files_of_several_lines_come_along_in_order(ctx, zendesk):
    taken(zendesk, "token-1", "token-2")
    zendesk.on(CREATE, written(), 201)
    lines = (
        Line(id="m1", at=NOW, parts=(a_file(ctx),)),
        a_line("Twee", 2),
        Line(id="m3", at=NOW, parts=(a_file(ctx, b"%PDF", name="b.pdf", type="application/pdf"),)),
    )
    plugin.ticket_file(ctx, a_batch(lines=lines))
    assert comment(zendesk)["uploads"] == ["token-1", "token-2"]
    assert [one.query["filename"] for one in zendesk.all(UPLOAD)] == ["kat.jpg", "b.pdf"]


def test_empty_file_is_uploaded_too(ctx, zendesk):
    taken(zendesk, "token-1")
    zendesk.on(CREATE, written(), 201)
    plugin.ticket_file(ctx, a_batch_with(a_file(ctx, b"")))
    assert zendesk.sent(UPLOAD).headers["content-length"] == "0"


def test_file_that_is_not_there_yet_is_its_line(ctx, zendesk):
    zendesk.on(CREATE, written(), 201)
    plugin.ticket_file(ctx, a_batch_with(a_file(ctx, stored="", failed="Niet op te halen.")))
    assert zendesk.calls == [CREATE]
    assert comment(zendesk)["body"] == "[Foto] kat (Niet op te halen.)"


def test_upload_is_sent_again_with_a_new_token_for_a_refused_one(ctx, zendesk):
    zendesk.on(UPLOAD, {"error": "invalid_token"}, 401)
    taken(zendesk, "token-1")
    zendesk.on(CREATE, written(), 201)
    plugin.ticket_file(ctx, a_batch_with(a_file(ctx)))
    assert [one.raw for one in zendesk.all(UPLOAD)] == [JPEG, JPEG]


# --- Tried again ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "failure", [Answer(429, b"slow down"), Answer(503, b"", {"Retry-After": "1"})]
)
def test_retry_does_not_upload_twice(ctx, zendesk, failure):
    taken(zendesk, "token-1", "token-2")
    zendesk.scripts[UPDATE] = [failure, Answer(200, written())]
    batch = a_batch_with(a_file(ctx), **IN_TICKET)
    with pytest.raises(TransientError):
        plugin.ticket_file(ctx, batch)
    plugin.ticket_file(ctx, batch)
    assert zendesk.calls == [UPLOAD, UPDATE, UPDATE]
    assert [one.json["ticket"]["comment"]["uploads"] for one in zendesk.all(UPDATE)] == [
        ["token-1"],
        ["token-1"],
    ]


def test_token_older_than_an_hour_is_not_trusted(ctx, zendesk, clock):
    taken(zendesk, "token-1", "token-2")
    zendesk.scripts[UPDATE] = [Answer(429), Answer(200, written())]
    batch = a_batch_with(a_file(ctx), **IN_TICKET)
    with pytest.raises(RateLimited):
        plugin.ticket_file(ctx, batch)
    clock.time = clock.time.replace(hour=13)
    plugin.ticket_file(ctx, batch)
    assert zendesk.all(UPDATE)[1].json["ticket"]["comment"]["uploads"] == ["token-2"]


OVER = {"error": "RecordInvalid", "details": {"uploads": [{"description": "is invalid"}]}}


@pytest.mark.parametrize(("call", "where"), [(CREATE, {}), (UPDATE, IN_TICKET)])
def test_token_that_is_over_sooner_is_replaced_once(ctx, zendesk, call, where):
    taken(zendesk, "token-1", "token-2", "token-3")
    zendesk.on(call, OVER, 422)
    zendesk.on(call, written())
    plugin.ticket_file(ctx, a_batch_with(a_file(ctx), **where))
    assert [one.json["ticket"]["comment"]["uploads"] for one in zendesk.all(call)] == [
        ["token-1"],
        ["token-2"],
    ]


def test_tokens_that_zendesk_never_takes_are_parked(ctx, zendesk):
    taken(zendesk, "token-1", "token-2")
    zendesk.on(CREATE, OVER, 422)
    with pytest.raises(Refusal):
        plugin.ticket_file(ctx, a_batch_with(a_file(ctx)))
    assert zendesk.calls == [UPLOAD, CREATE, UPLOAD, CREATE]


def test_same_file_in_another_message_gets_a_token_of_its_own(ctx, zendesk):
    taken(zendesk, "token-1", "token-2")
    zendesk.on(UPDATE, written())
    photo = a_file(ctx)
    plugin.ticket_file(ctx, a_batch_with(photo, **IN_TICKET))
    plugin.ticket_file(ctx, a_batch_with(photo, key="batch-2", **IN_TICKET))
    assert [one.json["ticket"]["comment"]["uploads"] for one in zendesk.all(UPDATE)] == [
        ["token-1"],
        ["token-2"],
    ]


def test_uncertain_comment_that_is_there_uploads_nothing(ctx, zendesk):
    zendesk.on(AUDITS, {"audits": [an_audit("batch-1")], "meta": {"has_more": False}})
    filed = plugin.ticket_file(ctx, a_batch_with(a_file(ctx), uncertain=True, **IN_TICKET))
    assert (filed.comment_id, zendesk.calls) == ("8001", [SHOW, AUDITS])


@pytest.mark.parametrize("answer", [Answer(500), Answer(429), Answer(201, {"upload": {}})])
def test_upload_that_fails_leaves_nothing_in_the_ticket(ctx, zendesk, answer):
    zendesk.script(UPLOAD, answer)
    with pytest.raises(TransientError) as failed:
        plugin.ticket_file(ctx, a_batch_with(a_file(ctx), **IN_TICKET))
    assert not isinstance(failed.value, OutcomeUnknown)
    assert zendesk.calls == [UPLOAD]


# --- Told instead -----------------------------------------------------------------------------


def test_file_over_50_mb_is_told_and_not_sent(ctx, zendesk, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_BYTES", 5)
    zendesk.on(CREATE, written(), 201)
    film = a_file(ctx, b"123456", name="film.mp4", text="[Video] feest")
    plugin.ticket_file(ctx, a_batch_with(film))
    assert zendesk.calls == [CREATE]
    assert comment(zendesk)["body"] == (
        "[Video] feest\n[film.mp4 (1 MB) staat niet in dit ticket: het is te groot voor Zendesk."
        " Met BALIE_PUBLIC_URL ingesteld komt hier een link te staan.]"
    )


TOO_LARGE = (
    "[kat.jpg (1 MB) staat niet in dit ticket: het is te groot voor Zendesk. Met BALIE_PUBLIC_URL"
    " ingesteld komt hier een link te staan.]"
)
UNPROCESSABLE = {
    "error": "AttachmentUnprocessable",
    "description": "Attachment file could not be processed.",
}
UNWANTED = (
    "[kat.jpg staat niet in dit ticket: Zendesk weigert dit bestand."
    " Zendesk refused it: Attachment file could not be processed.]"
)
REFUSED = [(Answer(413, b"too large"), TOO_LARGE), (Answer(422, UNPROCESSABLE), UNWANTED)]


@pytest.mark.parametrize(("answer", "line"), REFUSED, ids=["413", "422"])
def test_file_that_zendesk_refuses_is_told(ctx, zendesk, answer, line):
    zendesk.script(UPLOAD, answer)
    zendesk.scripts[UPDATE] = [Answer(429), Answer(200, written())]
    batch = a_batch_with(a_file(ctx), **IN_TICKET)
    with pytest.raises(RateLimited):
        plugin.ticket_file(ctx, batch)
    plugin.ticket_file(ctx, batch)
    assert zendesk.calls == [UPLOAD, UPDATE, UPDATE]
    told = [one.json["ticket"]["comment"] for one in zendesk.all(UPDATE)]
    assert [one["body"] for one in told] == [f"[Foto] kat\n{line}"] * 2
    assert [one.get("uploads") for one in told] == [None, None]


def test_file_that_is_no_longer_kept_is_told(ctx, zendesk):
    zendesk.on(CREATE, written(), 201)
    gone = a_file(ctx, stored="t1/2026/10/" + "0" * 32)
    plugin.ticket_file(ctx, a_batch_with(Text(text="Kijk"), gone))
    assert comment(zendesk)["body"] == (
        "Kijk\n[Foto] kat\n[kat.jpg staat niet in dit ticket: het bestand is niet meer bewaard.]"
    )


# --- Names (A10) ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("factuur.pdf", "factuur.pdf"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\Users\\noor\\kat.jpg", "kat.jpg"),
        ("a\x00b.jpg", "ab.jpg"),
        ("kat\u202egpj.exe", "katgpj.exe"),
        ("", "image.jpg"),
        (" . ", "image.jpg"),
        ("..", "image.jpg"),
        ("CON", "image.jpg"),
        ("nul.txt", "image.jpg"),
        ('a<b>:"|?*.jpg', "a_b______.jpg"),
        ("x" * 300 + ".jpg", "x" * 116 + ".jpg"),
        ("x" * 300, "x" * 116 + ".jpg"),
        ("\ud800.jpg", "jpg.jpg"),
        ("naam\r\nX-Header: y.jpg", "naamX-Header_ y.jpg"),
    ],
    ids=ascii,
)
def test_name_is_only_a_name(name, safe):
    photo = Media(kind=MediaKind.IMAGE, ref="1", text="", type="image/jpeg", name=name)
    assert safe_name(photo) == safe


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("image/jpeg", "image/jpeg"),
        ("audio/ogg; codecs=opus", "audio/ogg"),
        ("Image/PNG", "image/png"),
        ("", "application/octet-stream"),
        ("image", "application/octet-stream"),
        ("image/jpeg\r\nX: y", "application/octet-stream"),
    ],
    ids=ascii,
)
def test_type_is_a_type(written, read):
    assert media_type(written) == read
