"""T9: machines whose clocks are minutes apart, and clocks that leap."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from tests.databases import ON_SQLITE
from tests.ledger.paper import Paper
from tests.run.test_services import wait_until

from balie.ledger.models import Item, Lane
from balie.run.services import Services
from balie.run.settings import Settings
from balie.run.time import SharedClock, SystemClock
from balie.store import Store, StoreUnavailable

SKEW = timedelta(minutes=10)
ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@dataclass
class Machine(SystemClock):
    """A machine whose clock is wrong."""

    off: timedelta

    def now(self) -> datetime:
        return super().now() + self.off


@dataclass
class Stopwatch:
    """A stopwatch that is moved by hand."""

    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def two(settings: Settings) -> Iterator[tuple[Services, Services]]:
    """Two processes on one database, on machines whose clocks are twenty minutes apart."""
    made = [Services(settings, clock=Machine(off)) for off in (SKEW, -SKEW)]
    for one in made:
        one.schedule.follow()
    directory = made[0].directory
    directory.add_tenant("winkel", name="De Winkel", region="NL", locale="nl")
    directory.add_connection("winkel", "desk", plugin="paper_desk", config={"secret": "d" * 20})
    directory.add_connection(
        "winkel", "chat", plugin="paper_channel", config={"secret": "c" * 20}, files_into="desk"
    )
    yield made[0], made[1]
    for one in made:
        one.store.close()


def on(services: Services) -> Paper:
    return Paper(services, services.clock)  # type: ignore[arg-type]  # nobody moves it


@ON_POSTGRESQL
def test_t9_what_comes_in_by_a_clock_that_is_ahead_is_worked_at_once_elsewhere(two):
    ahead, behind = map(on, two)

    ahead.say("Hallo")

    # The clocks differ by no more than the database took to answer.
    wait_until(lambda: behind.drain() or behind.filed() == [["Hallo"]], SKEW.total_seconds() / 60)


@ON_POSTGRESQL
def test_t9_worker_whose_clock_is_ahead_takes_no_lane_from_a_living_one(two):
    ahead, behind = map(on, two)
    behind.say("Hallo")
    (lane,) = behind.rows(Lane)
    assert behind.services.leases.take(lane.id) is not None

    assert ahead.services.leases.take(lane.id) is None


@ON_POSTGRESQL
def test_t9_send_that_is_under_way_is_not_repeated_by_a_clock_that_is_ahead(two):
    ahead, behind = map(on, two)
    behind.say("Hallo")
    behind.drain()
    behind.answer("ticket-of-1", ("c1", "Dag"))
    behind.channel.outcomes.append(ConnectionError("no answer"))
    behind.drain()
    with ahead.services.store.writing() as session:  # its turn has come
        session.query(Item).update({"next_at": None})
        session.query(Lane).update({"due_at": ahead.clock.now()})
    ahead.drain()

    (send,) = ahead.items("send")
    assert (send.state, ahead.sent()) == ("pending", [])
    assert send.reason.startswith("an earlier attempt may have been sent")


@ON_POSTGRESQL
def test_shared_clock_follows_the_database_and_goes_on_without_it(database_url):
    store, stopwatch = Store(database_url), Stopwatch()
    clock = SharedClock(store, Machine(SKEW), stopwatch)
    assert clock.now() > datetime.now(UTC) + SKEW / 2  # nobody was asked yet

    clock.look()
    assert abs(clock.now() - datetime.now(UTC)) < SKEW / 2
    first = clock.now()
    stopwatch.seconds += 90
    assert clock.now() - first == timedelta(seconds=90)

    clock.look()  # the stopwatch was wrong
    assert clock.now() - first < timedelta(seconds=60)

    store.close()
    gone = SharedClock(Store(database_url.replace("?", "x?")), Machine(SKEW), stopwatch)
    with pytest.raises(StoreUnavailable):
        gone.look()
    assert gone.now() > datetime.now(UTC) + SKEW / 2


@ON_SQLITE
def test_one_process_alone_believes_its_machine(settings):
    services = Services(settings, clock=Machine(SKEW))
    services.schedule.follow()

    assert services.clock.now() > datetime.now(UTC) + SKEW / 2
    services.store.close()
