"""Every kind of thing between phone and ticket, through the real processes and both stand-ins."""

import base64
import re
from collections.abc import Iterator
from typing import Any

import pytest
from tests.e2e.whole import Whole, new_customer, running, wait_until

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


@pytest.fixture(scope="module")
def running_whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    with running(tmp_path_factory.mktemp("kinds")) as whole:
        limits = {"account_update_limit": 10_000, "plan_limit": 100_000}
        whole.stage.control("POST", "zendesk/settings", limits)
        yield whole


@pytest.fixture
def whole(running_whole: Whole) -> Iterator[Whole]:
    """The running system with all vendors in order."""
    yield running_whole
    running_whole.heal()


def customers_comment(whole: Whole, number: str, place: int = 0) -> dict[str, Any]:
    """Wait for the customer's comment at this place, and return it."""

    def look() -> dict[str, Any] | None:
        said = [
            comment
            for ticket in whole.tickets(number)
            for comment in ticket["comments"]
            if comment["author"]["role"] == "end-user"
        ]
        return said[place] if len(said) > place else None

    return wait_until(look)


def send(whole: Whole, number: str, kind: str, **more: Any) -> str:
    message = {"from": number, "type": kind} | more
    return str(whole.stage.control("POST", "whatsapp/messages", message)["id"])


def bytes_of(whole: Whole, attachment: dict[str, Any]) -> bytes:
    return whole.stage.http.get(attachment["content_url"], timeout=10).content


FILES = {
    "image": ("photo.png", "image/png", PNG),
    "document": ("factuur.pdf", "application/pdf", b"%PDF-1.7\n" + b"x" * 500),
    "voice": (
        "",
        "audio/ogg; codecs=opus",
        b"OggS\x00\x02" + b"\x00" * 22 + b"\x01\x13OpusHead" + b"\x00" * 99,
    ),
}


@pytest.mark.parametrize("kind", FILES)
def test_file_of_a_customer_is_attached_to_the_ticket(whole, kind):
    number = new_customer()
    name, mime, content = FILES[kind]
    file = {"base64": base64.b64encode(content).decode(), "name": name, "mime_type": mime}

    send(whole, number, kind, file=file, caption="Zie hier.")

    comment = customers_comment(whole, number)
    [attachment] = comment["attachments"]
    assert bytes_of(whole, attachment) == content


def test_location_choice_and_contact_are_lines_that_can_be_read(whole):
    number = new_customer()

    send(
        whole,
        number,
        "location",
        location={"latitude": 52.1, "longitude": 5.1, "name": "Winkel", "address": "Straat 1"},
    )
    send(whole, number, "interactive", list_reply={"id": "a", "title": "Morgen", "description": ""})
    send(
        whole,
        number,
        "contacts",
        contacts=[{"name": {"formatted_name": "Noor"}, "phones": [{"phone": "+31655501999"}]}],
    )

    wait_until(lambda: len(said(whole, number)) >= 3)
    assert said(whole, number) == [
        "[Locatie] Winkel, Straat 1, 52.1, 5.1",
        "[Keuze] Morgen",
        "[Contact] Noor, +31655501999",
    ]


def said(whole: Whole, number: str) -> list[str]:
    """The customer's lines in the ticket, without the times that lines filed together have."""
    return [
        re.sub(r"^\[\d\d:\d\d\] ", "", line)
        for ticket in whole.tickets(number)
        for comment in ticket["comments"]
        if comment["author"]["role"] == "end-user"
        for line in comment["body"].splitlines()
    ]


# --- Out ------------------------------------------------------------------------------------------


def opened(whole: Whole) -> tuple[str, dict[str, Any]]:
    """A customer who has just written, and the ticket."""
    number = new_customer()
    whole.write(number, "Hallo")
    return number, whole.ticket(number)


def test_agents_file_reaches_the_phone_with_its_words(whole):
    number, ticket = opened(whole)
    file = {
        "name": "kaart.png",
        "content_type": "image/png",
        "base64": base64.b64encode(PNG).decode(),
    }

    path = f"zendesk/tickets/{ticket['id']}/comments"
    whole.stage.control("POST", path, {"body": "Hier is het.", "files": [file]})

    [shown] = wait_until(lambda: whole.shown(number))
    image = shown["message"]
    assert (shown["type"], image["caption"]) == ("image", "Hier is het.")
    kept = f"{whole.stage.sandbox_url}/control/whatsapp/media/{image['id']}/file"
    assert whole.stage.http.get(kept, timeout=10).content == PNG


def test_agents_file_that_whatsapp_does_not_take_is_a_link_and_the_ticket_says_so_once(whole):
    number, ticket = opened(whole)
    photo = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(5_200_000)
    file = {
        "name": "gevel.jpg",
        "content_type": "image/jpeg",
        "base64": base64.b64encode(photo).decode(),
    }

    path = f"zendesk/tickets/{ticket['id']}/comments"
    whole.stage.control("POST", path, {"body": "Zo wordt het.", "files": [file]})

    [shown] = wait_until(lambda: whole.shown(number))
    words = re.fullmatch(
        r"Zo wordt het\.\ngevel\.jpg is te groot om hier te sturen\. Op te halen tot (\S+): (\S+)",
        shown["text"],
    )
    assert words is not None
    until, link = words.groups()
    assert whole.stage.http.get(link, timeout=30).content == photo
    whole.settle()
    assert whole.comments(number, public=False) == [
        (
            "gevel.jpg is te groot voor dit kanaal en is als link naar de klant gestuurd. "
            f"De link werkt tot {until}."
        )
    ]


def test_marks_of_the_helpdesk_are_whatsapps_on_the_phone(whole):
    number, ticket = opened(whole)

    path = f"zendesk/tickets/{ticket['id']}/comments"
    whole.stage.control("POST", path, {"html_body": "<p>Dit is <strong>vet</strong>.</p>"})

    [shown] = wait_until(lambda: whole.shown(number))
    assert shown["text"] == "Dit is *vet*."


def test_question_with_buttons_is_asked_by_command_and_answered_by_a_tap(whole):
    number, ticket = opened(whole)

    whole.answer(ticket, "/buttons Past dinsdag? | Ja | Nee", public=False)
    [shown] = wait_until(lambda: whole.shown(number))
    phone = f"whatsapp/phones/{number}/tap"
    whole.stage.control("POST", phone, {"message_id": shown["id"], "index": 0})

    wait_until(lambda: len(said(whole, number)) > 1)
    assert said(whole, number)[-1] == "[Knop] Ja"
    assert shown["type"] == "interactive"


def test_customers_message_is_marked_as_read_once_it_is_in_the_ticket(whole):
    number, _ = opened(whole)

    def is_read() -> bool:
        return [one["status"] for one in whole.shown(number, "out")] == ["read"]

    wait_until(is_read)


def test_balance_holds_and_nothing_is_parked(whole):
    balance = whole.settle()

    assert (balance.difference, balance.parked) == (0, 0)
