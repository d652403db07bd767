"""What a visitor sends: answers to questions beforehand, taps, files; and what is refused."""

import re
from typing import Any

from playwright.sync_api import Route, expect
from tests.e2e.chatting import ticket_with
from tests.e2e.widget.conftest import Widget

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001"
    "a5f645400000000049454e44ae426082"
)


def begun(widget: Widget) -> Widget:
    widget.open().part("new-thread").click()
    return widget


def file(name: str, mime: str, data: bytes) -> dict[str, Any]:
    return {"name": name, "mimeType": mime, "buffer": data}


def attach(widget: Widget, *files: dict[str, Any]) -> None:
    widget.app.locator("input[type=file]").first.set_input_files(list(files))


def test_problem_that_the_server_finds_is_named_at_its_field_and_the_words_are_kept(
    visitors, question
):
    widget = begun(visitors.visit("careful"))
    widget.part("consent-agree").click()
    # Marks that only turn letters are nothing to the server, and cannot be seen here.
    widget.part("field-name").fill("\u2066")
    widget.part("form-go").click()
    widget.say(question)
    expect(widget.messages("customer")).to_have_attribute("data-state", "failed")

    widget.part("correct").click()
    field = widget.part("field-name")
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description("Vul dit in of kijk het na.")
    field.fill("Noor")
    widget.part("form-go").click()
    expect(widget.messages("customer").filter(has_text=question)).to_have_attribute(
        "data-state", "filed"
    )
    expect(widget.messages("customer")).to_have_count(1)


def test_tap_on_a_quick_reply_answers_once(visitors, answer, whole, question):
    widget = begun(visitors.visit())
    widget.say(question)
    expect(widget.messages("customer")).to_have_attribute("data-state", "filed")
    whole.answer(ticket_with(whole, question), "/knoppen Welke maat? | S | M", public=False)
    small = widget.part("quick-reply").filter(has_text="S")
    small.click()

    expect(widget.messages("customer").last.locator(".bubble")).to_have_text("S")
    expect(small).to_have_attribute("aria-pressed", "true")
    expect(widget.part("quick-reply").and_(widget.app.locator(":disabled"))).to_have_count(2)
    assert any("S" in one["body"] for one in ticket_with(whole, question)["comments"])


def test_a10_file_is_sent_by_its_plain_name_and_others_are_refused_in_words(visitors, question):
    widget = begun(visitors.visit())
    attach(
        widget,
        file("foto\u202egnp.exe", "application/x-msdownload", b"MZ"),
        file("leeg.txt", "text/plain", b""),
        file("foto.png", "image/png", PIXEL),
    )
    expect(widget.part("file-problem").locator("p")).to_have_text(
        [
            "fotognp.exe: dit soort bestand kan hier niet worden verstuurd.",
            "leeg.txt is leeg.",
        ]
    )
    expect(widget.part("held")).to_have_text(re.compile("foto.png"))
    widget.say(question)
    sent = widget.messages("customer")
    expect(sent).to_have_attribute("data-state", "filed")
    picture = sent.get_by_role("img", name="foto.png")
    expect(picture).to_have_js_property("complete", value=True)
    # Its room is there before it is: nothing moves when it comes.
    box = sent.locator(".frame").bounding_box()
    assert box is not None
    assert (round(box["width"]), round(box["height"])) == (240, 180)

    sent.locator(".frame").click()
    expect(widget.app.get_by_role("dialog", name="foto.png")).to_be_visible()
    widget.page.keyboard.press("Escape")
    # Esc closes what stands in front, not the chat behind it.
    expect(widget.part("composer")).to_be_visible()


def test_file_that_only_pretends_is_refused_by_its_first_bytes(visitors, question):
    widget = begun(visitors.visit())
    attach(widget, file("foto.png", "image/png", b"<svg onload=alert(1)>"))
    widget.say(question)
    failed = widget.messages("customer")
    expect(failed).to_have_attribute("data-state", "failed")
    expect(failed).to_contain_text("Dit soort bestand kan hier niet worden verstuurd.")
    widget.part("discard").click()
    expect(failed).to_have_count(0)
    # The words come back to be sent without it.
    expect(widget.part("composer")).to_have_value(question)


def test_a18_visitor_who_is_stopped_is_told_why_and_it_goes_on_by_itself(visitors, question):
    widget = begun(visitors.visit())
    why = "U stuurt veel berichten achter elkaar. Wacht 1 seconde en stuur het opnieuw."
    refusals = iter([{"error": "slow_down", "text": why}])

    def slow(route: Route) -> None:
        refusal = next(refusals, None)
        if refusal is None:
            route.continue_()
        else:
            route.fulfill(status=429, json=refusal, headers={"Retry-After": "1"})

    widget.page.route("**/messages?*", slow)
    widget.say(question)
    expect(widget.messages("customer")).to_contain_text(why)
    expect(widget.part("announcer").locator("p")).to_have_text([why])
    expect(widget.messages("customer")).to_have_attribute("data-state", "filed")
    expect(widget.messages("customer")).not_to_contain_text(why)


def test_draft_of_a_talk_that_has_not_begun_is_kept(visitors):
    widget = begun(visitors.visit())
    widget.part("composer").fill("Nog niet af")
    widget.part("back").click()
    widget.part("new-thread").click()
    expect(widget.part("composer")).to_have_value("Nog niet af")


def test_message_that_is_too_long_is_told_before_and_not_sent(visitors):
    widget = begun(visitors.visit())
    widget.part("composer").fill("é" * 3_990)
    expect(widget.app.locator("#composer-count")).to_have_text("Nog 10 tekens")
    widget.part("composer").fill("é" * 4_001)
    widget.page.keyboard.press("Enter")
    expect(widget.app.locator("#composer-problem")).to_contain_text("te lang")
    expect(widget.messages()).to_have_count(0)
