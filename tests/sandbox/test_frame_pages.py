"""The phone page and the page with phone and desk, in a real browser."""

import pytest
from playwright.sync_api import expect

CUSTOMER = "31655501234"
HOSTILE = '<img src=x onerror="document.title=1">'


def write(page, text):
    page.locator("[data-test=phone-input]").fill(text)
    page.locator("[data-test=phone-send]").click()


def messages(page):
    return page.locator("[data-test=phone-message]")


def test_phone_types_sends_and_gets_its_ticks(connected, graph, open_page, sandbox):
    page = open_page("/phone")

    write(page, "Is mijn bestelling onderweg?")

    expect(messages(page)).to_have_count(1)
    expect(messages(page)).to_have_attribute("data-direction", "out")
    expect(messages(page)).to_have_attribute("data-status", "sent")
    [shown] = sandbox.look(f"whatsapp/phones/{CUSTOMER}")["messages"]
    body = {"messaging_product": "whatsapp", "status": "read", "message_id": shown["id"]}
    graph.call("POST", "106540352242922/messages", body)
    expect(messages(page)).to_have_attribute("data-status", "read")


def test_link_opens_the_chat_with_words_that_one_press_sends(connected, open_page, sandbox):
    page = open_page("/wa.me/31855500100?text=Mijn%20code%20is%20%3Cb%3E%0A%26%20meer")

    expect(page.locator("[data-test=phone-input]")).to_have_value("Mijn code is <b>\n& meer")
    page.locator("[data-test=phone-send]").click()

    expect(messages(page)).to_have_count(1)
    [shown] = sandbox.look(f"whatsapp/phones/{CUSTOMER}")["messages"]
    assert shown["text"] == "Mijn code is <b>\n& meer"


def test_link_to_a_number_of_nobody_is_refused(sandbox):
    answer = sandbox.session.get(f"{sandbox.url}/wa.me/31655509999?text=x")

    assert answer.status_code == 400
    assert answer.json() == {"error": "There is no business with the number '31655509999' here."}


def test_phone_shows_answer_live_and_reads_it(connected, graph, open_page):
    page = open_page(f"/phone/{CUSTOMER}")
    write(page, "Hoi")
    expect(messages(page)).to_have_count(1)

    graph.send(text={"body": "Goedemiddag\nSanne"})

    answer = messages(page).nth(1)
    expect(answer).to_have_attribute("data-direction", "in")
    expect(answer).to_have_attribute("data-status", "read")
    expect(answer.locator("p")).to_have_text("Goedemiddag\nSanne")
    statuses = [
        status["status"]
        for one in connected.take(4)
        for status in one.json["entry"][0]["changes"][0]["value"].get("statuses", [])
    ]
    assert statuses == ["sent", "delivered", "read"]


def test_phone_shows_hostile_text_as_text(graph, open_page):
    page = open_page("/phone")

    write(page, HOSTILE)
    expect(messages(page)).to_have_count(1)
    graph.send(text={"body": HOSTILE})

    expect(messages(page)).to_have_count(2)
    assert messages(page).locator("p").all_inner_texts() == [HOSTILE, HOSTILE]
    assert (page.locator("img").count(), page.title()) == (0, "Sanne de Wit · The customer's phone")


def test_phone_shows_hostile_name_as_text(sandbox, open_page):
    sandbox.control(f"whatsapp/phones/{CUSTOMER}", {"name": HOSTILE})

    page = open_page("/phone")

    expect(page.get_by_text(HOSTILE)).to_be_visible()


def test_phone_follows_a_reset(sandbox, open_page):
    page = open_page("/phone")
    write(page, "Hoi")
    expect(messages(page)).to_have_count(1)

    sandbox.control("reset")

    expect(messages(page)).to_have_count(0)


@pytest.mark.parametrize(
    ("path", "locale", "label"),
    [
        ("/phone", "nl-NL", "Bericht"),
        ("/phone", "de-DE", "Message"),
        ("/phone?lang=nl", "en-GB", "Bericht"),
        ("/phone?lang=en", "nl-NL", "Message"),
        ("/phone?lang=xx", "en-GB", "Message"),
    ],
)
def test_phone_speaks_the_asked_language(open_page, path, locale, label):
    page = open_page(path, locale=locale)

    expect(page.get_by_label(label, exact=True)).to_be_visible()


@pytest.mark.parametrize("path", ["/phone", "/"])
def test_pages_fit_a_narrow_screen(open_page, path):
    page = open_page(path, viewport={"width": 360, "height": 640})
    phone = page if path == "/phone" else page.frame_locator("iframe[name=phone]")
    phone.locator("[data-test=phone-input]").fill("x" * 200)
    phone.locator("[data-test=phone-send]").click()
    expect(messages(phone)).to_have_count(1)

    width = page.evaluate("document.documentElement.scrollWidth")

    assert width == 360


def test_both_pages_stand_side_by_side(open_page):
    page = open_page("/", viewport={"width": 1280, "height": 800})

    phone, desk = (
        page.locator(f"iframe[name={name}]").bounding_box() for name in ("phone", "desk")
    )

    assert phone["x"] + phone["width"] <= desk["x"]
    assert page.evaluate("document.documentElement.scrollHeight") == 800
    write(page.frame_locator("iframe[name=phone]"), "Hoi")
    expect(messages(page.frame_locator("iframe[name=phone]"))).to_have_count(1)
