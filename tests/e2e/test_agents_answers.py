"""Agents' answers: files still to be scanned, pictures from elsewhere, many tickets at once."""

import base64
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from tests.e2e.whole import Whole, new_customer, running, wait_until

SCAN_SECONDS = 4
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 500


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """A Balie that hears by webhook alone, and opens no solved ticket again."""
    settings = {"helpdesk_settings": {"reconcile_every": 3600, "reopen_days": 0}}
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


def test_agent_who_answers_three_tickets_of_one_customer_at_once_is_heard_in_each(whole):
    """Each answer reaches the customer once, and those of one ticket in its order."""
    number = new_customer()
    tickets = [another_ticket(whole, number, f"Vraag {place}") for place in range(3)]
    assert len({ticket["id"] for ticket in tickets}) == 3
    together = Barrier(len(tickets))

    def say(ticket: dict) -> list[str]:
        words = [f"Ticket {ticket['id']}, antwoord {place}" for place in range(3)]
        together.wait(10)
        for said in words:
            answer(whole, ticket, body=said)
        return words

    with ThreadPoolExecutor(len(tickets)) as desk:
        said = list(desk.map(say, tickets))
    wait_until(lambda: len(whole.shown(number)) >= 9)
    balance = whole.settle()

    shown = [one["text"] for one in whole.shown(number)]
    assert [[one for one in shown if one in words] for words in said] == said
    assert len(shown) == 9
    assert (balance.difference, balance.parked) == (0, 0)


def another_ticket(whole: Whole, number: str, words: str) -> dict:
    """Have a customer write and the question be solved; return the ticket that it opened."""
    whole.write(number, words)
    wait_until(lambda: words in whole.comments(number))
    whole.settle()
    ticket = max(whole.tickets(number), key=lambda one: one["id"])
    solved = {"status": "solved"}
    whole.stage.control("POST", f"zendesk/tickets/{ticket['id']}/status", solved)
    whole.settle()
    return ticket
