"""Paces: a fast agent never sends more than the channel takes, and nobody waits in a worker."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ledger.paper import BEN, NOON

from balie.api import Pace, PaceScope, RateLimited
from balie.desk.outbound.pace import Turns, wait_seconds

PAIR = Pace(scope=PaceScope.CONVERSATION, seconds=6, burst=45)
NUMBER = Pace(scope=PaceScope.CONNECTION, seconds=1 / 80, burst=80)
MOST = 1e-3
"""Times are kept to the microsecond."""


def seconds(*after):
    return [NOON + timedelta(seconds=one) for one in after]


@pytest.mark.parametrize(
    ("sent", "now", "wait"),
    [
        ((), 0, 0.0),
        (range(44), 44, 0.0),
        ([0] * 45, 0, 6.0),
        ([0] * 45, 5, 1.0),
        ([0] * 45, 6, 0.0),
        ([0] * 45, 10_000, 0.0),
    ],
    ids=["none yet", "a burst", "burst used up", "almost", "one is back", "long ago"],
)
def test_wait_follows_what_was_sent(sent, now, wait):
    assert wait_seconds(PAIR, seconds(*sent), seconds(now)[0]) == pytest.approx(wait, abs=MOST)


@given(st.lists(st.floats(min_value=0, max_value=300), min_size=1, max_size=150))
def test_however_fast_an_agent_is_no_stretch_holds_more_than_the_pace(pauses):
    now, sent = NOON, []
    for pause in pauses:
        now += timedelta(seconds=pause)
        now += timedelta(seconds=wait_seconds(PAIR, sent, now))
        sent.append(now)

    for first in range(len(sent)):
        for last in range(first, len(sent)):
            lasted = (sent[last] - sent[first]).total_seconds()
            assert last - first + 1 <= PAIR.burst + lasted / PAIR.seconds + MOST


def test_turns_of_a_connection_follow_each_other():
    turns = Turns(Pace(scope=PaceScope.CONNECTION, seconds=2, burst=2))

    waits = [turns.wait_seconds(item, NOON) for item in range(5)]

    assert waits == [0, 0, 2, 4, 6]


def test_turns_of_a_clock_that_was_set_back_since_are_forgotten():
    turns = Turns(Pace(scope=PaceScope.CONNECTION, seconds=2, burst=1))
    an_hour_ahead = NOON + timedelta(hours=1)
    assert [turns.wait_seconds(item, an_hour_ahead) for item in range(3)] == [0, 2, 4]

    assert [turns.wait_seconds(item, NOON) for item in range(3)] == [0, 2, 4]


def test_turn_that_was_given_is_kept_and_taken_once():
    turns = Turns(Pace(scope=PaceScope.CONNECTION, seconds=2, burst=1))
    turns.wait_seconds(1, NOON)

    assert turns.wait_seconds(2, NOON) == 2
    assert turns.wait_seconds(2, NOON + timedelta(seconds=1)) == 1
    assert turns.wait_seconds(3, NOON + timedelta(seconds=1)) == 3
    assert turns.wait_seconds(2, NOON + timedelta(seconds=2)) == 0
    assert turns.wait_seconds(2, NOON + timedelta(seconds=2)) == 4


def test_turn_that_nobody_takes_is_forgotten():
    turns = Turns(Pace(scope=PaceScope.CONNECTION, seconds=2, burst=1))
    turns.wait_seconds(1, NOON)
    turns.wait_seconds(2, NOON)
    later = NOON + timedelta(hours=1)

    assert turns.wait_seconds(3, later) == 0
    assert turns.wait_seconds(2, later) == 2


@pytest.fixture
def slow(paper):
    """Anna and Ben wrote, on a channel that takes one message in six seconds, after three."""
    pace = Pace(scope=PaceScope.CONVERSATION, seconds=6, burst=3)
    paper.channel.abilities = {"paces": (pace,)}
    paper.say()
    paper.say(sender=BEN)
    paper.drain()
    return paper


def test_fast_agent_is_slowed_down_and_keeps_the_order(slow):
    for number in range(5):
        at = slow.clock.now() + timedelta(milliseconds=number)
        slow.answer("ticket-of-1", (f"c{number}", str(number)), at=at)
    slow.drain()
    assert slow.sent() == ["0", "1", "2"]
    (waits,) = [item for item in slow.items("send") if item.next_at is not None]
    assert (waits.next_at - slow.clock.now()).total_seconds() == pytest.approx(6, abs=0.01)
    assert waits.attempts == 0

    slow.clock.forward(6)
    slow.drain()
    assert slow.sent() == ["0", "1", "2", "3"]
    slow.settle()
    assert slow.sent() == ["0", "1", "2", "3", "4"]


def test_one_conversation_does_not_wait_for_the_pace_of_another(slow):
    for number in range(4):
        slow.answer("ticket-of-1", (f"c{number}", str(number)))
    slow.drain()
    slow.answer("ticket-of-2", ("b1", "Dag Ben"))
    slow.drain()

    assert sorted(slow.sent()) == ["0", "1", "2", "Dag Ben"]


def test_connection_sends_no_faster_than_its_number(slow):
    slow.channel.abilities = {"paces": (Pace(scope=PaceScope.CONNECTION, seconds=1, burst=1),)}
    slow.answer("ticket-of-1", ("c1", "Dag Anna"))
    slow.answer("ticket-of-2", ("b1", "Dag Ben"))
    slow.drain()
    assert len(slow.sent()) == 1

    slow.clock.forward(1)
    slow.drain()
    assert sorted(slow.sent()) == ["Dag Anna", "Dag Ben"]


def test_vendor_who_says_too_fast_all_the_same_is_left_alone_longer_and_longer(slow):
    slow.channel.outcomes.extend([RateLimited("131056", growth=4.0)] * 3)
    slow.answer("ticket-of-1", ("c1", "Dag"))
    start = slow.clock.now()
    slow.settle()

    assert slow.sent() == ["Dag"]
    lasted = (slow.clock.now() - start).total_seconds()
    assert 1 + 4 + 16 <= lasted <= (1 + 4 + 16) * 1.1 + 1


@pytest.mark.parametrize(("seconds", "burst"), [(0, 1), (-1, 1), (1, 0)])
def test_pace_that_is_none_is_refused(seconds, burst):
    with pytest.raises(ValueError, match="a pace needs seconds above 0"):
        Pace(scope=PaceScope.CONVERSATION, seconds=seconds, burst=burst)
