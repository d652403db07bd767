"""The talk outlives the page: on in WhatsApp and back, outside hours, and for who is known."""

import re
import time
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from playwright.sync_api import expect
from tests.e2e.chatting import ticket_with
from tests.e2e.whole import Whole, new_customer, wait_until
from tests.e2e.widget.conftest import IDENTITY_SECRET, PHONE, Visitors, Widget
from tests.e2e.widget.test_view_accessible import violations
from tests.plugins.livechat.visiting import jwt

from balie_livechat.web.drawing import qr_code

WAITING = {
    "name": "verder_hier",
    "language": "nl",
    "category": "UTILITY",
    "body": "U wilde hier verder met ons praten.",
    "buttons": ["Ja, graag"],
}


def begun(widget: Widget, words: str) -> Widget:
    """Let a talk begin with these words; they stand in the helpdesk then."""
    widget.open().part("new-thread").click()
    widget.say(words)
    expect(widget.messages("customer")).to_have_attribute("data-state", "filed")
    return widget


def choose(widget: Widget, item: str) -> None:
    widget.part("menu").click()
    widget.part(item).click()


def hop_of(widget: Widget) -> dict[str, str]:
    """Ask to go on in WhatsApp; return what the server gave for it."""
    with widget.page.expect_response("**/hop?*") as made:
        choose(widget, "hop")
    expect(widget.part("hop-code")).to_be_visible()
    return dict(made.value.json())


def words_of(url: str) -> str:
    """Return the words that a link to WhatsApp puts ready."""
    assert urlsplit(url).path.endswith("/31855500100")
    return parse_qs(urlsplit(url).query)["text"][0]


def shown(whole: Whole, number: str, kind: str) -> dict[str, Any]:
    """Wait until a phone shows a message of this type; return it."""
    [found] = wait_until(lambda: [one for one in whole.shown(number) if one["type"] == kind])
    return dict(found)


def filed(whole: Whole, question: str, words: str) -> None:
    """Wait until an agent can read these words in the ticket of a question."""
    wait_until(
        lambda: words in " ".join(one["body"] for one in ticket_with(whole, question)["comments"])
    )


def settle(whole: Whole, connection: str, **settings: Any) -> None:
    """Change settings of a widget, as an admin does while all runs."""
    balie = whole.stage.services()
    balie.directory.set_config("demo", connection, settings)
    balie.store.close()


def test_s43_qr_code_leads_to_whatsapp_and_a_link_leads_back(visitors, whole, answer, question):
    widget = begun(visitors.visit(), question)
    hop = hop_of(widget)
    picture = widget.part("hop-qr")
    expect(picture).to_have_js_property("complete", value=True)
    drawn = picture.evaluate("one => [one.naturalWidth, one.naturalHeight, one.src.slice(0, 5)]")
    expect(widget.part("hop-code")).to_have_text(hop["code"])
    number = new_customer()
    whole.write(number, words_of(hop["url"]))

    # It is told at once: nothing is left to be scanned, and where the talk goes on is said.
    expect(picture).to_have_count(0)
    expect(widget.part("standing")).to_contain_text("Dit gesprek gaat verder op WhatsApp.")
    filed(whole, question, hop["code"])
    answer(question, "Ja, hij staat klaar.")
    assert shown(whole, number, "text")["text"] == "Ja, hij staat klaar."
    whole.answer(ticket_with(whole, question), "/whatsapp", public=False)
    way_back = shown(whole, number, "interactive")["message"]["action"]["parameters"]["url"]

    # On another site, where nobody knows this browser: it is the code that says who it is.
    back = visitors.go(way_back)
    back.part("new-thread").click()
    assert back.page.url == visitors.shop.foreign.page()
    again = back.say("Hier ben ik weer.")
    expect(back.messages("customer")).to_have_attribute("data-state", "filed")
    expect(widget.part("standing")).to_be_empty()
    answer(question, "Tot morgen!")
    back.hears("Tot morgen!")

    assert min(drawn[:2]) > 0
    assert drawn[2] == "data:"
    assert hop["code"] in words_of(hop["url"])
    said = [one["body"] for one in ticket_with(whole, question)["comments"] if one["public"]]
    order = [question, hop["code"], "Ja, hij staat klaar.", again, "Tot morgen!"]
    assert [next(i for i, body in enumerate(said) if words in body) for words in order] == sorted(
        range(len(order))
    )
    assert [one["text"] for one in whole.shown(number) if one["type"] == "text"] == [
        "Ja, hij staat klaar."
    ]


def test_code_that_is_good_is_shown_again_and_a_used_one_is_not(
    visitors, whole, question, each_device
):
    widget = begun(visitors.visit(), question)
    first = hop_of(widget)["code"]
    for _ in range(6):
        widget.page.keyboard.press("Escape")
        choose(widget, "hop")
        expect(widget.part("hop-code")).to_have_text(first)
    whole.write(new_customer(), first)
    expect(widget.part("standing")).to_contain_text("Dit gesprek gaat verder op WhatsApp.")
    codes = {first}
    for _ in range(4):  # a page that is loaded anew knows of no code
        codes.add(hop_of(widget)["code"])
        widget.page.keyboard.press("Escape")
        widget.page.reload()
        widget.open().part("thread").click()
        expect(widget.messages("customer")).to_have_count(1)
    choose(widget, "hop")

    # Five an hour; how long to wait is told once it is over, and in minutes.
    notice = widget.part("problem-notice")
    expect(notice).to_contain_text(
        re.compile(r"Probeer het over \d\d? minuten opnieuw\..*nog \d+ min")
    )
    assert len(codes) == 5


def test_agent_offers_whatsapp_by_a_code_to_scan_and_on_a_phone_by_a_link(
    visitors, whole, answer, question, each_device
):
    widget = begun(visitors.visit(), question)
    whole.answer(ticket_with(whole, question), "/whatsapp", public=False)
    offer = widget.messages("agent")
    link = str(offer.get_by_role("link").get_attribute("href"))
    picture = offer.get_by_role("img", name="QR-code die WhatsApp opent")
    if each_device == "phone":
        expect(picture).to_have_count(0)
    else:
        expect(picture).to_be_in_viewport(ratio=1)
        assert picture.evaluate("one => one.naturalWidth") > 0
        drawn = unquote(str(picture.get_attribute("src")))
        assert drawn == f"data:image/svg+xml,{qr_code(link)}"
        assert violations(widget) == []
    number = new_customer()
    whole.write(number, words_of(link))

    expect(widget.part("standing")).to_contain_text("Dit gesprek gaat verder op WhatsApp.")
    answer(question, "Ja, hij staat klaar.")
    assert shown(whole, number, "text")["text"] == "Ja, hij staat klaar."


@pytest.fixture
def invites(whole):
    """WhatsApp asks whoever did not write there first with a template."""
    whole.stage.control("POST", "whatsapp/templates", WAITING)
    balie = whole.stage.services()
    balie.templates.sync(balie.directory.connection("demo", "whatsapp").id)
    balie.directory.set_config("demo", "whatsapp", {"waiting_template": "verder_hier/nl"})
    balie.store.close()
    return WAITING["body"]


def test_s19_on_a_phone_it_is_a_link_and_a_number_is_written_to(
    visitors, whole, answer, question, invites
):
    phone = visitors.browser(viewport=PHONE, has_touch=True, is_mobile=True)
    widget = begun(visitors.visit(context=phone), question)
    hop = hop_of(widget)
    expect(widget.part("hop-link")).to_have_attribute("href", hop["url"])
    expect(widget.part("hop-qr")).to_have_count(0)
    widget.page.keyboard.press("Escape")

    number = new_customer()
    choose(widget, "give-number")
    widget.part("number").fill(f"0{number[2:]}")
    widget.part("number-go").click()
    agreed = widget.part("number-consent")  # without it: no
    expect(agreed).to_be_focused()
    expect(agreed).to_have_attribute("aria-invalid", "true")
    expect(agreed).to_have_accessible_description("Vink aan dat we op dit nummer mogen antwoorden.")
    expect(widget.app.locator("#number-problem")).to_be_hidden()
    agreed.check()
    widget.part("number-start").check()
    widget.part("number-go").click()
    expect(widget.part("number-dialog")).to_have_count(0)
    template = shown(whole, number, "template")
    assert template["message"]["body"] == invites
    tap = {"message_id": template["id"], "index": 0}
    whole.stage.control("POST", f"whatsapp/phones/{number}/tap", tap)

    expect(widget.part("standing")).to_contain_text("Dit gesprek gaat verder op WhatsApp.")
    filed(whole, question, "Ja, graag")
    answer(question, "Dag, hier verder dus.")
    wait_until(lambda: "Dag, hier verder dus." in [one.get("text") for one in whole.shown(number)])
    assert whole.tickets(number) in ([], [ticket_with(whole, question)])


def test_solved_talk_is_told_at_once_in_every_tab_and_goes_on_when_something_is_said(
    visitors, whole, question
):
    widget = begun(visitors.visit(), question)
    tab = visitors.visit(context=widget.page.context)
    tab.open().part("thread").click()
    ticket = ticket_with(whole, question)["id"]
    whole.stage.control("POST", f"zendesk/tickets/{ticket}/status", {"status": "solved"})
    for one in (widget, tab):
        expect(one.part("standing")).to_contain_text("Dit gesprek is afgesloten.")
    widget.say("Toch nog iets.")
    for one in (widget, tab):
        expect(one.part("standing")).to_be_empty()

    assert ticket_with(whole, "Toch nog iets.")["id"] == ticket


@pytest.mark.usefixtures("each_device")
def test_s44_who_comes_outside_hours_leaves_a_question_and_learns_that_it_opens(
    visitors, whole, question
):
    settle(whole, "hours", opening_hours="mon 0:00-0:01")
    loader = "/livechat/demo/hours/loader.js"
    wait_until(lambda: '"availability":"closed"' in whole.get(loader).text)
    context = visitors.browser(timezone_id="Europe/Amsterdam")
    context.clock.install()
    widget = visitors.visit("hours", context=context)
    expect(widget.launcher).to_have_accessible_name(
        re.compile(r"^Stel een vraag, open maandag \S* ?0?0:00$")
    )
    widget.open()
    home = widget.app.locator(".presence")
    expect(home).to_contain_text("We zijn nu gesloten")
    expect(home).to_contain_text(re.compile(r"Weer open .*0:00"))
    widget.part("new-thread").click()
    widget.say(question)
    expect(widget.messages("customer")).to_have_attribute("data-state", "filed")
    assert ticket_with(whole, question)["status"] in ("new", "open")
    widget.part("back").click()

    settle(whole, "hours", opening_hours="")
    address = "/livechat/demo/hours/availability"
    wait_until(lambda: whole.get(address).json()["state"] == "open")
    context.clock.fast_forward(120_000)
    expect(home).to_contain_text("We zijn er")
    expect(widget.part("new-thread")).to_have_text("Start een gesprek")
    expect(widget.launcher).to_have_attribute("aria-label", "Chat sluiten")
    widget.part("close").click()
    expect(widget.launcher).to_have_attribute("aria-label", "Chat openen")


def wait_of(whole: Whole, minutes: float) -> None:
    """Let the one agent of the queue take so long that this is the wait."""
    address = "/livechat/demo/queue/availability"
    waiting = wait_until(lambda: whole.get(address).json()["waiting"])
    settle(whole, "queue", minutes_per_chat=minutes / waiting)
    wait_until(lambda: whole.get(address).json()["wait_minutes"] == minutes)


def test_wait_is_told_until_somebody_answers_and_a_long_one_in_hours(
    visitors, whole, answer, question
):
    begun(visitors.visit("queue"), question)
    for minutes, locale, words in (
        (18, "nl", "Wachttijd ongeveer 18 min."),
        (100, "nl", "Wachttijd ongeveer 2 uur"),
        (480, "en", "Wait of more than 4 hours"),
    ):
        wait_of(whole, minutes)
        widget = visitors.visit("queue", locale=locale).open()
        expect(widget.app.locator(".presence")).to_contain_text(words)
    widget = visitors.visit("queue").open()
    widget.part("new-thread").click()
    header = widget.part("availability")
    expect(header).to_have_text("Wachttijd langer dan 4 uur")
    mine = widget.say(f"Ik wacht ook. {question}")
    expect(widget.messages("customer")).to_have_attribute("data-state", "filed")
    expect(header).to_have_text("Wachttijd langer dan 4 uur")
    answer(mine, "Daar bent u.")
    widget.hears("Daar bent u.")

    expect(header).to_have_text("We zijn er")
    widget.part("back").click()
    widget.part("new-thread").click()
    expect(header).to_have_text("Wachttijd langer dan 4 uur")
    answer(question, "En u ook.")


def recognised(visitors: Visitors, number: str, name: str) -> Widget:
    """Open the page of a site that knows who this is, in a new browser."""
    claims = {
        "sub": f"customer-{number}",
        "aud": "demo/members",
        "exp": int(time.time()) + 600,
        "name": name,
        "phone_number": f"+{number}",
        "phone_number_verified": True,
    }
    return visitors.visit("members", identity=jwt(claims, secret=IDENTITY_SECRET))


@pytest.mark.usefixtures("each_device")
def test_s06_customer_whom_the_site_knows_is_the_helpdesks_customer_and_has_the_history(
    visitors, whole, answer, question
):
    number, name = new_customer(), f"Noor {question[-8:]}"
    whole.write(number, f"Eerst in WhatsApp. {question}", name=name)
    before = whole.ticket(number)
    widget = begun(recognised(visitors, number, name), f"Nu hier. {question}")
    answer(f"Nu hier. {question}", "Dag Noor.")
    widget.hears("Dag Noor.")
    ticket = ticket_with(whole, f"Nu hier. {question}")

    later = recognised(visitors, number, name)
    later.open().part("thread").click()
    later.hears("Dag Noor.")
    expect(later.messages("customer")).to_contain_text(f"Nu hier. {question}")
    assert ticket["requester"]["name"] == name
    assert ticket["requester"]["id"] == before["requester"]["id"]
    assert ticket["id"] != before["id"]
