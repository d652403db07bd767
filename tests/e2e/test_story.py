"""The main job in a browser, on the demo's own page: a customer types, an agent answers."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, FrameLocator, Locator, Page, expect
from sqlalchemy import select
from tests.e2e.whole import Whole, running, wait_until

from balie.desk.records.models import MessageRow

CUSTOMER = "31655501234"
HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=2</script>{{7*7}}'
PATIENCE_MS = 15_000


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    with running(tmp_path_factory.mktemp("story")) as started:
        yield started


@dataclass(frozen=True, slots=True)
class Desk:
    """The demo's page, with the phone in one frame and the agent's desk in the other."""

    page: Page

    @property
    def phone(self) -> FrameLocator:
        return self.page.frame_locator("#phone")

    @property
    def desk(self) -> FrameLocator:
        return self.page.frame_locator("#desk")

    def type_on_phone(self, words: str) -> None:
        self.phone.locator("[data-test=phone-input]").fill(words)
        self.phone.locator("[data-test=phone-send]").click()

    def on_phone(self, words: str) -> Locator:
        messages = self.phone.locator("[data-test=phone-message]")
        return messages.filter(has=self.phone.get_by_text(words, exact=True))

    def open_ticket(self) -> None:
        self.desk.locator("[data-test=desk-ticket]").first.click()

    def in_ticket(self, words: str) -> Locator:
        return self.desk.locator("[data-test=desk-comment]").filter(has_text=words)

    def write_at_desk(self, words: str, button: str) -> None:
        self.desk.locator("[data-test=desk-input]").fill(words)
        self.desk.locator(f"[data-test=desk-{button}]").click()


@pytest.fixture
def both(chrome: Browser, whole: Whole) -> Iterator[Desk]:
    """The demo's page, as a Dutch browser opens it; a script's complaint fails the test."""
    context = chrome.new_context(locale="nl-NL", viewport={"width": 1280, "height": 800})
    context.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text))
    page.goto(whole.stage.url)
    yield Desk(page)
    context.close()
    assert complaints == []


def test_customer_asks_agent_answers_and_both_see_it(both):
    both.type_on_phone("Is mijn bestelling al onderweg?")
    both.open_ticket()
    asked = both.in_ticket("Is mijn bestelling al onderweg?")
    expect(asked).to_have_attribute("data-public", "true")

    both.write_at_desk("Ja, hij komt vanmiddag.", "reply")

    answer = both.on_phone("Ja, hij komt vanmiddag.")
    expect(answer).to_have_attribute("data-direction", "in")
    expect(both.in_ticket("Ja, hij komt vanmiddag.")).to_have_count(1)
    expect(both.page).to_have_title("Balie demo")


def test_ticks_climb_to_read(both, whole):
    whole.stage.control("POST", f"whatsapp/phones/{CUSTOMER}", {"online": False})
    both.type_on_phone("Tot hoe laat zijn jullie open?")
    both.open_ticket()
    expect(both.in_ticket("Tot hoe laat")).to_have_count(1)
    both.write_at_desk("Tot zes uur.", "reply")
    expect(both.in_ticket("Tot zes uur.")).to_have_count(1)

    wait_until(lambda: known_status(whole, "Tot zes uur.") == "sent")
    expect(both.on_phone("Tot zes uur.")).to_have_count(0)
    whole.stage.control("POST", f"whatsapp/phones/{CUSTOMER}", {"online": True})

    expect(both.on_phone("Tot zes uur.")).to_have_attribute("data-status", "read")
    wait_until(lambda: known_status(whole, "Tot zes uur.") == "read")


def test_a29_internal_note_never_reaches_the_phone(both, whole):
    both.type_on_phone("Mag ik mijn geld terug?")
    both.open_ticket()
    expect(both.in_ticket("Mag ik mijn geld terug?")).to_have_count(1)

    both.write_at_desk("Klant is al drie keer geholpen.", "note")
    expect(both.in_ticket("Klant is al drie keer geholpen.")).to_have_attribute(
        "data-public", "false"
    )
    both.write_at_desk("We zoeken het uit.", "reply")

    expect(both.on_phone("We zoeken het uit.")).to_have_count(1)
    whole.settle()
    assert "Klant is al drie keer geholpen." not in [
        message["text"] for message in whole.shown(CUSTOMER)
    ]
    expect(both.on_phone("Klant is al drie keer geholpen.")).to_have_count(0)


def test_message_of_an_unknown_type_is_a_line_in_the_ticket(both, whole):
    unheard = {"id": "wamid.unheard", "hologram": {"caption": "kijk eens"}}
    message = {"from": CUSTOMER, "type": "hologram", "message": unheard}
    whole.stage.control("POST", "whatsapp/messages", message)
    both.open_ticket()

    expect(both.in_ticket("hologram")).to_have_attribute("data-public", "true")
    expect(both.in_ticket("kijk eens")).to_have_count(1)


def test_a8_hostile_text_stays_text_in_both_pages(both):
    both.type_on_phone(HOSTILE)
    both.open_ticket()
    expect(both.in_ticket("onerror").locator(".body")).to_have_text(HOSTILE)

    both.write_at_desk(f"Antwoord {HOSTILE}", "reply")

    expect(both.on_phone(f"Antwoord {HOSTILE}")).to_have_count(1)
    expect(both.page).to_have_title("Balie demo")
    for frame in (both.phone, both.desk):
        expect(frame.locator("img")).to_have_count(0)


def test_answer_after_the_window_is_said_to_be_undelivered(both, whole):
    both.type_on_phone("Ik wacht af.")
    both.open_ticket()
    expect(both.in_ticket("Ik wacht af.")).to_have_count(1)
    whole.stage.control("POST", "clock", {"advance": 25 * 3600})

    both.write_at_desk("Sorry voor het wachten.", "reply")

    note = both.in_ticket("Niet bezorgd bij de klant")
    expect(note).to_have_attribute("data-public", "false")
    expect(note).to_contain_text("WhatsApp meldt dat de klant te lang geleden schreef")
    expect(note).to_contain_text("/template")
    expect(note).to_contain_text("Het gaat om dit antwoord: “Sorry voor het wachten.”")
    expect(both.on_phone("Sorry voor het wachten.")).to_have_count(0)
    # Once the customer has written again, answers arrive again.
    both.type_on_phone("Ben je er nog?")
    expect(both.in_ticket("Ben je er nog?")).to_have_count(1)
    both.write_at_desk("Ja, nu wel.", "reply")
    expect(both.on_phone("Ja, nu wel.")).to_have_count(1)


def known_status(whole: Whole, words: str) -> str | None:
    """Return what Balie knows of an answer."""
    balie = whole.stage.services()
    with balie.store.reading() as session:
        rows = session.scalars(select(MessageRow).where(MessageRow.direction == "outbound"))
        found = [row.status for row in rows if words in str(row.parts)]
    balie.store.close()
    return found[0] if found else None
