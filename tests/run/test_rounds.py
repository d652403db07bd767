"""Whom the leader asks what happened, and when."""

import threading

import pytest
from tests.e2e.whole import wait_until
from tests.ledger.paper import Paper

from balie.api import Reconciled
from balie.run.rounds import AT_ONCE, Rounds
from balie.tenants.models import State


@pytest.fixture
def rounds(paper: Paper) -> Rounds:
    made = paper.services
    return Rounds(made.store, made.registry, made.reconciling, made.clock)


def desk_id(paper: Paper) -> int:
    return paper.services.directory.connection("winkel", "desk").id


def go_round(rounds: Rounds) -> None:
    rounds.look()
    wait_until(rounds.rests)


def test_everybody_who_can_be_asked_is_asked_when_the_rounds_begin(paper, rounds):
    go_round(rounds)

    assert paper.desk.asked == [""]


def test_nobody_is_asked_before_it_is_time(paper, rounds):
    go_round(rounds)
    paper.clock.forward(119)
    go_round(rounds)
    early = len(paper.desk.asked)
    paper.clock.forward(1)
    go_round(rounds)

    assert (early, len(paper.desk.asked)) == (1, 2)


def test_new_leader_asks_at_once(paper, rounds):
    go_round(rounds)
    rounds.begin()
    go_round(rounds)

    assert len(paper.desk.asked) == 2


@pytest.mark.parametrize("state", [State.SIGNED_OUT, State.DEGRADED, State.OFF])
def test_connection_that_comes_back_is_asked_at_once(paper, rounds, state):
    directory = paper.services.directory
    go_round(rounds)
    directory.set_state(desk_id(paper), state)
    paper.services.contexts.forget(desk_id(paper))
    go_round(rounds)
    away = len(paper.desk.asked)
    directory.set_state(desk_id(paper), State.CONNECTED)
    paper.services.contexts.forget(desk_id(paper))
    go_round(rounds)

    assert (away, len(paper.desk.asked)) == (1, 2)


def test_connection_that_is_off_is_left_alone(paper, rounds):
    paper.services.directory.set_state(desk_id(paper), State.OFF)

    go_round(rounds)

    assert paper.desk.asked == []


def test_slow_vendor_does_not_hold_up_the_others(paper, rounds, another_tenant):
    for number in range(AT_ONCE):
        another_tenant(f"shop{number}")
    answers = threading.Event()
    paper.desk.before_looking.append(lambda: answers.wait(20))

    # Who is asked may be asked once more, where a look falls between answer and end.
    wait_until(lambda: rounds.look() or len(paper.desk.asked) >= AT_ONCE)
    held_up = not rounds.rests()
    answers.set()
    wait_until(rounds.rests)

    assert held_up
    assert len(paper.desk.asked) > AT_ONCE


def test_what_nobody_expects_of_a_plugin_is_put_off_and_the_rounds_go_on(paper, rounds):
    paper.desk.missed.append(Reconciled(cursor="1", events=(object(),), comments={}))

    go_round(rounds)
    paper.clock.forward(300)
    go_round(rounds)

    assert paper.desk.asked == ["", ""]


def test_nobody_is_asked_after_the_stop(paper, rounds):
    rounds.stop()

    go_round(rounds)

    assert paper.desk.asked == []
