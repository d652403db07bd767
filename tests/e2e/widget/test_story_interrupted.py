"""What interrupts a talk does no harm, in the real widget, on a desktop and on a phone."""

import pytest
from playwright.sync_api import expect
from tests.e2e.widget.test_engine_sending import comments_with, posted
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
