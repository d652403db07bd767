"""The phone's page with every type of message, in a real browser."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

CUSTOMER = "31655501234"
NUMBER = "106540352242922"
SAMPLES = Path(__file__).parents[2] / "sandbox/balie_sandbox/graph/media/samples"
HOSTILE = '<img src=x onerror="document.title=1">'


def write(sandbox, **more):
    return sandbox.control("whatsapp/messages", {"from": f"+{CUSTOMER}"} | more)


def messages(page):
    return page.locator("[data-test=phone-message]")


def shown(sandbox):
    return sandbox.look(f"whatsapp/phones/{CUSTOMER}")["messages"]


def pick(page, place, item):
    """Choose from the menu of the message at a place."""
    messages(page).nth(place).locator("details.menu > summary").click()
    messages(page).nth(place).locator(f"[data-test=phone-{item}]").first.click()


def test_page_shows_files_of_each_type(sandbox, open_page):
    for type_ in ("image", "video", "voice", "document", "sticker"):
        write(sandbox, type=type_)

    page = open_page("/phone")

    expect(messages(page)).to_have_count(5)
    picture, film, sound, paper, sticker = (messages(page).nth(at) for at in range(5))
    for image in (picture, sticker):
        expect(image.locator("img")).to_have_js_property("complete", value=True)
        assert image.locator("img").evaluate("image => image.naturalWidth") > 100
    for player in (film.locator("video"), sound.locator("audio")):
        player.evaluate(
            "player => player.readyState || new Promise(r => player.onloadedmetadata = r)"
        )
        assert player.evaluate("player => player.duration") > 1
    expect(paper.locator("a")).to_have_attribute("download", "factuur.pdf")


def test_page_shows_hostile_parts_as_text(sandbox, open_page):
    """A8: names and titles that would like to be HTML."""
    write(sandbox, type="location", location={"name": HOSTILE, "address": HOSTILE})
    write(sandbox, type="contacts", contacts=[{"name": {"formatted_name": HOSTILE}}])
    write(sandbox, type="document", file={"text": "x", "name": HOSTILE}, caption=HOSTILE)

    page = open_page("/phone")

    expect(messages(page)).to_have_count(3)
    assert page.locator("#messages img").count() == 0
    assert page.get_by_text(HOSTILE, exact=True).count() == 5
    assert page.title() == "Sanne de Wit · The customer's phone"


def test_page_taps_button_list_and_template(sandbox, graph, open_page):
    write(sandbox, text="Hoi")
    rows = [{"id": "a", "title": "Ochtend"}, {"id": "b", "title": "Middag"}]
    buttons = [{"type": "reply", "reply": {"id": "y", "title": "Nieuwe mand"}}]
    for interactive in (
        {"type": "button", "body": {"text": "Wat wilt u?"}, "action": {"buttons": buttons}},
        {
            "type": "list",
            "body": {"text": "Wanneer?"},
            "action": {"button": "Kies", "sections": [{"rows": rows}]},
        },
    ):
        graph.send(type="interactive", text=None, interactive=interactive)
    sandbox.control(
        "whatsapp/templates", {"name": "t", "body": "Is het zo goed?", "buttons": ["Ja"]}
    )
    template = {"name": "t", "language": {"code": "nl"}}
    graph.send(type="template", text=None, template=template)
    page = open_page("/phone")

    page.get_by_role("button", name="Nieuwe mand").click()
    expect(messages(page)).to_have_count(5)
    page.get_by_text("Kies", exact=True).click()
    page.get_by_role("button", name="Middag").click()
    expect(messages(page)).to_have_count(6)
    page.get_by_role("button", name="Ja", exact=True).click()

    expect(messages(page)).to_have_count(7)
    replies = shown(sandbox)[-3:]
    assert [one["message"] for one in replies] == [
        {"type": "button_reply", "button_reply": {"id": "y", "title": "Nieuwe mand"}},
        {"type": "list_reply", "list_reply": {"id": "b", "title": "Middag"}},
        {"payload": "Ja", "text": "Ja"},
    ]
    said = messages(page).nth(5).locator("p")
    expect(said).to_have_text("Middag")


def test_page_sends_picture_with_caption_and_voice(sandbox, open_page):
    page = open_page("/phone")
    page.locator("[data-test=phone-input]").fill("Zie de barst")

    page.locator("[data-test=phone-file]").set_input_files(SAMPLES / "photo.jpg")
    expect(messages(page)).to_have_count(1)
    page.locator("[data-test=phone-voice]").set_input_files(SAMPLES / "voice.ogg")
    expect(messages(page)).to_have_count(2)

    picture, voice = shown(sandbox)
    assert (picture["type"], picture["message"]["caption"]) == ("image", "Zie de barst")
    assert picture["message"]["mime_type"] == "image/jpeg"
    assert (voice["message"]["voice"], voice["message"]["mime_type"]) == (
        True,
        "audio/ogg; codecs=opus",
    )
    expect(page.locator("[data-test=phone-input]")).to_have_value("")


def test_page_sends_location_and_contact(sandbox, open_page):
    page = open_page("/phone?lang=nl")

    for count, item in enumerate(("location", "contact"), 1):
        page.locator("[data-test=phone-attach]").click()
        page.locator(f"[data-test=phone-{item}]").click()
        expect(messages(page)).to_have_count(count)

    assert [one["type"] for one in shown(sandbox)] == ["location", "contacts"]
    expect(page.get_by_text("Domplein", exact=True)).to_be_visible()


def test_page_reacts_quotes_edits_and_takes_back(sandbox, graph, open_page):
    sandbox.control(f"whatsapp/numbers/{NUMBER}", {"coexists": True})
    write(sandbox, text="Hio")
    graph.send(text={"body": "Goedemiddag"})
    page = open_page("/phone")
    expect(messages(page)).to_have_count(2)

    pick(page, 1, "react")
    expect(messages(page).nth(1).locator("[data-test=phone-reactions]")).to_have_text("👍")
    pick(page, 1, "react")
    expect(messages(page).nth(1).locator("[data-test=phone-reactions]")).to_have_count(0)
    pick(page, 1, "quote")
    page.locator("[data-test=phone-input]").fill("Dank u")
    page.locator("[data-test=phone-send]").click()
    expect(messages(page).nth(2).locator("blockquote")).to_have_text("Goedemiddag")
    pick(page, 0, "edit")
    page.locator("[data-test=phone-input]").fill("Hoi")
    page.locator("[data-test=phone-send]").click()
    expect(messages(page).nth(0).locator("p")).to_have_text("Hoi")
    pick(page, 2, "revoke")
    expect(messages(page).nth(2).locator("p")).to_have_text("This message was deleted.")

    first, answer, last = shown(sandbox)
    assert (first["edited"], last["revoked"], "reactions" in answer) == (True, True, False)
    assert last["context"] == {"id": answer["id"]}


def test_page_with_everything_fits_a_narrow_screen(sandbox, graph, open_page):
    long = {"name": "x" * 300, "address": "y" * 300}
    write(sandbox, type="location", location=long)
    write(sandbox, type="voice")
    write(sandbox, type="image", caption="z" * 300)
    sandbox.control("whatsapp/templates", {"name": "t", "body": "w" * 300, "buttons": ["v" * 25]})
    template = {"name": "t", "language": {"code": "nl"}}
    graph.send(type="template", text=None, template=template)
    page = open_page("/phone", viewport={"width": 320, "height": 600})
    expect(messages(page)).to_have_count(4)

    widths = page.evaluate(
        "[document.documentElement, document.getElementById('messages')].map(e => e.scrollWidth)"
    )

    assert widths == [320, 320]


@pytest.mark.parametrize(
    ("status", "path"),
    [("played", "in"), ("delivered", "out")],
    ids=["of the business", "of the customer"],
)
def test_page_tells_that_a_voice_message_was_played(sandbox, graph, open_page, status, path):
    form = {"messaging_product": "whatsapp"}
    files = {"file": ("v.ogg", (SAMPLES / "voice.ogg").read_bytes(), "audio/ogg; codecs=opus")}
    media_id = graph.call("POST", f"{NUMBER}/media", data=form, files=files)[1]["id"]
    write(sandbox, text="Hoi")
    audio = {"id": media_id} | ({"voice": True} if path == "in" else {})
    graph.send(type="audio", text=None, audio=audio)
    page = open_page("/phone")
    expect(messages(page).nth(1)).to_have_attribute("data-status", "read")

    page.locator("audio").evaluate("player => { player.muted = true; return player.play(); }")

    expect(messages(page).nth(1)).to_have_attribute(
        "data-status", "played" if status == "played" else "read"
    )
