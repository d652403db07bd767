"""A talk with the desk, and what a visitor has at hand in it, on a desktop and on a phone."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.e2e.chatting import ticket_with
from tests.e2e.whole import wait_until
from tests.e2e.widget.test_story_elsewhere import begun, choose, filed

pytestmark = pytest.mark.usefixtures("each_device")

FILES = """([type, name, at]) => {
  const given = new DataTransfer();
  given.items.add(new File(["Bonnetje"], name, { type: "text/plain" }));
  const node = document.querySelector(at);
  const how = { bubbles: true, cancelable: true, dataTransfer: given, clipboardData: given };
  const Kind = type === "paste" ? ClipboardEvent : DragEvent;
  return node.dispatchEvent(new Kind(type, how));
}"""
BEGINS = re.compile(r"/session\?")
COUNT_SOUNDS = """window.sounds = 0;
const { start } = OscillatorNode.prototype;
OscillatorNode.prototype.start = function (...when) {
  window.sounds += 1;
  return start.apply(this, when);
};"""


def attached(ticket: dict[str, Any]) -> list[str]:
    """Return the names of all files in a ticket."""
    return [one["file_name"] for said in ticket["comments"] for one in said["attachments"]]


def test_question_is_asked_answered_chosen_from_a_list_solved_and_opened_again(
    visitors, whole, answer, question
):
    widget = begun(visitors.visit(), question)
    answer(question, "Ja, hij staat klaar.")
    widget.hears("hij staat klaar")
    ticket = ticket_with(whole, question)
    whole.answer(
        ticket, "/list Waarheen? | Kies | Thuis: morgen 14-16 uur | Bij de buren", public=False
    )
    options = widget.part("option")
    expect(options).to_have_text(["Thuismorgen 14-16 uur", "Bij de buren"])
    expect(widget.app.get_by_role("group", name="Kies")).to_be_visible()
    options.first.click()
    expect(widget.messages("customer").last.locator(".bubble")).to_have_text("Thuis")
    expect(options.first).to_have_attribute("aria-pressed", "true")
    expect(options.last).to_be_disabled()
    expect(widget.messages("customer").last).to_have_attribute("data-state", "filed")
    filed(whole, question, "Thuis")
    whole.stage.control("POST", f"zendesk/tickets/{ticket['id']}/status", {"status": "solved"})
    expect(widget.part("standing")).to_contain_text("Dit gesprek is afgesloten.")
    thanks = widget.say(f"Dank u! {question}")
    expect(widget.part("standing")).to_be_empty()

    filed(whole, question, thanks)
    assert ticket_with(whole, thanks)["id"] == ticket["id"]


def test_files_are_dropped_and_pasted_and_an_emoji_is_chosen(visitors, whole, question):
    widget = begun(visitors.visit(), question)
    frame = widget.frame
    assert frame.evaluate(FILES, ["dragenter", "a.txt", ".conversation"]) is False
    expect(widget.app.get_by_text("Laat los om mee te sturen")).to_be_visible()
    frame.evaluate(FILES, ["drop", "gesleept.txt", ".conversation"])
    expect(widget.app.get_by_text("Laat los om mee te sturen")).to_be_hidden()
    frame.evaluate(FILES, ["paste", "geplakt.txt", "#composer"])
    expect(widget.part("held")).to_have_text(
        [re.compile("^gesleept.txt"), re.compile("^geplakt.txt")]
    )
    # Beside the conversation nobody takes it, nor does the browser, which would open it.
    assert frame.evaluate(FILES, ["drop", "ernaast.txt", "header"]) is False

    widget.part("composer").fill(f"Zie hier: {question}")
    widget.part("emoji").click()
    picker = widget.part("emoji-picker")
    picker.get_by_role("searchbox").fill("hart")
    letters = picker.get_by_role("button").first
    heart = letters.inner_text()
    letters.click()
    expect(picker).to_have_count(0)
    expect(widget.part("composer")).to_have_value(f"Zie hier: {question}{heart}")
    widget.part("send").click()
    expect(widget.messages("customer").last).to_have_attribute("data-state", "filed")

    filed(whole, question, f"{question}{heart}")
    assert sorted(attached(ticket_with(whole, question))) == ["geplakt.txt", "gesleept.txt"]


def test_sound_is_off_until_it_is_turned_on_and_stays_so(visitors, answer, question):
    context = visitors.browser()
    context.add_init_script(COUNT_SOUNDS)
    widget = begun(visitors.visit(context=context), question)

    def sounds() -> int:
        return int(widget.frame.evaluate("window.sounds"))

    def answered_unseen(words: str) -> None:
        widget.part("close").click()
        answer(question, words)
        expect(widget.page).to_have_title("(1) Fietsenwinkel")
        widget.open().hears(words)

    answered_unseen("Ja, hij staat klaar.")
    assert sounds() == 0
    widget.part("menu").click()
    expect(widget.part("sound")).to_have_attribute("aria-checked", "false")
    widget.part("sound").click()
    turned_on = sounds()
    answered_unseen("Tot morgen!")
    wait_until(lambda: sounds() > turned_on)
    widget.page.reload()
    widget.open().part("menu").click()

    expect(widget.part("sound")).to_have_attribute("aria-checked", "true")
    assert turned_on > 0


def test_typing_is_not_told_where_no_agent_could_see_it(visitors, question):
    widget = begun(visitors.visit(), question)
    expect(widget.messages("customer")).to_have_attribute("data-state", "filed")
    asked: list[str] = []
    widget.page.context.on("request", lambda one: asked.append(one.url))
    widget.part("composer").press_sequentially("En nog iets")
    # What is sent after it would come after it.
    with widget.page.expect_request("**/messages?*"):
        widget.part("send").click()

    assert [url for url in asked if "/typing" in url] == []


def test_language_that_was_chosen_is_kept_and_the_launcher_speaks_it_too(visitors):
    widget = visitors.visit()
    expect(widget.launcher).to_have_accessible_name("Chat openen")
    choose(widget.open(), "language")
    expect(widget.part("new-thread")).to_have_text("Start a conversation")
    widget.part("close").click()
    expect(widget.launcher).to_have_accessible_name("Open chat")
    widget.page.reload()
    expect(widget.launcher).to_have_accessible_name("Open chat")
    expect(widget.open().part("new-thread")).to_have_text("Start a conversation")
    choose(widget, "language")
    expect(widget.part("new-thread")).to_have_text("Start een gesprek")
    widget.page.reload()

    expect(widget.launcher).to_have_accessible_name("Chat openen")


def test_language_is_kept_only_once_it_was_agreed_that_something_is(visitors):
    widget = visitors.visit("careful")
    choose(widget.open(), "language")
    widget.part("new-thread").click()
    expect(widget.part("consent-agree")).to_have_text("I agree")
    assert widget.page.evaluate("Object.keys(localStorage)") == []
    widget.part("consent-agree").click()
    expect(widget.part("field-name")).to_be_visible()
    wait_until(lambda: len(widget.page.evaluate("Object.keys(localStorage)")) == 1)
    widget.page.reload()

    expect(widget.launcher).to_have_accessible_name("Open chat")


def test_tenants_words_and_what_is_agreed_to_are_in_the_visitors_language(visitors):
    widget = visitors.visit("both")
    topics = widget.app.locator("[aria-labelledby=topics]")
    widget.open()
    expect(topics).to_contain_text("Bestelling")
    choose(widget, "language")
    expect(topics).to_contain_text("Order")
    expect(widget.app.locator("body")).to_contain_text("Replies usually soon")
    widget.part("new-thread").click()
    expect(widget.app.locator(".consent-text")).to_have_text("We keep this talk.")
    with widget.page.expect_request(BEGINS) as first:
        widget.part("consent-agree").click()
    widget.say("Hallo")
    expect(widget.messages("customer")).to_have_attribute("data-state", "filed")
    choose(widget, "language")
    expect(widget.part("composer")).to_be_visible()
    with widget.page.expect_request(BEGINS) as again:
        widget.page.reload()

    # What was shown is what was agreed to, whatever is spoken since.
    sent = [one.value.post_data_json for one in (first, again)]
    assert [(one["consent"], one["consent_language"]) for one in sent] == [("1", "en")] * 2


def test_talk_is_downloaded_as_words(visitors, answer, question):
    widget = begun(visitors.visit(), question)
    answer(question, "Ja, hij staat klaar.")
    widget.hears("Ja, hij staat klaar.")
    with widget.page.expect_download() as started:
        choose(widget, "transcript")
    expect(widget.part("problem-notice")).to_contain_text("Het bestand is gedownload.")
    words = Path(started.value.path()).read_text(encoding="utf-8")

    assert started.value.suggested_filename == "gesprek.txt"
    assert re.search(rf"U: {re.escape(question)}\n\[.*\] .+: Ja, hij staat klaar\.\n$", words)
