"""T9: a clock that is set back keeps nobody waiting until it has come as far again."""

from datetime import datetime, timedelta, tzinfo

import apscheduler.schedulers.base
import pytest
from tests.desk.test_timers import reminding  # noqa: F401 -- a fixture
from tests.ledger.paper import BEN, NOON, Paper
from tests.run.test_services import wait_until

from balie.api import TransientError
from balie.ledger.door import Door
from balie.ledger.leases import Leases
from balie.ledger.models import Lane
from balie.run import schedule, time
from balie.run.leaps import SetBack

HOUR = timedelta(hours=1)


class Wall(datetime):
    """A machine's time that can be set."""

    off = timedelta()

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        return datetime.now(tz) + cls.off


@pytest.mark.parametrize(
    ("moves", "back"),
    [
        ([(60, 60)], 0),
        ([(3660, 60)], 0),
        ([(-3540, 60)], 3600),
        ([(59.5, 60)], 0),
        ([(59.5, 60), (59.4, 60)], 1.1),
        ([(3660, 60), (-3540, 60)], 3600),
    ],
)
def test_clock_that_is_set_back_is_noticed(moves, back):
    wall, steady = NOON, 1000.0
    watch = SetBack(lambda: wall, lambda: steady)
    for on_the_wall, by_the_stopwatch in moves:
        wall += timedelta(seconds=on_the_wall)
        steady += by_the_stopwatch
        found = watch.by()

    assert found.total_seconds() == pytest.approx(back)
    assert watch.by() == timedelta()


def test_what_waits_is_looked_at_after_the_present_was_set_back(paper: Paper):
    paper.desk.outcomes.append(TransientError("away", retry_after=30))
    paper.say("Hallo")
    paper.drain()
    paper.say("Hier Ben", sender=BEN)

    paper.clock.at -= HOUR
    paper.drain()
    assert paper.filed() == []
    paper.services.schedule.come_back(HOUR + timedelta(minutes=1))
    paper.drain()

    assert sorted(paper.filed()) == [["Hallo"], ["Hier Ben"]]


def test_timers_keep_their_time_when_the_present_is_set_back(reminding: Paper):  # noqa: F811
    reminding.services.schedule.come_back(timedelta(days=2))
    reminding.drain()
    assert [item.state for item in reminding.items("timer")] == ["pending"]

    reminding.settle()
    assert [item.state for item in reminding.items("timer")] == ["delivered"]
    assert reminding.clock.at > NOON + 22 * HOUR


def test_dead_workers_lane_does_not_stay_closed_for_the_time_that_is_set_back(paper: Paper):
    paper.say()
    assert Leases(paper.services.store, paper.clock).take(paper.only(Lane).id) is not None
    paper.clock.at -= HOUR
    paper.services.schedule.come_back(HOUR)

    assert paper.only(Lane).lease_until == paper.clock.at + timedelta(seconds=30)


def test_what_recurs_goes_on_after_the_machines_clock_was_set_back(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
):
    for module in (apscheduler.schedulers.base, time, schedule):
        monkeypatch.setattr(module, "datetime", Wall)
    monkeypatch.setattr(Wall, "off", timedelta())
    services = paper.services
    monkeypatch.setattr(services, "door", Door(services.store, paper.clock, lambda *_: None))
    services.start()
    try:
        Wall.off = -HOUR
        paper.say("Hallo")  # its wake-up is lost
        wait_until(lambda: paper.filed() == [["Hallo"]])
    finally:
        services.stop()
