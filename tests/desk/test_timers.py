"""Actions whose time has not come: kept durably, done once, called off."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.ledger.paper import BEN, NOON

from balie.api import CallOff, Later, Note, ReplyOnce

TOMORROW = NOON + timedelta(hours=23)


@pytest.fixture
def reminding(paper):
    """A policy that wants to remind the agents tomorrow."""
    paper.services.directory.add_connection("winkel", "rules", plugin="paper_policy", config={})
    note = Note(key="window", text="Het venster sluit over een uur.")
    paper.policy.actions = [Later(key="window", at=TOMORROW, action=note)]
    paper.say()
    paper.drain()
    return paper


def test_timer_waits_until_its_time_and_is_done_once(reminding):
    (timer,) = reminding.items("timer")
    assert (timer.state, timer.next_at) == ("pending", TOMORROW)
    assert reminding.filed(internal=True) == []

    reminding.clock.at = TOMORROW
    reminding.drain()
    reminding.drain()

    assert reminding.filed(internal=True) == [["Het venster sluit over een uur."]]


def test_conversation_does_not_wait_behind_its_timer(reminding):
    reminding.say("Nog iets")
    reminding.drain()

    assert reminding.filed() == [["Hallo"], ["Nog iets"]]


def test_second_timer_of_the_same_key_changes_nothing_while_the_first_waits(reminding):
    reminding.say("Nog iets")
    reminding.drain()

    assert len(reminding.items("timer")) == 1


def test_timer_is_called_off_and_can_be_set_again(reminding):
    reminding.policy.actions = [CallOff(key="window")]
    reminding.say("Laat maar")
    reminding.drain()
    assert [(item.state, item.reason) for item in reminding.items("timer")] == [
        ("refused", "called off")
    ]

    again = TOMORROW + timedelta(hours=1)
    reply = ReplyOnce(key="back", text="Ben je er nog?")
    reminding.policy.actions = [Later(key="window", at=again, action=reply)]
    reminding.say("Toch niet")
    reminding.drain()
    reminding.clock.at = again
    reminding.drain()

    assert reminding.sent() == ["Ben je er nog?"]
    assert reminding.filed(internal=True) == [["Automatisch gestuurd aan de klant: Ben je er nog?"]]


def test_timer_that_was_called_off_can_be_set_again_for_the_same_time(reminding):
    (later,) = reminding.policy.actions
    reminding.policy.actions = [CallOff(key="window")]
    reminding.say("Laat maar")
    reminding.drain()
    reminding.policy.actions = [later]
    reminding.say("Toch niet")
    reminding.drain()
    reminding.clock.at = TOMORROW
    reminding.drain()

    assert [item.state for item in reminding.items("timer")] == ["refused", "delivered"]
    assert reminding.filed(internal=True) == [["Het venster sluit over een uur."]]


def test_timer_set_twice_by_one_message_is_one(reminding):
    (later,) = reminding.policy.actions
    reminding.services.directory.add_connection("winkel", "more", plugin="paper_policy", config={})
    reminding.policy.actions = [later, replace(later, at=TOMORROW + timedelta(hours=1))]
    reminding.say("Hier Ben", sender=BEN)
    reminding.drain()

    assert [item.next_at for item in reminding.items("timer")] == [TOMORROW] * 2
    assert reminding.differences() == [0]


def test_timer_set_and_called_off_by_one_message_is_none(reminding):
    reminding.policy.actions = [*reminding.policy.actions, CallOff(key="window")]
    reminding.say("Hier Ben", sender=BEN)
    reminding.drain()

    assert len(reminding.items("timer")) == 1
    assert reminding.differences() == [0]


def test_timers_balance_and_leave_the_event_that_set_them_delivered(reminding):
    assert reminding.differences() == [0]
    assert [item.state for item in reminding.items("message")] == ["delivered"]

    reminding.clock.at = TOMORROW
    reminding.settle()

    assert reminding.differences() == [0]
