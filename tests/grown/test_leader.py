"""The election, with two candidates and a stopwatch in the test's hand, on both databases."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from sqlalchemy import event

from balie.run.leader import (
    BEAT_SECONDS,
    DOUBT_SECONDS,
    LAPSE_SECONDS,
    Leadership,
    Seen,
    may_take,
    watched,
)
from balie.store import Store


@dataclass
class Stopwatch:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def stopwatch():
    return Stopwatch()


@pytest.fixture
def candidates(database_url, stopwatch):
    store = Store(database_url)
    yield [Leadership(store, "clock", name, stopwatch) for name in ("one", "two")]
    store.close()


def campaign(candidates, stopwatch, seconds):
    """Let all campaign by the beat for so long; return who led at each beat."""
    led = []
    for _ in range(round(seconds / BEAT_SECONDS)):
        stopwatch.now += BEAT_SECONDS
        led.append([one.name for one in candidates if one.campaign()])
    return led


def test_constants_leave_no_gap_in_which_two_lead_and_take_over_within_ten_seconds():
    assert BEAT_SECONDS < DOUBT_SECONDS < LAPSE_SECONDS
    assert LAPSE_SECONDS + 2 * BEAT_SECONDS < 10


def test_first_who_comes_leads_and_stays(candidates, stopwatch):
    assert campaign(candidates, stopwatch, 20) == [["one"]] * 20


def test_leader_whose_machine_slept_knows_that_it_no_longer_leads(
    database_url, monkeypatch: pytest.MonkeyPatch
):
    """The machine's other clocks stand still meanwhile."""
    store, slept = Store(database_url), 0.0
    ask = time.clock_gettime
    monkeypatch.setattr(time, "clock_gettime", lambda clock: ask(clock) + slept)
    one, two = (Leadership(store, "clock", name) for name in ("one", "two"))
    assert (one.campaign(), two.campaign()) == (True, False)

    slept = LAPSE_SECONDS
    assert not one.leads()
    assert (two.campaign(), one.campaign()) == (True, False)
    store.close()


def test_dead_leader_is_followed_after_its_count_has_stood_still(candidates, stopwatch):
    one, two = candidates
    campaign(candidates, stopwatch, 5)

    led = campaign([two], stopwatch, 10)

    waits = round(LAPSE_SECONDS / BEAT_SECONDS)
    assert led[: waits - 1] == [[]] * (waits - 1)
    assert led[waits:] == [["two"]] * (10 - waits)
    assert not one.leads()


def test_leader_that_steps_down_is_followed_at_the_next_beat(candidates, stopwatch):
    one, two = candidates
    campaign(candidates, stopwatch, 3)

    one.resign()

    assert not one.leads()
    assert campaign([two], stopwatch, 1) == [["two"]]


def test_leader_that_cannot_beat_doubts_itself_before_another_leads(candidates, stopwatch):
    one, two = candidates
    campaign(candidates, stopwatch, 3)

    for _ in range(20):
        stopwatch.now += BEAT_SECONDS
        two.campaign()
        assert not (one.leads() and two.leads())

    assert two.leads()


def test_leader_that_comes_back_too_late_follows(candidates, stopwatch):
    campaign(candidates, stopwatch, 3)
    campaign(candidates[1:], stopwatch, 10)

    assert campaign(candidates, stopwatch, 5) == [["two"]] * 5


def test_of_many_who_take_over_at_once_one_leads(database_url, stopwatch):
    store = Store(database_url)
    dead, *living = [Leadership(store, "clock", f"{n}", stopwatch) for n in range(6)]
    dead.campaign()
    for one in living:
        one.campaign()
    stopwatch.now += LAPSE_SECONDS

    with ThreadPoolExecutor(len(living)) as pool:
        led = list(pool.map(Leadership.campaign, living))

    store.close()
    assert sorted(led) == [False] * 4 + [True]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_who_saw_the_row_before_another_took_it_does_not_lead(database_url, stopwatch):
    """Both have seen that nobody leads; one writes while the other is about to."""
    store, other = Store(database_url), Store(database_url)
    dead, slow = [Leadership(store, "clock", name, stopwatch) for name in ("dead", "slow")]
    quick = Leadership(other, "clock", "quick", stopwatch)
    dead.campaign()
    for one in (slow, quick):
        one.campaign()
    stopwatch.now += LAPSE_SECONDS
    led = []

    def before(_connection: object, _cursor: object, sql: str, *_: object) -> None:
        if sql.startswith("UPDATE leader SET holder") and not led:
            led.append(quick.campaign())

    event.listen(store.engine, "before_cursor_execute", before)
    led.append(slow.campaign())
    store.close()
    other.close()

    assert led == [True, False]


@pytest.mark.parametrize(
    ("seen", "holder", "beat", "since"),
    [
        (None, "one", 7, 50.0),
        (Seen("one", 7, 20.0), "one", 7, 20.0),
        (Seen("one", 7, 20.0), "one", 8, 50.0),
        (Seen("one", 7, 20.0), "two", 7, 50.0),
        (Seen("one", 7, 20.0), None, 7, 50.0),
    ],
)
def test_watching_starts_anew_when_the_row_changes(seen, holder, beat, since):
    assert watched(seen, holder, beat, 50.0) == Seen(holder, beat, since)


def test_nobody_and_the_silent_may_be_replaced():
    assert may_take(Seen(None, 3, 50.0), 50.0)
    assert not may_take(Seen("one", 3, 50.0), 50.0 + LAPSE_SECONDS - 0.01)
    assert may_take(Seen("one", 3, 50.0), 50.0 + LAPSE_SECONDS)
