"""The demo's page with its shop: a visitor chats, an agent answers, and it fits every screen."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.e2e.chatting import ticket_with
from tests.e2e.whole import Whole, running, wait_until

from balie.cli.demo.shop import open_shop

PATIENCE_MS = 15_000


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    with running(tmp_path_factory.mktemp("shop"), name="De Balie") as started:
        open_shop(started.stage)
        yield started


@pytest.fixture
def page(chrome: Browser, whole: Whole) -> Iterator[Page]:
    """The demo's page at the width that three panes need; a script's complaint fails the test."""
    context = chrome.new_context(locale="nl-NL", viewport={"width": 1240, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda said: complaints.append(said.text))
    opened.goto(whole.stage.url)
    yield opened
    context.close()
    assert complaints == []


def test_visitor_of_the_shop_chats_with_the_agent_beside_it(page):
    shop, desk = page.frame_locator("#shop"), page.frame_locator("#desk")
    chat = shop.frame_locator("[data-test=frame] iframe")
    shop.locator(".hero [data-balie-open]").click()
    chat.locator("[data-test=new-thread]").first.click()
    chat.locator("[data-test=composer]").fill("Past deze bel op elk stuur?")
    chat.locator("[data-test=send]").click()
    desk.locator("[data-test=desk-ticket]").first.click()
    asked = desk.locator("[data-test=desk-comment]").filter(has_text="Past deze bel")
    expect(asked).to_have_attribute("data-public", "true")

    desk.locator("[data-test=desk-input]").fill("Ja, van 22 tot 26 millimeter.")
    desk.locator("[data-test=desk-reply]").click()

    answer = chat.locator("[data-test=message][data-by=agent]")
    expect(answer).to_contain_text("Ja, van 22 tot 26 millimeter.")


def test_visitor_goes_on_with_the_phone_beside_it_by_clicking(page, whole):
    """The chat's link leads to the demo's own phone, where one press sends its words."""
    chat = page.frame_locator("#shop").frame_locator("[data-test=frame] iframe")
    page.frame_locator("#shop").locator(".hero [data-balie-open]").click()
    chat.locator("[data-test=new-thread]").first.click()
    chat.locator("[data-test=composer]").fill("Is mijn lamp al verstuurd?")
    chat.locator("[data-test=send]").click()
    expect(chat.locator("[data-test=message][data-state=filed]")).to_have_count(1)
    chat.locator("[data-test=menu]").click()
    chat.locator("[data-test=hop]").click()
    code = chat.locator("[data-test=hop-code]").inner_text()
    with page.context.expect_page() as opened:
        chat.locator("[data-test=hop-link]").click()
    phone = opened.value
    words = phone.locator("[data-test=phone-input]")
    expect(words).to_have_value(f"Hallo! Ik ga graag hier verder. Mijn code is {code}")
    expect(words).to_be_focused()

    phone.locator("[data-test=phone-send]").click()

    expect(words).to_have_value("")
    expect(chat.locator("[data-test=standing]")).to_contain_text(
        "Dit gesprek gaat verder op WhatsApp."
    )
    wait_until(lambda: code in said_in(ticket_with(whole, "Is mijn lamp al verstuurd?")))
    whole.answer(ticket_with(whole, "Is mijn lamp al verstuurd?"), "Ja, hij komt morgen.")
    answer = phone.locator("[data-test=phone-message][data-direction=in]")
    expect(answer.filter(has_text="Ja, hij komt morgen.")).to_have_count(1)
    expect(page.frame_locator("#phone").get_by_text("Ja, hij komt morgen.")).to_be_visible()


def said_in(ticket):
    return " ".join(comment["body"] for comment in ticket["comments"])


def test_three_panes_fit_beside_each_other_and_on_a_phone(page):
    boxes = [page.locator(name).bounding_box() for name in ("#shop", "#phone", "#desk")]
    right = [box["x"] + box["width"] for box in boxes]

    assert right[0] <= boxes[1]["x"]
    assert right[1] <= boxes[2]["x"]
    assert right[2] <= 1240
    page.set_viewport_size({"width": 360, "height": 740})
    widths = [page.evaluate("document.documentElement.scrollWidth")]
    shop = page.frame_locator("#shop")
    widths.append(shop.locator("html").evaluate("root => root.scrollWidth - root.clientWidth"))
    page.get_by_role("link", name="Bureau").click()

    assert widths == [360, 0]
    expect(page.locator("#desk")).to_be_in_viewport(ratio=0.9)
