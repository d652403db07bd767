"""The helpdesk's write budget is kept, and what comes meanwhile is filed together."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.databases import ON_SQLITE
from tests.ledger.paper import NOON

from balie.api import BudgetScope, Capabilities, OutcomeUnknown, WriteBudget
from balie.desk.inbound.budget import wait_seconds
from balie_crm_zendesk.limits import WRITE_BUDGETS

PER_TICKET = WriteBudget(scope=BudgetScope.TICKET, writes=30, seconds=600)


def seconds(*after):
    return [NOON + timedelta(seconds=one) for one in after]


@pytest.mark.parametrize(
    ("writes", "now", "wait"),
    [
        ([], 0, 0.0),
        (range(14), 20, 0.0),  # 16 of 30 left: more than half
        (range(15), 20, (600 - 20) / 15 - 6),  # 15 left, the oldest leaves in 580 s
        (range(30), 100, 500.0),  # nothing left until the first is 600 s old
        (range(30), 601, 598 / 2 - 572 if 598 / 2 > 572 else 0.0),
        (range(3600, 3630), 0, 600.0),  # by a clock that was set back since
        (range(3600, 3615), 0, 600 / 15),
    ],
    ids=[
        "none yet",
        "more than half left",
        "half left",
        "nothing left",
        "the oldest are gone",
        "nothing left, it seems",
        "half left, it seems",
    ],
)
def test_wait_follows_what_is_left(writes, now, wait):
    assert wait_seconds(PER_TICKET, seconds(*writes), seconds(now)[0]) == pytest.approx(wait)


@pytest.mark.parametrize("writes", [[], [0], range(30)], ids=len)
def test_budget_of_nothing_holds_everything_for_its_seconds(writes):
    nothing = WriteBudget(scope=BudgetScope.CONNECTION, writes=0, seconds=20)
    assert wait_seconds(nothing, seconds(*writes), seconds(31)[0]) == 20


@given(st.lists(st.floats(min_value=0.01, max_value=60), min_size=1, max_size=300))
def test_however_messages_come_no_window_holds_more_than_the_budget(pauses):
    now, written = NOON, []
    for pause in pauses:
        now += timedelta(seconds=pause)
        now += timedelta(seconds=wait_seconds(PER_TICKET, written, now))
        written.append(now)

    window = timedelta(seconds=PER_TICKET.seconds)
    assert all(
        sum(first <= one < first + window for one in written) <= PER_TICKET.writes
        for first in written
    )


@pytest.fixture
def frugal(paper):
    """The counter, whose desk states Zendesk's budgets."""
    paper.desk.write_budgets = WRITE_BUDGETS
    return paper


def test_desk_states_its_budget(frugal):
    live = frugal.services.contexts.find("winkel", "desk")

    assert frugal.services.hooks.capabilities(live.ctx) == Capabilities(
        reconcile_seconds=0, lines_per_comment=50, write_budgets=WRITE_BUDGETS
    )


def test_messages_are_filed_at_once_while_there_is_budget(frugal):
    for number in range(10):
        frugal.say(str(number))
        frugal.drain()

    assert frugal.filed() == [[str(number)] for number in range(10)]


@ON_SQLITE
def test_five_hundred_messages_in_an_hour_stay_within_budget_in_order_and_none_is_lost(frugal):
    times = []
    for number in range(500):
        frugal.clock.forward(7)
        frugal.say(str(number))
        if number % 2 == 0:  # more often than the budget allows
            frugal.drain()
    frugal.settle()

    times = sorted(comment.at for comment in frugal.comments() if not comment.opened)
    window = timedelta(minutes=10)
    assert max(sum(one <= at < one + window for at in times) for one in times) <= 30
    assert [line for comment in frugal.filed() for line in comment] == [
        str(number) for number in range(500)
    ]
    assert {item.attempts for item in frugal.items("file")} == {0}
    assert frugal.differences() == [0]


def test_what_comes_while_the_desk_holds_everything_is_filed_together_afterwards(frugal):
    frugal.say("0")
    frugal.drain()
    held = WriteBudget(scope=BudgetScope.CONNECTION, writes=0, seconds=20)
    frugal.desk.write_budgets = (*WRITE_BUDGETS, held)
    for number in (1, 2):
        frugal.say(str(number))
        frugal.drain()
    assert frugal.filed() == [["0"]]

    frugal.desk.write_budgets = WRITE_BUDGETS
    frugal.clock.forward(21)
    frugal.drain()
    assert frugal.filed() == [["0"], ["1", "2"]]


@ON_SQLITE
def test_new_customers_do_not_wait_for_the_budget_of_updates(frugal):
    for number in range(110):
        frugal.say(sender=f"+31655502{number:03}")
    frugal.drain()

    assert len(frugal.filed()) == 110


def test_comments_that_are_being_written_count(paper):
    paper.desk.write_budgets = (WriteBudget(scope=BudgetScope.CONNECTION, writes=4, seconds=60),)
    customers = [f"+316555020{number:02}" for number in range(4)]
    for customer in customers:
        paper.say("eerst", sender=customer)
    paper.drain()
    paper.clock.forward(600)
    paper.desk.reconcile_seconds = 30.0
    paper.desk.lost.extend([OutcomeUnknown("no answer")] * 2)
    for customer in customers:
        paper.say("dan", sender=customer)
    paper.drain()

    # Two may be there; of the four that are allowed a minute, the rest is spread.
    assert len(paper.desk.batches) == 6
    waits = [item.reason for item in paper.items("file") if item.state == "pending"]
    assert sum("write budget" in reason for reason in waits) == 2
    paper.settle()
    assert len(paper.filed()) == 8
