"""Files: uploaded, described, fetched, deleted, and served badly on request."""

import base64
import hashlib
from pathlib import Path

import pytest
import requests
from flask import Flask, Response

NUMBER = "106540352242922"
CUSTOMER = "31655501234"
SAMPLES = Path(__file__).parents[2] / "sandbox/balie_sandbox/graph/media/samples"
BEARER = {"Authorization": "Bearer EAASANDBOXtoken"}
JPEG = (SAMPLES / "photo.jpg").read_bytes()
VOICE = (SAMPLES / "voice.ogg").read_bytes()


def upload(graph, data=JPEG, mime_type="image/jpeg", name="foto.jpg"):
    form = {"messaging_product": "whatsapp", "type": mime_type}
    files = {"file": (name, data, mime_type)}
    return graph.call("POST", f"v24.0/{NUMBER}/media", data=form, files=files)


def write(sandbox, **more):
    return sandbox.control("whatsapp/messages", {"from": f"+{CUSTOMER}", "text": "Hoi"} | more)


def statuses(receiver):
    values = [one.json["entry"][0]["changes"][0]["value"] for one in receiver.received]
    return [status for value in values for status in value.get("statuses", [])]


def fetch(url, **options):
    return requests.get(url, headers=options.pop("headers", BEARER), timeout=5, **options)


def test_media_is_uploaded_described_and_downloaded(graph):
    status, uploaded = upload(graph)

    _, described = graph.call("GET", f"v24.0/{uploaded['id']}")
    answer = fetch(described.pop("url"))
    assert (status, uploaded["id"].isdecimal()) == (200, True)
    assert described == {
        "messaging_product": "whatsapp",
        "mime_type": "image/jpeg",
        "sha256": hashlib.sha256(JPEG).hexdigest(),
        "file_size": str(len(JPEG)),
        "id": uploaded["id"],
    }
    assert (answer.status_code, answer.content) == (200, JPEG)
    assert answer.headers["Content-Type"] == "image/jpeg"


@pytest.mark.parametrize(
    ("mime_type", "data", "sentence"),
    [
        ("image/gif", b"GIF89a", "Received file of type 'image/gif'."),
        ("image/jpeg", b"\xff\xd8\xff" + bytes(5 * 1024 * 1024), "at most 5242880 bytes."),
    ],
)
def test_upload_of_wrong_type_or_size_is_refused(graph, mime_type, data, sentence):
    status, answer = upload(graph, data, mime_type)

    assert (status, answer["error"]["code"]) == (400, 100)
    assert answer["error"]["message"].endswith(sentence)


def test_upload_without_file_names_what_is_missing(graph):
    _, answer = graph.call(
        "POST", f"{NUMBER}/media", data={"messaging_product": "whatsapp"}, files={"x": b""}
    )

    assert answer["error"]["message"] == "(#100) The parameter file is required."


def test_media_url_wants_the_bearer_and_lives_five_minutes(sandbox, graph):
    _, uploaded = upload(graph)
    url = graph.call("GET", uploaded["id"])[1]["url"]

    wrong = {"Authorization": "Bearer wrong"}
    assert [fetch(url, headers=one).status_code for one in ({}, wrong, BEARER)] == [401, 401, 200]
    assert fetch(url[:-3]).status_code == 404
    sandbox.control("clock", {"advance": 301})
    assert fetch(url).status_code == 404
    assert fetch(graph.call("GET", uploaded["id"])[1]["url"]).status_code == 200


def test_media_of_another_number_or_account_is_not_there(sandbox, graph):
    _, uploaded = upload(graph)
    other = {"app_id": "9", "waba_id": "99", "phone_number_id": "999", "access_token": "other"}
    sandbox.control("whatsapp/app", other)

    number = graph.call("GET", f"{uploaded['id']}?phone_number_id=999")
    token = graph.call("GET", uploaded["id"], headers={"Authorization": "Bearer other"})

    for status, answer in (number, token):
        assert (status, answer["error"]["error_subcode"]) == (400, 33)


def test_media_deleted_or_past_its_time_is_gone(sandbox, graph):
    first, second = upload(graph)[1]["id"], upload(graph)[1]["id"]

    assert graph.call("DELETE", first) == (200, {"success": True})
    sandbox.control("clock", {"advance": 30 * 86400 - 60})
    kept = graph.call("GET", second)[0]
    sandbox.control("clock", {"advance": 61})
    assert [graph.call("GET", one)[0] for one in (first, second)] == [400, 400]
    assert kept == 200


def test_inbound_media_stays_seven_days(sandbox, graph, connected):
    media_id = write(sandbox, type="image")["media_id"]
    sandbox.control("clock", {"advance": 7 * 86400 - 60})
    kept = graph.call("GET", media_id)[0]

    sandbox.control("clock", {"advance": 61})

    assert (kept, graph.call("GET", media_id)[0]) == (200, 400)


@pytest.mark.parametrize(
    ("type_", "file", "shown"),
    [
        ("image", "photo.jpg", {"mime_type": "image/jpeg"}),
        ("video", "film.mp4", {"mime_type": "video/mp4"}),
        ("voice", "voice.ogg", {"mime_type": "audio/ogg; codecs=opus", "voice": True}),
        ("audio", "voice.ogg", {"mime_type": "audio/ogg; codecs=opus", "voice": False}),
        ("document", "invoice.pdf", {"mime_type": "application/pdf", "filename": "factuur.pdf"}),
        ("sticker", "sticker.webp", {"mime_type": "image/webp", "animated": False}),
    ],
)
def test_inbound_media_of_each_type_has_metas_object(sandbox, connected, type_, file, shown):
    media_id = write(sandbox, type=type_)["media_id"]

    [received] = connected.take(1)
    message = received.json["entry"][0]["changes"][0]["value"]["messages"][0]
    data = (SAMPLES / file).read_bytes()
    content = message[message["type"]]
    assert message["type"] == ("audio" if type_ == "voice" else type_)
    assert fetch(content.pop("url")).content == data
    digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
    assert content == shown | {"sha256": digest, "id": media_id}


def test_inbound_media_can_be_any_bytes_under_any_name(sandbox, connected):
    sandbox.control("whatsapp/settings", {"media_urls": False})
    file = {"base64": base64.b64encode(b"%PDF-1.7 x").decode(), "name": "../../.htaccess\u202e"}

    write(sandbox, type="document", file=file, caption="<b>zie</b>")

    [received] = connected.take(1)
    content = received.json["entry"][0]["changes"][0]["value"]["messages"][0]["document"]
    assert list(content) == ["caption", "filename", "mime_type", "sha256", "id"]
    assert (content["filename"], content["mime_type"]) == (file["name"], "application/pdf")


def test_inbound_media_too_big_is_an_error_in_the_message(sandbox, connected):
    write(sandbox, type="video", too_big=True)

    [received] = connected.take(1)
    message = received.json["entry"][0]["changes"][0]["value"]["messages"][0]
    assert ([one["code"] for one in message["errors"]], "video" in message) == ([131052], False)


def media_url(sandbox, graph, fault, **options):
    file = {"base64": base64.b64encode(JPEG).decode(), "fault": fault, "fault_options": options}
    media_id = write(sandbox, type="image", file=file)["media_id"]
    return graph.call("GET", media_id)[1]


def test_fault_wrong_hash_tells_another_files_hash(sandbox, graph):
    described = media_url(sandbox, graph, "wrong_hash")

    assert fetch(described["url"]).content == JPEG
    assert described["sha256"] != hashlib.sha256(JPEG).hexdigest()


def test_fault_redirect_leads_to_another_host_and_notes_who_came(sandbox, graph):
    """A7: whoever follows it must not bring the bearer."""
    url = media_url(sandbox, graph, "redirect")["url"]

    answer = fetch(url, allow_redirects=False)
    assert (answer.status_code, answer.headers["Location"].split(":")[1]) == (302, "//localhost")
    assert fetch(url).content == JPEG
    [headers] = sandbox.look("whatsapp/elsewhere")["requests"]
    assert "Authorization" not in headers


@pytest.mark.parametrize(("fault", "length"), [("oversized", 300_000), ("bomb", 300_000)])
def test_fault_oversized_and_bomb_give_more_than_was_told(sandbox, graph, fault, length):
    """A11: a size that lies, and a body that grows."""
    described = media_url(sandbox, graph, fault, bytes=length)

    assert described["file_size"] == str(len(JPEG))
    assert len(fetch(described["url"]).content) == length


def test_fault_endless_never_ends(sandbox, graph):
    """A11: an endless chunked body."""
    url = media_url(sandbox, graph, "endless")["url"]

    with fetch(url, stream=True) as answer:
        chunks = answer.iter_content(65536)
        assert sum(len(next(chunks)) for _ in range(40)) > 1_000_000


def test_fault_truncated_breaks_off(sandbox, graph):
    url = media_url(sandbox, graph, "truncated")["url"]

    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        fetch(url)


def test_fault_slow_comes_byte_by_byte(sandbox, graph):
    url = media_url(sandbox, graph, "slow", seconds=0)["url"]

    with fetch(url, stream=True) as answer:
        assert b"".join(answer.iter_content(1)) == JPEG


@pytest.mark.parametrize(
    ("fault", "status", "type_"), [("gone", 404, None), ("wrong_type", 200, 1)]
)
def test_fault_gone_and_wrong_type(sandbox, graph, fault, status, type_):
    answer = fetch(media_url(sandbox, graph, fault)["url"])

    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("text/html")


def test_fault_is_set_and_taken_away_later(sandbox, graph):
    media_id = write(sandbox, type="image")["media_id"]
    sandbox.control(f"whatsapp/media/{media_id}", {"fault": "gone"})
    before = fetch(graph.call("GET", media_id)[1]["url"]).status_code

    sandbox.control(f"whatsapp/media/{media_id}", {"fault": None})

    after = fetch(graph.call("GET", media_id)[1]["url"]).status_code
    [listed] = sandbox.look("whatsapp/media")["media"]
    assert (before, after, listed["fault"]) == (404, 200, None)


def test_media_path_has_faults_of_its_own(sandbox, graph):
    url = graph.call("GET", upload(graph)[1]["id"])[1]["url"]

    sandbox.control("faults", {"target": "lookaside", "kind": "status", "status": 503, "count": 1})

    assert [fetch(url).status_code for _ in range(2)] == [503, 200]
    sandbox.control("faults", method="DELETE")


@pytest.mark.parametrize(
    ("type_", "mime_type", "data"),
    [
        ("image", "image/jpeg", b"GIF89a not a picture"),
        ("image", "image/png", JPEG),
        (
            "audio",
            "audio/ogg; codecs=opus",
            VOICE.replace(b"OpusHead\x01\x01", b"OpusHead\x01\x02"),
        ),
        ("audio", "audio/ogg", b"OggS vorbis"),
        ("sticker", "image/webp", b"RIFF\0\0\0\0WEBPVP8 " + bytes(101 * 1024)),
        ("image", "video/mp4", b"\0\0\0\x18ftypisom"),
        ("document", "application/pdf", b"MZ\0\0 not a document"),
    ],
)
def test_send_of_file_that_is_not_what_it_says_fails(
    sandbox, graph, connected, type_, mime_type, data
):
    write(sandbox)
    media_id = upload(graph, data, mime_type)[1]["id"]

    status, _ = graph.send(type=type_, text=None, **{type_: {"id": media_id}})

    connected.take(2)
    [failed] = statuses(connected)
    assert (status, failed["status"], failed["errors"][0]["code"]) == (200, "failed", 131053)
    assert failed["errors"][0]["error_data"]["details"].startswith(("Unsupported", "Media file"))


def test_send_of_file_of_another_number_is_refused(sandbox, graph):
    status, answer = graph.send(type="image", text=None, image={"id": "1234567890123456"})

    assert (status, answer["error"]["code"]) == (400, 131009)


@pytest.mark.parametrize("image", [{}, {"id": "1", "link": "https://example.org/a.jpg"}])
def test_send_needs_either_id_or_link(graph, image):
    status, answer = graph.send(type="image", text=None, image=image)

    assert (status, answer["error"]["code"]) == (400, 100 if image else 131008)


@pytest.fixture
def files(serving):
    """A server of somebody's own with files, and how often it was asked."""
    app, asked = Flask("files"), []

    @app.get("/<name>")
    def give(name):
        asked.append(name)
        if name == "gone.jpg":
            return Response(status=404)
        return Response(JPEG, content_type="image/jpeg" if name == "a.jpg" else "text/html")

    with serving(app) as url:
        yield url, asked


def test_send_by_link_is_fetched_once_in_ten_minutes(sandbox, graph, files, wait_until):
    url, asked = files
    write(sandbox)

    for count in (1, 2):
        graph.send(type="image", text=None, image={"link": f"{url}/a.jpg", "caption": "Kijk"})
        wait_until(lambda count=count: len(shown_to(sandbox)) == count)
    sandbox.control("clock", {"advance": 601})
    graph.send(type="image", text=None, image={"link": f"{url}/a.jpg"})

    shown = wait_until(lambda: shown_to(sandbox)[2:] and shown_to(sandbox))
    assert asked == ["a.jpg", "a.jpg"]
    file = sandbox.session.get(
        f"{sandbox.url}/control/whatsapp/media/{shown[0]['message']['id']}/file", timeout=5
    )
    assert (file.content, shown[0]["message"]["caption"]) == (JPEG, "Kijk")


def shown_to(sandbox):
    return sandbox.look(f"whatsapp/phones/{CUSTOMER}")["messages"][1:]


@pytest.mark.parametrize("name", ["gone.jpg", "page.jpg"])
def test_send_by_link_that_cannot_be_had_fails(sandbox, graph, files, connected, name):
    write(sandbox)

    graph.send(type="image", text=None, image={"link": f"{files[0]}/{name}"})

    connected.take(2)
    [failed] = statuses(connected)
    assert (failed["status"], failed["errors"][0]["code"]) == ("failed", 131053)


def test_send_by_link_to_elsewhere_is_trusted_unless_strict(sandbox, graph, connected):
    write(sandbox)
    link = {"link": "https://example.org/a.jpg"}
    graph.send(type="image", text=None, image=link)
    connected.take(3)

    sandbox.control("whatsapp/settings", {"strict_links": True})
    graph.send(type="image", text=None, image=link)

    connected.take(4)
    seen = [one["status"] for one in statuses(connected)]
    assert seen == ["sent", "delivered", "failed"]


def test_phone_page_gets_files_that_cannot_run(sandbox):
    """A9: a page that a customer sends as a file is never shown in place."""
    file = {"text": "<script>alert(1)</script>", "mime_type": "text/html", "name": "x.html"}
    media_id = write(sandbox, type="document", file=file)["media_id"]

    answer = sandbox.session.get(f"{sandbox.url}/control/whatsapp/media/{media_id}/file", timeout=5)

    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
