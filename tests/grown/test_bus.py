"""Wake-ups for listeners: within a process, and between processes over each carrier."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from tests.e2e.whole import database_of_its_own, wait_until
from tests.grown.apart import Redis

from balie.api import Stopping, Wake
from balie.run.bus.local import LocalBus
from balie.run.bus.postgresql import PostgresqlCarrier
from balie.run.bus.redis import RedisCarrier
from balie.run.bus.shared import SharedBus

STOP = Wake("stop", "now")


class Carriers:
    """Makes connections to what two processes share, and can cut them."""

    def __init__(self, make: Any) -> None:
        self._make = make
        self.is_away = False
        self.opened = 0

    def __call__(self) -> "Carriers.Cut":
        return self.Cut(self)

    class Cut:
        def __init__(self, owner: "Carriers") -> None:
            self._owner = owner
            self._carrier: Any = None

        def _open(self) -> Any:
            if self._owner.is_away:
                raise ConnectionError("cut")
            if self._carrier is None:
                self._owner.opened += 1
                self._carrier = self._owner._make()
            return self._carrier

        def send(self, payloads: Any) -> None:
            self._open().send(payloads)

        def receive(self, seconds: float) -> Any:
            return self._open().receive(min(seconds, 0.05))

        def close(self) -> None:
            if self._carrier is not None:
                self._carrier.close()
                self._carrier = None


@pytest.fixture(params=["redis", "postgresql"])
def carriers(request: pytest.FixtureRequest) -> Iterator[Carriers]:
    if request.param == "redis":
        redis: Redis = request.getfixturevalue("redis")
        yield Carriers(lambda: RedisCarrier(redis.url))
        return
    with database_of_its_own(request.getfixturevalue("postgresql")) as url:
        yield Carriers(lambda: PostgresqlCarrier(url))


@pytest.fixture
def two(carriers: Carriers) -> Iterator[tuple[SharedBus, SharedBus]]:
    """The buses of two processes."""
    buses = (SharedBus(carriers), SharedBus(carriers))
    yield buses
    for bus in buses:
        bus.close()


class Listener(threading.Thread):
    """Listens until told to stop; keeps what it heard."""

    def __init__(self, bus: LocalBus, *topics: str, seconds: float = 5.0) -> None:
        super().__init__()
        self.heard: list[Wake | None] = []
        self.listens = threading.Event()
        self._ear = bus.subscribe(topics, seconds=seconds)
        self.start()
        self.listens.wait(5)

    def run(self) -> None:
        with self._ear as ear, suppress(Stopping):
            self.listens.set()
            while STOP not in self.heard:
                self.heard += ear.wait() or [None]


def test_listener_hears_its_topics_only_and_in_order():
    bus = LocalBus()
    listener = Listener(bus, "a", "stop")

    for topic, text in (("a", "1"), ("b", "2"), ("a", "3"), ("stop", "now")):
        bus.publish(topic, text)
    listener.join(5)

    assert listener.heard == [Wake("a", "1"), Wake("a", "3"), STOP]


def test_silence_is_heard_as_none_and_close_ends_it():
    bus = LocalBus()
    listener = Listener(bus, "a", seconds=0.01)

    wait_until(lambda: len(listener.heard) >= 2)
    bus.close()
    listener.join(5)

    assert set(listener.heard) == {None}
    assert not listener.is_alive()
    assert bus.listening() == 0


def test_same_wake_up_waiting_twice_is_one_and_a_flood_keeps_the_newest():
    bus = LocalBus()
    with bus.subscribe(["a"], seconds=1.0) as ear:
        for number in range(500):
            bus.publish("a", str(number))
            bus.publish("a", str(number))
        heard = ear.wait()

    assert heard == [Wake("a", str(number)) for number in range(400, 500)]


def test_prefix_keeps_connections_apart():
    bus = LocalBus()
    with bus.subscribe(["a"], seconds=0.01, prefix="1:") as ear:
        bus.publish("2:a")
        bus.publish("1:a", "mine")

        assert ear.wait() == [Wake("a", "mine")]


def test_listener_in_another_process_hears(two):
    here, there = two
    listener = Listener(there, "a", "stop")
    wait_until(lambda: there.hears)

    here.publish("a", "hallo")
    here.publish("stop", "now")
    listener.join(10)

    assert listener.heard[-2:] == [Wake("a", "hallo"), STOP]


def test_process_does_not_hear_itself_twice(two):
    here, _ = two
    listener = Listener(here, "a", "stop")
    wait_until(lambda: here.hears)
    here.publish("a", "hallo")
    here.publish("stop", "later")
    here.publish("stop", "now")
    listener.join(10)

    heard = [wake for wake in listener.heard if wake.text]
    assert heard == [Wake("a", "hallo"), Wake("stop", "later"), STOP]


def test_long_text_is_left_out(two):
    here, there = two
    listener = Listener(there, "a")
    wait_until(lambda: there.hears)
    before = len(listener.heard)

    here.publish("a", "ü" * 600)
    wait_until(lambda: len(listener.heard) > before)

    assert listener.heard[before:] == [Wake("a")]


def test_after_a_cut_every_listener_looks_once(two, carriers):
    here, there = two
    listener = Listener(there, "a", "stop")
    wait_until(lambda: there.hears)
    carriers.is_away = True
    wait_until(lambda: not there.hears)
    before = len(listener.heard)
    here.publish("a", "lost")

    carriers.is_away = False
    wait_until(lambda: len(listener.heard) > before)
    here.publish("stop", "now")
    listener.join(10)

    assert Wake("a") in listener.heard[before:]


def test_one_connection_listens_however_many_listeners_there_are(two, carriers):
    _, there = two
    listeners = [Listener(there, f"topic-{number}") for number in range(20)]
    wait_until(lambda: there.hears)

    assert len(listeners) == 20
    assert carriers.opened == 1
