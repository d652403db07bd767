"""Since when webhooks are heard, read from the processes' signs of life."""

from datetime import timedelta

import pytest
from tests.ledger.paper import NOON

from balie.desk.outbound.hearing import LONGEST_SILENCE, Hearing
from balie.run.beats import Beats, living
from balie.run.ear import Ear, hearing
from balie.run.models import ProcessRow
from balie.run.roles import Role


def at(minutes: float):
    return NOON + timedelta(minutes=minutes)


def a_web(started: float, seen: float, *, ended: bool = False) -> ProcessRow:
    end = at(seen) if ended else None
    return ProcessRow(role=Role.WEB, started_at=at(started), seen_at=at(seen), ended_at=end)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param([], None, id="nobody ever"),
        pytest.param([a_web(-60, -1)], None, id="the only one is silent"),
        pytest.param([a_web(-60, 0, ended=True)], None, id="the only one has stopped"),
        pytest.param([a_web(-60, 0)], Hearing(at(-60)), id="one"),
        pytest.param([a_web(-60, 0), a_web(-90, -30)], Hearing(at(-90)), id="one after the other"),
        pytest.param(
            [a_web(-60, -20, ended=True), a_web(-10, 0)],
            Hearing(at(-10), timedelta(minutes=10)),
            id="stopped, and a gap",
        ),
        pytest.param(
            [a_web(-60, -0.4), a_web(-0.1, 0)],
            Hearing(at(-0.1), timedelta(minutes=0.3)),
            id="killed, and started again before anybody missed it",
        ),
        pytest.param(
            [a_web(-60, 0), a_web(-50, -20), a_web(-10, 0)],
            Hearing(at(-60)),
            id="another one was there all the time",
        ),
        pytest.param(
            [a_web(-60, 0, ended=True), a_web(-5, -0.05)],
            Hearing(at(-60)),
            id="replaced by one that was there before",
        ),
        pytest.param(
            [a_web(-900, -600), a_web(-500, -100), a_web(-20, 0)],
            Hearing(at(-20), timedelta(minutes=80)),
            id="the last gap counts",
        ),
    ],
)
def test_hearing_is_since_the_last_gap(rows, expected):
    assert hearing(rows, at(0)) == expected


@pytest.mark.parametrize(
    ("attempted", "silence", "until"),
    [
        (1, 30, 2),  # sent while somebody listened
        (-1, 0, 1),
        (-1, 0.5, 1),
        (-1, 30, 30),
        (-1, 600, LONGEST_SILENCE / timedelta(minutes=1)),
    ],
)
def test_proof_is_waited_for_as_long_as_the_silence_was(attempted, silence, until):
    heard = Hearing(at(0), timedelta(minutes=silence))

    assert heard.proven_by(at(attempted), timedelta(minutes=1)) == at(until)


def test_process_that_was_silent_shows_a_gap(paper):
    store, clock = paper.services.store, paper.clock
    beats, ear = Beats(store, clock), Ear(store, clock, clock.now(), begun=True)
    beats.beat(Role.SERVE)
    clock.forward(20)
    beats.beat(Role.SERVE)
    clock.forward(600)  # as when the database was away
    silent = ear.hearing()
    beats.beat(Role.SERVE)
    clock.forward(5)
    beats.beat(Role.SERVE)

    assert silent is None
    assert ear.hearing() == Hearing(NOON + timedelta(seconds=620), timedelta(seconds=600))


def test_process_that_stopped_lives_no_more(paper):
    store, clock = paper.services.store, paper.clock
    beats = Beats(store, clock)
    beats.beat(Role.SERVE)
    with store.reading() as session:
        before = living(session, clock.now())
    beats.end()
    with store.reading() as session:
        after = living(session, clock.now())

    assert (before, after) == ({Role.SERVE: 1}, {})


def test_workers_hear_nothing(paper):
    store, clock = paper.services.store, paper.clock
    ear = Ear(store, clock, clock.now(), begun=True)
    Beats(store, clock).beat(Role.WORKER)

    assert ear.hearing() is None


def test_before_the_first_sign_of_life_the_process_counts_from_when_it_was_made(paper):
    assert Ear(paper.services.store, paper.clock, NOON).hearing() == Hearing(NOON)
