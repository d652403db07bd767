"""What interrupts a talk does no harm, in the real widget, on a desktop and on a phone."""

import re

import pytest
from playwright.sync_api import Route, expect
from tests.e2e.widget.test_engine_sending import MESSAGES, comments_with, posted
from tests.e2e.widget.test_story_elsewhere import begun

pytestmark = pytest.mark.usefixtures("each_device")


def test_network_that_is_away_is_told_and_back_again_it_is_not_and_what_was_said_arrives_once(
    visitors, whole, answer, question
):
    widget = begun(visitors.visit(), question)
    sent = posted(widget.page.context)
    banner = widget.part("connection")
    for words in (f"{question} eerst", f"{question} daarna"):
        widget.page.context.set_offline(True)
        expect(banner).to_contain_text("U bent offline.")
        widget.say(words)
        last = widget.messages("customer").last
        expect(last).to_have_attribute("data-state", "waiting")
        expect(last).to_contain_text("wordt verstuurd zodra u online bent")
        widget.page.context.set_offline(False)
        expect(banner).to_be_hidden()
        expect(last).to_have_attribute("data-state", "filed")
        assert comments_with(whole, words) == 1
    answer(question, "Ja, hij staat klaar.")
    widget.hears("Ja, hij staat klaar.")

    expect(banner).to_be_hidden()
    expect(widget.messages()).to_have_count(4)
    # What was tried without a network was tried under the id that it came under.
    assert len({one["id"] for one in sent}) == 2


def test_t9_network_cut_in_the_middle_of_a_message_loses_nothing_and_doubles_nothing(
    visitors, whole, answer, question
):
    widget = visitors.visit()
    sent = posted(widget.page.context)
    cuts = iter([True])

    def cut(route: Route) -> None:
        if next(cuts, False):
            route.fetch()  # it reached Balie; its answer did not come back
            route.abort("connectionreset")
        else:
            route.continue_()

    widget.page.route(MESSAGES, cut)
    with widget.page.expect_response(MESSAGES):  # of the second time
        begun(widget, question)
    answer(question, "Ja, hij staat klaar.")
    widget.hears("Ja, hij staat klaar.")

    assert [message["id"] for message in sent] == [sent[0]["id"]] * 2
    assert comments_with(whole, question) == 1
    expect(widget.messages()).to_have_count(2)


def test_t9_page_that_is_loaded_anew_in_the_middle_of_a_message_doubles_nothing(
    visitors, whole, question
):
    widget = visitors.visit()

    def lose_answer(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    widget.page.route(MESSAGES, lose_answer)
    widget.open().part("new-thread").click()
    with widget.page.expect_event("requestfailed"):
        widget.say(question)
    widget.page.unroute(MESSAGES)
    widget.page.reload()
    widget.open().part("thread").click()

    expect(widget.messages("customer")).to_have_attribute("data-state", "filed")
    expect(widget.messages("customer")).to_have_text(re.compile(re.escape(question)))
    assert comments_with(whole, question) == 1


def test_s42_tab_that_was_closed_finds_the_talk_and_the_answer_again(visitors, answer, question):
    context = visitors.browser()
    begun(visitors.visit(context=context), question).page.close()
    answer(question, "Ja, hij staat klaar.")

    widget = visitors.visit(context=context)  # the answer is told before anybody clicks
    expect(widget.page).to_have_title("(1) Fietsenwinkel")
    expect(widget.launcher).to_have_accessible_name("Chat openen, 1 ongelezen")
    expect(widget.page.locator("[data-test=unread]")).to_have_text("1")
    widget.open()
    widget.hears("Ja, hij staat klaar.")
    expect(widget.part("unread")).to_be_visible()
    expect(widget.messages("customer")).to_contain_text(question)
    expect(widget.page).to_have_title("Fietsenwinkel")
    thanks = widget.say("Dank u!")

    expect(widget.messages("customer").last).to_have_attribute("data-state", "filed")
    expect(widget.messages("customer").last).to_contain_text(thanks)
    expect(widget.messages()).to_have_count(3)
