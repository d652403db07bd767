"""Agents hear that a window closes: once, in time, and only while the customer waits."""

from datetime import timedelta

import pytest
from tests.ledger.paper import NOON

from balie.api import ReplyOnce, ServiceWindow

HOUR = timedelta(hours=1)
RULES = ServiceWindow(hours=24, remind_before_hours=2)
TOLD = (
    "Deze klant wacht nog op antwoord. Vrij antwoorden kan tot dinsdag 3 maart om 13:00; "
    "daarna alleen met een sjabloon."
)


@pytest.fixture
def reminded(paper):
    """Anna wrote at noon, on a channel whose window closes tomorrow at noon."""
    paper.channel.abilities = {"window": RULES}
    paper.say()
    paper.drain()
    return paper


def at(paper, moment) -> list[str]:
    """Let it be that time; return the notes."""
    paper.clock.at = moment
    paper.drain()
    return [line for comment in paper.filed(internal=True) for line in comment]


def test_reminder_comes_once_and_in_time(reminded):
    assert at(reminded, NOON + 22 * HOUR - timedelta(seconds=1)) == []
    assert at(reminded, NOON + 22 * HOUR) == [TOLD]
    assert at(reminded, NOON + 23 * HOUR) == [TOLD]
    assert set(reminded.differences()) == {0}


def test_reminder_moves_when_the_customer_writes_again(reminded):
    reminded.clock.at = NOON + 5 * HOUR
    reminded.say("Hallo?")
    reminded.drain()

    assert at(reminded, NOON + 22 * HOUR) == []
    assert len(at(reminded, NOON + 27 * HOUR)) == 1
    assert len(reminded.items("remind")) == 1


def test_answered_customer_needs_no_reminder(reminded):
    reminded.clock.at = NOON + HOUR
    reminded.answer("ticket-of-1", ("c1", "Dag"))
    reminded.drain()

    assert at(reminded, NOON + 22 * HOUR) == []
    assert [item.reason for item in reminded.items("remind")] == ["the customer was answered"]


def test_answer_from_before_the_last_message_does_not_count(reminded):
    reminded.clock.at = NOON + HOUR
    reminded.answer("ticket-of-1", ("c1", "Dag"))
    reminded.drain()
    reminded.clock.at = NOON + 2 * HOUR
    reminded.say("En nu?")
    reminded.drain()

    assert len(at(reminded, NOON + 24 * HOUR)) == 1


def test_what_a_rule_said_is_no_answer(paper):
    paper.services.directory.add_connection("winkel", "rules", plugin="paper_policy", config={})
    paper.channel.abilities = {"window": RULES}
    paper.policy.actions = [ReplyOnce(key="hello", text="Welkom!")]
    paper.say()
    paper.drain()

    assert paper.sent() == ["Welkom!"]
    assert at(paper, NOON + 22 * HOUR)[-1] == TOLD


def test_answer_that_failed_does_not_count(reminded):
    reminded.clock.at = NOON + HOUR
    reminded.answer("ticket-of-1", ("c1", "Dag"))
    reminded.drain()
    reminded.report("failed", "paper-1", code="131026", text="Nee")
    reminded.drain()

    assert at(reminded, NOON + 22 * HOUR)[-1] == TOLD


def test_next_window_has_a_reminder_of_its_own(reminded):
    at(reminded, NOON + 22 * HOUR)
    reminded.clock.at = NOON + 30 * HOUR
    reminded.say("Daar ben ik weer")
    reminded.drain()

    assert len(at(reminded, NOON + 52 * HOUR)) == 2


def test_tenant_writes_the_text(reminded):
    reminded.channel.abilities = {
        "window": ServiceWindow(
            hours=24, remind_before_hours=2, remind_text="Let op: dicht op {time}. {x} {0}"
        )
    }

    assert at(reminded, NOON + 22 * HOUR) == [
        "Let op: dicht op dinsdag 3 maart om 13:00. {x} {0}",
    ]


def test_english_tenant_reads_english(paper, another_tenant):
    another_tenant("shop", "en")
    paper.channel.abilities = {"window": RULES}
    paper.accept(paper.message(), tenant="shop")
    paper.drain()

    assert at(paper, NOON + 22 * HOUR) == [
        (
            "This customer still waits for an answer. Free answers are possible until Tuesday "
            "3 March at 13:00; after that, only with a template."
        )
    ]


def test_reminder_that_was_switched_off_meanwhile_is_not_told(reminded):
    reminded.channel.abilities = {"window": ServiceWindow(hours=24)}

    assert at(reminded, NOON + 22 * HOUR) == []


def test_reminder_that_nobody_could_give_in_time_is_not_told(reminded):
    assert at(reminded, NOON + 25 * HOUR) == []


def test_without_a_reminder_nothing_is_set(paper):
    paper.channel.abilities = {"window": ServiceWindow(hours=24)}
    paper.say()
    paper.drain()

    assert paper.items("remind") == []
