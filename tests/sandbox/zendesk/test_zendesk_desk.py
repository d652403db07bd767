"""The agent's desk in a browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.chromium import find

HOSTILE = "<img src=x onerror=\"document.body.dataset.hacked='yes'\"> & <b>vet</b>"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find(), args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def desk(browser, sandbox) -> Iterator[Page]:
    """The desk, opened wide; an error in its script fails the test."""
    with browser.new_context(viewport={"width": 1000, "height": 700}) as context:
        page = context.new_page()
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(f"{sandbox.url}/desk?lang=en")
        yield page
        assert problems == []


def data(name: str) -> str:
    return f"[data-test=desk-{name}]"


def test_new_ticket_appears_by_itself_with_its_customer(desk, zendesk):
    expect(desk.get_by_text("No tickets yet.")).to_be_visible()
    zendesk.ticket(requester_id=zendesk.user(phone="+31 6 5550 1234", external_id="wa:1")["id"])

    expect(desk.locator(f"{data('comment')} .body")).to_have_text(["Goedemiddag"])
    expect(desk.locator(data("requester"))).to_contain_text("+31 6 5550 1234")
    expect(desk.locator(data("requester"))).to_contain_text("wa:1")


def test_reply_note_and_solve_do_what_their_buttons_say(desk, zendesk, sandbox):
    zendesk.ticket()
    desk.locator(data("ticket")).click()
    desk.locator(data("input")).fill("Eerst even kijken")
    desk.locator(data("note")).click()
    expect(desk.locator(data("comment"))).to_have_count(2)
    desk.locator(data("input")).fill("Het komt morgen")
    desk.locator(data("reply")).click()
    expect(desk.locator(data("comment"))).to_have_count(3)
    desk.locator(data("solve")).click()
    expect(desk.locator(data("status"))).to_have_text("solved")

    [ticket] = sandbox.look("zendesk/tickets")["tickets"]
    said = [(one["body"], one["public"], one["via"]) for one in ticket["comments"][1:]]
    assert said == [("Eerst even kijken", False, "web"), ("Het komt morgen", True, "web")]
    assert ticket["status"] == "solved"
    shown = desk.locator(data("comment"))
    assert [shown.nth(n).get_attribute("data-public") for n in range(3)] == [
        "true",
        "false",
        "true",
    ]
    assert desk.locator(data("input")).input_value() == ""


def test_hostile_text_stays_text(desk, zendesk):
    user = zendesk.user(HOSTILE)
    said = {"body": HOSTILE, "author_id": user["id"]}
    zendesk.ticket(requester_id=user["id"], subject=HOSTILE, comment=said)

    expect(desk.locator(f"{data('comment')} .body")).to_have_text(HOSTILE)
    expect(desk.locator(f"{data('ticket')} .name")).to_have_text(HOSTILE)
    assert desk.locator("img").count() == 0
    assert desk.locator("body").get_attribute("data-hacked") is None


def test_ticket_is_unread_until_it_is_opened(desk, zendesk):
    zendesk.ticket()
    expect(desk.locator(data("comment"))).to_have_count(1)
    zendesk.ticket(subject="Tweede")
    second = desk.locator('[data-ticket-id="2"]')

    expect(second).to_have_attribute("data-unread", "true")
    second.click()
    expect(second).to_have_attribute("data-unread", "false")
    expect(second).to_have_attribute("aria-current", "true")


def test_draft_stays_with_its_ticket(desk, zendesk):
    zendesk.ticket()
    zendesk.ticket()
    desk.locator('[data-ticket-id="1"]').click()
    desk.locator(data("input")).fill("half af")
    desk.locator('[data-ticket-id="2"]').click()

    expect(desk.locator(data("input"))).to_have_value("")
    desk.locator('[data-ticket-id="1"]').click()
    expect(desk.locator(data("input"))).to_have_value("half af")


def test_closed_ticket_takes_no_answer(desk, zendesk, sandbox):
    zendesk.ticket()
    expect(desk.locator(data("comment"))).to_have_count(1)
    sandbox.control("zendesk/tickets/1/status", {"status": "closed"})

    expect(desk.locator(data("reply"))).to_be_disabled()
    expect(desk.get_by_text("takes no more answers")).to_be_visible()


def test_reset_empties_the_desk(desk, zendesk, sandbox):
    zendesk.ticket()
    expect(desk.locator(data("comment"))).to_have_count(1)
    sandbox.control("reset")

    expect(desk.get_by_text("No tickets yet.")).to_be_visible()
    expect(desk.locator(data("input"))).to_be_hidden()


def test_narrow_desk_in_dutch_shows_one_side_at_a_time(browser, zendesk, sandbox):
    zendesk.ticket()
    with browser.new_context(viewport={"width": 480, "height": 700}) as context:
        page = context.new_page()
        page.goto(f"{sandbox.url}/desk?lang=nl")
        page.locator(data("ticket")).click()

        expect(page.get_by_role("button", name="Openbaar antwoord")).to_be_visible()
        expect(page.locator(data("ticket"))).to_be_hidden()
        assert page.evaluate("document.documentElement.scrollWidth") == 480
        page.get_by_role("button", name="Alle tickets").click()
        expect(page.locator(data("ticket"))).to_be_visible()


@pytest.mark.parametrize(
    ("accept", "lang"), [("nl-NL,nl;q=0.9", "nl"), ("de", "en"), ("en-GB", "en"), ("", "en")]
)
def test_page_without_a_language_follows_the_browser(sandbox, accept, lang):
    headers = {"Accept-Language": accept}

    answer = sandbox.session.get(f"{sandbox.url}/desk", headers=headers, timeout=15)

    assert f'<html lang="{lang}">' in answer.text
