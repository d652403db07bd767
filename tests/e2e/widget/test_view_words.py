"""What anybody writes is shown as words, whatever is in it (landscape A8-A10)."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Route, expect
from tests.e2e.chatting import ticket_with

HOSTILE = [
    "<img src=x onerror=alert(1)><script>alert(2)</script>",
    "[klik](javascript:alert(3)) en javascript:alert(4)",
    "[bank](data:text/html,<script>alert(5)</script>)",
    '"><svg onload=alert(6)>',
    '**vet [**](https://voorbeeld.nl/"onmouseover=alert(7)) `<b>code</b>`',
]
MARKED = (
    "<p><b>vet</b> <i>schuin</i> <s>weg</s> <code>a_b</code></p><ul><li>een</li><li>twee</li></ul>"
    '<p>2*3*4 _of_ [dit](https://a.nl) <a href="mailto:hallo@voorbeeld.nl">Mail ons</a></p>'
    '<p><a href="https://voorbeeld.nl/pad">hier</a></p>'
)
ALLOWED = {
    *("a", "bdi", "button", "code", "div", "em", "h3", "li", "ol", "p", "path", "pre", "s", "span"),
    *("strong", "svg", "time", "ul"),
}


def tags(part: Locator) -> set[str]:
    return set(part.evaluate("one => [...one.querySelectorAll('*')].map((sub) => sub.localName)"))


def fits(part: Locator) -> bool:
    found: Any = part.evaluate("one => one.scrollWidth <= one.clientWidth")
    return bool(found)


@pytest.mark.usefixtures("each_device")
def test_a8_markup_is_shown_as_it_was_written_and_never_runs(visitors, answer, question):
    widget = visitors.visit()
    widget.page.on("dialog", lambda dialog: visitors.complaints.append(dialog.message))
    widget.open().part("new-thread").click()
    widget.say(question)
    widget.say("\n".join(HOSTILE))
    answer(question, "\n\n".join(["Antwoord:", *HOSTILE]))
    widget.hears("Antwoord:")

    for by in ("customer", "agent"):
        said = widget.messages(by).last
        expect(said).to_contain_text("<img src=x onerror=alert(1)><script>alert(2)</script>")
        assert tags(said) <= ALLOWED
        hrefs = said.locator("a").evaluate_all("all => all.map((one) => one.href)")
        assert [one for one in hrefs if not one.startswith("https://voorbeeld.nl/")] == []


@pytest.mark.usefixtures("each_device")
def test_a8_words_that_are_too_long_or_turned_stay_in_their_place(visitors, question):
    widget = visitors.visit()
    widget.open().part("new-thread").click()
    address = "https://voorbeeld.nl/" + "y" * 500
    for words in ("x" * 3_000, address, "\u202e" + "omgekeerd " * 20, question):
        widget.say(words)
    expect(widget.messages("customer")).to_have_count(4)
    assert fits(widget.app.get_by_role("log"))
    # What turns letters around does so within its own message only.
    bubbles = widget.messages("customer").locator(".bubble")
    assert bubbles.evaluate_all("all => all.map((one) => one.dir)") == ["auto"] * 4


def test_words_of_the_tenant_and_its_tone_are_shown_as_words(visitors):
    def worded(route: Route) -> None:
        answered = route.fetch()
        own = {"tone": "je", "texts": {"greeting": "<b>Dag!</b> {name}", "send": ""}}
        route.fulfill(response=answered, json=answered.json() | own)

    widget = visitors.visit()
    widget.page.route("**/settings?*", worded)
    widget.open()
    expect(widget.app.get_by_role("heading", level=2)).to_have_text("<b>Dag!</b> {name}")
    expect(widget.app.get_by_text("Waarmee kunnen we je helpen?")).to_be_visible()
    widget.part("new-thread").click()
    expect(widget.app.get_by_role("textbox", name="Je bericht")).to_be_focused()
    # Words that are left empty are Balie's.
    expect(widget.part("send")).to_have_accessible_name("Versturen")


def test_marks_of_an_agent_are_shown_and_what_only_looks_like_one_is_not(visitors, whole, question):
    widget = visitors.visit()
    widget.open().part("new-thread").click()
    widget.say(question)
    ticket = ticket_with(whole, question)["id"]
    said = {"body": "vet", "html_body": MARKED, "public": True}
    whole.stage.control("POST", f"zendesk/tickets/{ticket}/comments", said)
    said = widget.messages("agent").locator(".bubble")
    expect(said.locator("strong")).to_have_text("vet")
    expect(said.locator("em")).to_have_text("schuin")
    expect(said.locator("s")).to_have_text("weg")
    expect(said.locator("code")).to_have_text("a_b")
    expect(said.locator("li")).to_have_text(["een", "twee"])
    expect(said).to_contain_text("2*3*4 _of_ [dit](https://a.nl) Mail ons (hallo@voorbeeld.nl)")
    link = said.get_by_role("link", name="hier")
    expect(link).to_have_attribute("href", "https://voorbeeld.nl/pad")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
