"""S42 whole: who left the chat is asked on WhatsApp, does not tap, and has a letter; once."""

import time
from collections.abc import Iterator

import pytest
from tests.e2e.chatting import SHOP, Browser, add_widget, ticket_with
from tests.e2e.whole import Whole, new_customer, running, wait_until
from tests.plugins.livechat.visiting import SECRET, jwt
from tests.plugins.mail.post_office import PostOffice, opened

TAP_SECONDS = 4.0
TEMPLATE = {
    "name": "antwoord_klaar",
    "language": "nl",
    "category": "UTILITY",
    "body": "Er ligt een antwoord voor u klaar.",
    "buttons": ["Lees het antwoord"],
}


@pytest.fixture(scope="module")
def office() -> Iterator[PostOffice]:
    made = PostOffice()
    controller = opened(made)
    yield made
    controller.stop()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, office: PostOffice) -> Iterator[Whole]:
    """A chat, WhatsApp with a template that asks for a tap, and e-mail."""
    asks = {"waiting_template": f"{TEMPLATE['name']}/nl"}
    with running(tmp_path_factory.mktemp("untapped"), channel_settings=asks) as started:
        add_widget(
            started,
            identity_secret=SECRET,
            absent_seconds=0.5,
            tap_hours=TAP_SECONDS / 3600,
            whatsapp_connection="whatsapp",
            mail_connection="post",
        )
        started.stage.control("POST", "whatsapp/templates", TEMPLATE)
        balie = started.stage.services()
        balie.templates.sync(balie.directory.connection("demo", "whatsapp").id)
        balie.directory.add_connection(
            "demo",
            "post",
            plugin="mail",
            config={
                "host": "127.0.0.1",
                "port": office.port,
                "security": "none",
                "from_address": "chat@winkel.example",
            },
            files_into="zendesk",
            name="E-mail",
        )
        balie.store.close()
        yield started


@pytest.fixture
def patient(whole: Whole) -> Iterator[None]:
    """Nobody is hurried, and no answer goes on for want of a tap."""
    balie = whole.stage.services()
    balie.directory.set_config("demo", "site", {"tap_hours": 24.0})
    yield
    balie.directory.set_config("demo", "site", {"tap_hours": TAP_SECONDS / 3600})
    balie.store.close()


def left(whole: Whole, number: str) -> str:
    """Let a customer whom the site knows ask something, leave a number and go; return the question.

    Their address is ``<number>@example.org``.
    """
    claims = {
        "sub": number,
        "aud": "demo/site",
        "exp": int(time.time()) + 600,
        "email": f"{number}@example.org",
        "email_verified": True,
    }
    visitor, question = Browser(f"{whole.stage.url}/livechat/demo/site"), f"Vraag van {number}"
    visitor.http.trust_env = False
    visitor.keep(visitor.ask("POST", "session", {"page": SHOP, "identity": jwt(claims)}))
    visitor.say(question)
    left = visitor.ask("POST", "number", {"number": f"+{number}", "consent": True})
    assert left.ok
    return question


def letters(office: PostOffice, number: str) -> list[str]:
    """Return how each letter to this customer begins."""
    return [
        letter.get_content().partition("\n")[0]
        for letter, (_, to) in zip(office.letters, office.envelopes, strict=True)
        if to == [f"{number}@example.org"]
    ]


def notes(whole: Whole, question: str) -> str:
    said = ticket_with(whole, question)["comments"]
    return "\n".join(one["body"] for one in said if not one["public"])


def test_who_does_not_tap_has_a_letter_and_a_later_tap_brings_nothing_again(whole, office):
    number = new_customer()
    question = left(whole, number)
    whole.answer(ticket_with(whole, question), "Ja, hij staat klaar.")
    [template] = wait_until(lambda: whole.shown(number))
    wait_until(lambda: letters(office, number))
    tap = {"message_id": template["id"], "index": 0}
    whole.stage.control("POST", f"whatsapp/phones/{number}/tap", tap)
    wait_until(lambda: "Lees het antwoord" in str(ticket_with(whole, question)["comments"]))
    balance = whole.settle()

    assert template["message"]["body"] == TEMPLATE["body"]
    assert letters(office, number) == ["Ja, hij staat klaar."]
    assert [one["type"] for one in whole.shown(number)] == ["template"]
    assert "daarna gaat het per e-mail" in notes(whole, question)
    assert f"gaat nu per e-mail naar {number}@example.org" in notes(whole, question)
    assert (balance.difference, balance.parked) == (0, 0)


def test_who_taps_in_time_has_it_on_whatsapp_and_no_letter(whole, office, patient):
    number = new_customer()
    question = left(whole, number)
    whole.answer(ticket_with(whole, question), "Ja, hij staat klaar.")
    [template] = wait_until(lambda: whole.shown(number))
    tap = {"message_id": template["id"], "index": 0}
    whole.stage.control("POST", f"whatsapp/phones/{number}/tap", tap)
    wait_until(lambda: len(whole.shown(number)) == 2)
    whole.settle()

    assert [one.get("text") for one in whole.shown(number)][1:] == ["Ja, hij staat klaar."]
    assert letters(office, number) == []


def test_number_that_is_not_on_whatsapp_is_not_waited_for(whole, office, patient):
    number = new_customer()
    whole.stage.control("POST", f"whatsapp/phones/{number}", {"not_on_whatsapp": True})
    question = left(whole, number)
    whole.answer(ticket_with(whole, question), "Ja, hij staat klaar.")
    wait_until(lambda: letters(office, number))
    whole.settle()

    assert letters(office, number) == ["Ja, hij staat klaar."]
    assert whole.shown(number) == []
    assert f"per e-mail naar {number}@example.org" in notes(whole, question)
