"""Wake-ups: each storage coalesces and puts first what is urgent; none can hurt who wakes."""

import threading
from collections.abc import Iterator

import psycopg
import pytest
import structlog
from tests.e2e.whole import database_of_its_own, free_port, wait_until
from tests.grown.apart import Redis
from tests.ledger.test_door import together

from balie.run.queue import LaneQueue
from balie.run.queue_memory import MemoryWakes
from balie.run.queue_postgresql import PostgresqlWakes
from balie.run.queue_redis import RedisWakes


@pytest.fixture(params=["memory", "redis", "postgresql"])
def wakes(request: pytest.FixtureRequest) -> Iterator[object]:
    """An empty storage of each kind."""
    if request.param == "memory":
        yield MemoryWakes()
    elif request.param == "redis":
        made = RedisWakes(request.getfixturevalue("redis").url)
        made.conn.flushdb()
        yield made
        made.close()
    else:
        with database_of_its_own(request.getfixturevalue("postgresql")) as url:
            made = PostgresqlWakes(url)
            yield made
            made.close()


def taken(wakes):
    return [int(wakes.dequeue()) for _ in range(wakes.queue_size())]


def test_urgent_goes_first_then_who_waits_longest(wakes):
    for lane_id, priority in ((1, 0), (2, 1), (3, 2), (4, 0), (5, 2), (6, -3)):
        wakes.push({lane_id: priority})
        threading.Event().wait(0.002)  # Redis counts in milliseconds

    assert taken(wakes) == [3, 5, 2, 1, 4, 6]


def test_lane_that_waits_twice_is_one_and_has_the_better_place(wakes):
    wakes.push({1: 0, 2: 1})
    wakes.push({1: 2})
    wakes.push({1: 0, 2: 0})

    assert taken(wakes) == [1, 2]


def test_nothing_waits_when_all_is_taken(wakes):
    wakes.push({7: 0})

    assert wakes.dequeue() == b"7"
    assert wakes.dequeue() is None
    assert wakes.queue_size() == 0


def test_reader_that_waits_hears_the_news(wakes):
    found = []
    reader = threading.Thread(target=lambda: found.append(wakes.dequeue()))
    reader.start()

    wakes.push({9: 1})
    reader.join()

    assert found == [b"9"]


def test_message_is_the_lane_and_nothing_else(wakes):
    wakes.enqueue(b"12", priority=2)

    assert wakes.dequeue() == b"12"


@pytest.mark.parametrize("limit", [-100, 100])
def test_priorities_at_their_limits_are_kept_apart(wakes, limit):
    wakes.push({1: limit})
    wakes.push({2: limit - 1})
    wakes.push({3: limit + 1})

    assert taken(wakes) == [3, 1, 2]


def test_wake_while_its_lane_is_worked_is_not_lost(wakes):
    started, goes_on = threading.Event(), threading.Event()
    worked = []

    def drain(lane_id: int) -> None:
        worked.append(lane_id)
        started.set()
        goes_on.wait()

    queue = LaneQueue(drain, 2, None if isinstance(wakes, MemoryWakes) else wakes)
    queue.start()
    queue.wake(5)
    started.wait()
    queue.wake(5)
    goes_on.set()
    wait_until(lambda: worked == [5, 5])
    queue.stop()


def test_processes_that_wake_the_same_lanes_fail_each_other_under_no_isolation(postgresql: str):
    with database_of_its_own(postgresql) as url:
        name = url.partition("?")[0].rpartition("/")[2]
        with psycopg.connect(url, autocommit=True) as admin:
            admin.execute(
                f"ALTER DATABASE {name} SET default_transaction_isolation TO serializable"
            )
        several = [PostgresqlWakes(url) for _ in range(4)]

        def work(wakes: PostgresqlWakes) -> None:
            for turn in range(30):
                wakes.push(dict.fromkeys(range(10), turn))
                wakes.dequeue()

        results = together(*[lambda wakes=wakes: work(wakes) for wakes in several])
        for wakes in several:
            wakes.close()

    assert results == [None] * 4


def test_lane_that_fails_does_not_end_its_worker(wakes):
    worked = []

    def drain(lane_id: int) -> None:
        worked.append(lane_id)
        if lane_id == 1:
            raise RuntimeError("broken")

    queue = LaneQueue(drain, 1, None if isinstance(wakes, MemoryWakes) else wakes)
    queue.start()
    queue.wake(1, priority=1)
    queue.wake(2)
    wait_until(lambda: worked == [1, 2])
    queue.stop()


def test_a24_what_is_not_a_lane_is_dropped(redis):
    wakes = RedisWakes(redis.url)
    wakes.conn.flushdb()
    wakes.conn.zadd(wakes.queue_key, {b"\x80\x04pickle": 0, b"8": 1})
    worked = []

    queue = LaneQueue(worked.append, 1, wakes)
    queue.start()
    wait_until(lambda: worked == [8])
    queue.stop()


def test_queue_that_is_away_hurts_nobody_and_is_told_once_each_way(tmp_path):
    server = Redis(tmp_path, free_port())
    worked = []
    queue = LaneQueue(worked.append, 2, RedisWakes(server.url))

    with structlog.testing.capture_logs() as logs:
        queue.start()
        wait_until(lambda: queue.is_away)
        queue.wake(1)  # to this process's own workers
        wait_until(lambda: worked == [1])
        queue.wake_here(2)
        wait_until(lambda: worked == [1, 2])
        server.start()
        wait_until(lambda: not queue.is_away)
        queue.wake(3)
        wait_until(lambda: worked == [1, 2, 3])
        queue.stop()
    server.stop()

    assert [line["event"] for line in logs] == ["queue_away", "queue_back"]


def test_web_wakes_into_the_void_without_waiting_or_failing():
    queue = LaneQueue(lambda _lane_id: None, 1, RedisWakes(f"redis://127.0.0.1:{free_port()}/0"))
    queue.start(works=False)

    for lane_id in range(1000):
        queue.wake(lane_id)
    wait_until(lambda: queue.is_away)

    queue.stop()
