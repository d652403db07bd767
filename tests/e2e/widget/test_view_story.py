"""What a visitor does in the chat, by keyboard alone, on a desktop and on a phone."""

import re

import pytest
from playwright.sync_api import Locator, expect
from tests.e2e.whole import wait_until
from tests.e2e.widget.conftest import PHONE, Widget


def focused(widget: Widget) -> Locator:
    return widget.app.locator(":focus")


def to(widget: Widget, name: str, *, key: str = "Tab", most: int = 20) -> None:
    """Press a key until the focus is on the part of this name."""
    for _ in range(most):
        widget.page.keyboard.press(key)
        if widget.part(name).and_(widget.app.locator(":focus")).count():
            return
    raise AssertionError(f"{key} never came to {name}")


def test_keyboard_alone_leads_from_the_launcher_to_an_answer_and_back(visitors, answer, question):
    widget = visitors.visit("careful")
    keys = widget.page.keyboard
    widget.launcher.focus()
    keys.press("Enter")
    expect(focused(widget)).to_have_text("Hallo!")

    to(widget, "new-thread")
    keys.press("Enter")
    expect(focused(widget)).to_have_text("Voordat we beginnen")
    to(widget, "consent-agree")
    keys.press("Enter")
    expect(focused(widget)).to_have_text("Een paar vragen vooraf")

    to(widget, "form-go")
    keys.press("Enter")
    # The first field with a problem has the focus, and the problem is what describes it.
    expect(focused(widget)).to_have_id("field-name")
    expect(focused(widget)).to_have_accessible_description("Vul dit in: Naam")
    keys.type("Noor")
    keys.press("Enter")

    expect(focused(widget)).to_have_attribute("data-test", "composer")
    keys.type(question)
    keys.press("Shift+Enter")
    keys.type("En graag snel.")
    keys.press("Enter")
    expect(widget.messages("customer")).to_have_text(re.compile(f"{re.escape(question)}\nEn"))
    expect(widget.messages("customer")).to_have_attribute("data-state", "filed")

    answer(question, "Ja hoor, **kom maar langs**.")
    widget.hears("kom maar langs")
    # It is told once, politely; the focus stays where the visitor writes.
    announced = widget.part("announcer").locator("p")
    expect(announced).to_have_text([re.compile("Ja hoor, kom maar langs.$")])
    expect(focused(widget)).to_have_attribute("data-test", "composer")

    to(widget, "menu", key="Shift+Tab")
    keys.press("Enter")
    expect(focused(widget)).to_have_text("Nieuw gesprek")
    keys.press("End")
    expect(focused(widget)).to_have_text("Gesprekken hier vergeten")
    keys.press("Escape")
    expect(focused(widget)).to_have_attribute("data-test", "menu")
    keys.press("Escape")
    expect(widget.launcher).to_be_focused()


def test_what_was_said_meanwhile_is_marked_and_what_was_said_before_is_not_announced(
    visitors, answer, question
):
    widget = visitors.visit()
    widget.open().part("new-thread").click()
    widget.say(question)
    answer(question, "Die is klaar.")
    widget.hears("Die is klaar.")
    expect(widget.part("unread")).to_have_count(0)

    widget.part("close").click()
    answer(question, "Kom maar langs.")
    expect(widget.page.locator("[data-test=unread]")).to_have_text("1")
    widget.open()
    expect(widget.part("unread")).to_be_visible()
    widget.page.reload()

    widget.open()
    widget.part("thread").click()
    widget.hears("Kom maar langs.")
    expect(widget.part("announcer")).to_be_empty()
    expect(widget.part("unread")).to_have_count(0)


def test_phone_keeps_the_focus_inside_and_enter_begins_a_line(visitors, question):
    context = visitors.browser(viewport=PHONE, has_touch=True, is_mobile=True)
    widget = visitors.visit(context=context)
    widget.open()
    panel = widget.part("panel")
    expect(panel).to_have_attribute("aria-modal", "true")
    expect(focused(widget)).to_have_text("Hallo!")
    # Forth and back, beyond the last and the first: it stays inside.
    for key in ("Tab", "Shift+Tab"):
        for _ in range(12):
            widget.page.keyboard.press(key)
            assert widget.frame.evaluate(
                "document.hasFocus() && document.activeElement !== document.body"
            )

    widget.part("new-thread").click()
    widget.part("composer").focus()
    widget.page.keyboard.type(question)
    widget.page.keyboard.press("Enter")
    expect(widget.part("composer")).to_have_value(f"{question}\n")
    size = widget.part("composer").evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
    assert size >= 16


def test_closed_chat_offers_a_question_and_the_other_ways(visitors):
    widget = visitors.visit("shut", lang="en", locale="en")
    widget.open()
    expect(widget.part("availability")).to_have_text("We are closed now")
    expect(widget.part("new-thread")).to_have_text("Ask your question")
    expect(widget.part("way-phone")).to_have_attribute("href", "tel:0855500100")
    expect(widget.part("way-mail")).to_have_attribute("href", "mailto:hallo@shop.example")


def test_news_below_what_is_read_is_told_and_not_jumped_to(visitors, answer, question):
    widget = visitors.visit()
    widget.open().part("new-thread").click()
    widget.say("\n".join([question, *map(str, range(60))]))
    expect(widget.messages("customer")).to_have_attribute("data-state", "filed")
    log = widget.app.get_by_role("log")
    log.evaluate("one => { one.scrollTop = 0; }")
    answer(question, "Dat is een hele lijst.")
    expect(widget.part("jump")).to_have_text("1 nieuw bericht")
    assert log.evaluate("one => one.scrollTop") == 0
    widget.part("jump").click()
    expect(widget.part("jump")).to_be_hidden()
    expect(widget.messages("agent")).to_be_in_viewport()


@pytest.fixture(params=[False, True], ids=["an agent is asked", "in the ticket too"])
def erases_tickets(request, whole):
    """Whether the helpdesk erases what visitors erase; afterwards it does not, as is usual."""
    balie = whole.stage.services()
    balie.directory.set_config("demo", "zendesk", {"erase_on_request": request.param})
    address = "/livechat/demo/site/settings"
    wait_until(lambda: whole.get(address).json()["erases_tickets"] is request.param)
    yield request.param
    balie.directory.set_config("demo", "zendesk", {"erase_on_request": False})
    balie.store.close()


def test_data_is_erased_only_when_it_was_asked_twice_and_no_more_is_promised_than_is_done(
    visitors, question, erases_tickets
):
    told, untold = "gewist, ook in onze administratie", "Een medewerker krijgt het verzoek"
    if not erases_tickets:
        told, untold = untold, told
    widget = visitors.visit()
    widget.open().part("new-thread").click()
    widget.say(question)
    expect(widget.messages("customer")).to_have_attribute("data-state", "filed")
    for name in ("menu", "erase"):
        widget.part(name).click()
    dialog = widget.app.get_by_role("dialog", name="Gegevens wissen?")
    expect(dialog).to_contain_text(told)
    expect(dialog).not_to_contain_text(untold)
    widget.page.keyboard.press("Escape")
    expect(widget.messages("customer")).to_have_count(1)

    for name in ("menu", "erase", "erase-yes"):
        widget.part(name).click()
    expect(widget.app.get_by_role("heading", name="Uw gegevens worden gewist")).to_be_focused()
    expect(widget.part("standing-erased")).to_contain_text(told)
    expect(widget.part("standing-erased")).not_to_contain_text(untold)
    widget.part("again").click()
    expect(widget.part("new-thread")).to_be_visible()
    expect(widget.part("thread")).to_have_count(0)
