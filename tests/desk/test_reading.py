"""Marks for the customer: set once a message stands in the ticket, for the newest of a batch."""

from datetime import timedelta

import pytest
from tests.databases import ON_SQLITE
from tests.ledger.paper import BEN

from balie.api import PermanentError, Rejected, TransientError


@pytest.fixture
def marking(paper):
    """The counter, on a channel that marks."""
    paper.channel.abilities = {"marks_read": True}
    return paper


def test_message_is_marked_when_it_is_filed(marking):
    marking.say(id="wamid-1")
    marking.drain()

    assert marking.channel.marked == ["wamid-1"]
    assert marking.differences() == [0]


def test_message_that_is_not_filed_yet_is_not_marked(marking):
    marking.desk.outcomes.append(TransientError("away", retry_after=60))
    marking.say(id="wamid-1")
    marking.drain()
    assert marking.channel.marked == []

    marking.settle()
    assert marking.channel.marked == ["wamid-1"]


def test_channel_that_does_not_mark_is_not_asked_to(paper):
    paper.say()
    paper.drain()

    assert (paper.channel.marked, paper.items("read")) == ([], [])


def test_newest_of_what_is_filed_together_is_marked(marking):
    marking.desk.outcomes.append(TransientError("away", retry_after=60))
    for number in range(3):
        at = marking.clock.now() + timedelta(seconds=number)
        marking.say(str(number), id=f"wamid-{number}", at=at)
        marking.drain()
    marking.settle()

    assert marking.filed() == [["0", "1", "2"]]
    assert marking.channel.marked == ["wamid-2"]


def test_newest_of_what_waits_is_marked_when_the_channel_is_back(marking):
    marking.channel.mark_errors.append(TransientError("away", retry_after=60))
    for number in range(3):
        at = marking.clock.now() + timedelta(seconds=number)
        marking.say(str(number), id=f"wamid-{number}", at=at)
        marking.drain()
    marking.settle()

    assert marking.channel.marked == ["wamid-2"]
    assert {item.state for item in marking.items("read")} == {"delivered"}


@ON_SQLITE
@pytest.mark.parametrize(
    "error",
    [Rejected("100", "No such message"), PermanentError("never"), KeyError("x")],
    ids=lambda error: type(error).__name__,
)
def test_mark_that_cannot_be_set_ends_and_nobody_is_told(marking, error):
    marking.channel.mark_errors.append(error)
    marking.say()
    marking.settle()

    assert [item.state for item in marking.items("read")] == ["refused"]
    assert [item.state for item in marking.items("message")] == ["delivered"]
    assert marking.filed(internal=True) == []
    assert marking.differences() == [0]


def test_mark_that_waits_for_an_hour_ends(marking):
    marking.channel.mark_errors.extend([TransientError("away", retry_after=600)] * 20)
    marking.say()
    marking.settle()

    (item,) = marking.items("read")
    assert (item.state, item.reason) == ("refused", "away")


def test_mark_of_one_conversation_does_not_wait_for_another(marking):
    marking.channel.mark_errors.append(TransientError("away", retry_after=60))
    marking.say(id="wamid-1")
    marking.drain()
    marking.say(id="wamid-2", sender=BEN)
    marking.drain()

    assert marking.channel.marked == ["wamid-2"]


def test_our_own_notes_are_not_marked(marking):
    marking.channel.outcomes.append(PermanentError("no"))
    marking.say(id="wamid-1")
    marking.drain()
    marking.answer("ticket-of-1", ("c1", "Dag"))
    marking.settle()

    assert len(marking.filed(internal=True)) == 1
    assert marking.channel.marked == ["wamid-1"]
