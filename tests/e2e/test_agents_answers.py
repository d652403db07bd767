"""What agents answer with: files that Zendesk has still to scan, pictures from elsewhere."""

import base64
from collections.abc import Iterator

import pytest
from tests.e2e.whole import Whole, new_customer, running, wait_until

SCAN_SECONDS = 4
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 500


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """A Balie that hears by webhook alone."""
    settings = {"helpdesk_settings": {"reconcile_every": 3600}}
    with running(tmp_path_factory.mktemp("answers"), **settings) as made:
        scanning = {"malware_scan_seconds": SCAN_SECONDS, "search_lag_seconds": 0}
        made.stage.control("POST", "zendesk/settings", scanning)
        yield made


def opened(whole: Whole) -> tuple[str, dict]:
    number = new_customer()
    whole.write(number, "Hallo")
    ticket = whole.ticket(number)
    whole.settle()
    return number, ticket


def answer(whole: Whole, ticket: dict, **said: object) -> None:
    whole.stage.control("POST", f"zendesk/tickets/{ticket['id']}/comments", said)


def test_file_in_which_zendesk_finds_malware_never_reaches_the_phone(whole):
    """The scan ends seconds after the answer came; the words before the file do not wait for it."""
    number, ticket = opened(whole)
    whole.stage.control("POST", "zendesk/settings", {"malware_verdict": "malware_found"})
    file = {"name": "x.pdf", "content_type": "application/pdf", "text": "%PDF-1.7 virus"}
    html = "<p>Zie <b>bijlage</b>.</p>"

    answer(whole, ticket, html_body=html, files=[file])
    whole.stage.control("POST", "zendesk/settings", {"malware_verdict": "malware_not_found"})
    wait_until(lambda: whole.shown(number))
    whole.settle()

    assert [(one["type"], one["text"]) for one in whole.shown(number)] == [
        ("text", "Zie *bijlage*.")
    ]
    [note] = whole.comments(number, public=False)
    assert note.startswith("Niet bezorgd bij de klant: x.pdf")
    assert "Zendesk vond er een virus in." in note


def test_picture_copied_from_another_ticket_reaches_the_phone(whole):
    """Alone in its comment, and attached to another one."""
    _, first = opened(whole)
    number, ticket = opened(whole)
    pasted = {
        "name": "plattegrond.png",
        "content_type": "image/png",
        "base64": base64.b64encode(PNG).decode(),
        "inline": True,
    }
    answer(whole, first, body="Zie", files=[pasted])
    [seen] = next(
        comment["attachments"]
        for one in whole.stage.control("GET", "zendesk/tickets")["tickets"]
        for comment in one["comments"]
        if one["id"] == first["id"] and comment["attachments"]
    )

    answer(whole, ticket, html_body=f'<p><img src="{seen["content_url"]}"></p>')
    [shown] = wait_until(lambda: whole.shown(number))
    whole.settle()

    assert shown["type"] == "image"
    picture = shown["message"]["id"]
    kept = f"{whole.stage.sandbox_url}/control/whatsapp/media/{picture}/file"
    assert whole.stage.http.get(kept, timeout=10).content == PNG
    assert whole.comments(number, public=False) == []


def test_picture_that_is_gone_is_told_in_the_ticket(whole):
    number, ticket = opened(whole)
    gone = f"{whole.stage.sandbox_url}/zendesk/attachments/token/abcdef/?name=plattegrond.png"

    answer(whole, ticket, html_body=f'<p><img src="{gone}"></p>')
    wait_until(lambda: whole.comments(number, public=False))
    whole.settle()

    assert whole.shown(number) == []
    [note] = whole.comments(number, public=False)
    assert note.startswith("Niet bezorgd bij de klant: plattegrond.png")
    assert "Op dat adres is geen afbeelding te vinden." in note


def test_picture_of_another_host_is_a_link_on_the_phone(whole):
    number, ticket = opened(whole)

    answer(whole, ticket, html_body='<p>Zie <img src="https://shop.example/fiets.jpg"></p>')

    [shown] = wait_until(lambda: whole.shown(number))
    assert "https://shop.example/fiets.jpg" in shown["text"]
