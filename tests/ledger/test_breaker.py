"""A vendor that fails is left alone; a slow one takes no more than its places."""

import threading
import time

import pytest
from tests.databases import ON_SQLITE
from tests.ledger.paper import BEN
from tests.ledger.test_priorities import past
from tests.run.test_services import wait_until

from balie.api import AuthFailed, PermanentError, RateLimited, TransientError
from balie.ledger.breaker import (
    FAILURES,
    FIRST_PAUSE_SECONDS,
    LONGEST_PAUSE_SECONDS,
    PROBE_SECONDS,
    Breakers,
)
from balie.ledger.bulkhead import Bulkhead
from balie.ledger.drain import LANES_PER_CONNECTION, Handler
from balie.ledger.job import Job
from balie.ledger.models import Lane


def opened(now: float = 0.0) -> Breakers:
    breakers = Breakers()
    for lane in range(FAILURES):
        breakers.failed(1, lane, now)
    return breakers


def test_circuit_opens_after_failures_in_a_row_in_several_lanes():
    breakers = Breakers()

    told = [breakers.failed(1, lane, 0.0) for lane in range(FAILURES)]

    assert told == [False] * (FAILURES - 1) + [True]
    assert breakers.wait(1, 7, 0.5) == FIRST_PAUSE_SECONDS - 0.5
    assert breakers.wait(2, 7, 0.5) == 0.0  # another connection's


def test_one_lane_however_often_it_fails_closes_nobody_out():
    breakers = Breakers()

    assert not any(breakers.failed(1, 7, 0.0) for _ in range(100))
    assert breakers.wait(1, 7, 0.0) == 0.0


def test_success_in_between_starts_the_count_anew():
    breakers = Breakers()
    for lane in range(FAILURES - 1):
        breakers.failed(1, lane, 0.0)

    assert breakers.succeeded(1) is False
    assert breakers.failed(1, 9, 0.0) is False


def test_after_the_pause_one_probe_goes_and_the_others_wait():
    breakers = opened()

    assert breakers.wait(1, 7, FIRST_PAUSE_SECONDS) == 0.0
    assert breakers.wait(1, 7, FIRST_PAUSE_SECONDS) > 0.0
    assert breakers.wait(1, 7, FIRST_PAUSE_SECONDS + PROBE_SECONDS) == 0.0  # the first one died


def test_lane_that_was_under_way_when_it_opened_makes_no_second_probe():
    breakers = opened()
    assert breakers.wait(1, 7, FIRST_PAUSE_SECONDS) == 0.0

    breakers.told_nothing(1, 99)
    assert breakers.wait(1, 8, FIRST_PAUSE_SECONDS) > 0.0
    breakers.told_nothing(1, 7)
    assert breakers.wait(1, 8, FIRST_PAUSE_SECONDS) == 0.0


def test_probe_that_fails_doubles_the_pause_up_to_a_ceiling():
    breakers, now, pauses = opened(), 0.0, []
    for _ in range(8):
        now += breakers.wait(1, 7, now)
        assert breakers.wait(1, 7, now) == 0.0
        breakers.failed(1, 0, now)
        pauses.append(breakers.wait(1, 7, now))

    assert pauses[:3] == [4.0, 8.0, 16.0]
    assert pauses[-1] == LONGEST_PAUSE_SECONDS


def test_failure_of_one_that_was_under_way_does_not_lengthen_the_pause():
    breakers = opened()

    breakers.failed(1, 50, 0.1)

    assert breakers.wait(1, 7, 0.1) == FIRST_PAUSE_SECONDS - 0.1


def test_probe_that_succeeds_closes_the_circuit():
    breakers = opened()
    breakers.wait(1, 7, FIRST_PAUSE_SECONDS)

    assert breakers.succeeded(1) is True
    assert breakers.wait(1, 7, FIRST_PAUSE_SECONDS) == 0.0


@pytest.mark.parametrize("back", [60.0, 3600.0, 1e9])
def test_clock_that_is_set_back_leaves_nobody_alone_for_longer_than_a_pause(back):
    breakers = opened(1e9)
    assert breakers.wait(1, 7, 1e9 - back) == FIRST_PAUSE_SECONDS

    breakers = opened(1e9)
    now = 1e9 + FIRST_PAUSE_SECONDS
    assert breakers.wait(1, 7, now) == 0.0  # the probe
    now -= back
    assert breakers.wait(1, 7, now) <= FIRST_PAUSE_SECONDS
    assert breakers.wait(1, 7, now + FIRST_PAUSE_SECONDS + PROBE_SECONDS) == 0.0


def test_bulkhead_lets_in_so_many_of_one_connection_and_wakes_who_waited_longest():
    bulkhead = Bulkhead(2)

    entered = [bulkhead.enter(1, lane, 0) for lane in (11, 12, 13, 14, 13)]
    assert entered == [True, True] + [False] * 3
    assert bulkhead.enter(2, 21, 0) is True
    assert [bulkhead.leave(1), bulkhead.leave(1), bulkhead.leave(2)] == [(13, 0), (14, 0), None]
    assert bulkhead.enter(1, 15, 0) is True


def test_bulkhead_lets_the_more_urgent_in_first():
    bulkhead = Bulkhead(1)
    for lane, priority in ((11, 0), (12, -50), (13, -50), (14, 0), (15, 50)):
        bulkhead.enter(1, lane, priority)

    assert [bulkhead.leave(1) for _ in range(4)] == [(15, 50), (14, 0), (12, -50), (13, -50)]


def test_dead_helpdesk_is_degraded_left_alone_and_comes_back_by_itself(paper):
    paper.desk.outcomes.extend([TransientError("away")] * 5)
    for number in range(5):
        paper.say(sender=f"+3165550100{number}")
    paper.drain()

    assert paper.services.directory.connection("winkel", "desk").state == "degraded"
    assert paper.services.directory.connection("winkel", "chat").state == "connected"
    assert paper.filed() == []

    paper.settle()

    assert len(paper.filed()) == 5
    assert paper.services.directory.connection("winkel", "desk").state == "connected"
    assert paper.differences() == [0]


def test_dead_helpdesk_of_one_tenant_does_not_slow_another(paper, another_tenant):
    paper.desk.outcomes.extend([TransientError("away")] * 5)
    for number in range(5):
        paper.say(sender=f"+3165550100{number}")
    paper.drain()

    another_tenant("bakker")
    paper.accept(paper.message("Hier gaat het goed"), tenant="bakker")
    paper.drain()

    assert paper.filed() == [["Hier gaat het goed"]]


@pytest.fixture
def closed_out(paper):
    """A counter whose helpdesk failed for five customers, after one who was filed."""
    paper.say()
    paper.settle()
    paper.desk.outcomes.extend([TransientError("away")] * FAILURES)
    for number in range(FAILURES):
        paper.say(sender=f"+3165550100{number}")
    paper.drain()
    paper.clock.forward(LONGEST_PAUSE_SECONDS)
    return paper


def file_lanes(paper) -> list[int]:
    return [lane.id for lane in paper.rows(Lane) if lane.name.startswith("file:")]


def test_probe_that_finds_nothing_to_do_leaves_the_turn_to_the_next(closed_out):
    done, waits, *_ = file_lanes(closed_out)

    closed_out.services.drainer.drain(done)
    closed_out.services.drainer.drain(waits)

    assert len(closed_out.filed()) == 2


@pytest.mark.parametrize("error", [PermanentError("no"), RateLimited("slow")], ids=repr)
def test_probe_that_meets_another_error_leaves_the_turn_to_the_next(closed_out, error):
    _, first, second, *_ = file_lanes(closed_out)
    closed_out.desk.outcomes.append(error)

    closed_out.services.drainer.drain(first)
    closed_out.services.drainer.drain(second)

    assert len(closed_out.filed()) == 2


@ON_SQLITE
def test_slow_vendor_takes_no_more_than_its_places_and_who_waits_is_woken(
    paper, another_tenant, monkeypatch
):
    another_tenant("bakker")
    drainer, woken = paper.services.drainer, []
    monkeypatch.setattr(drainer, "_wake", lambda lane, _priority: woken.append(lane))
    inside, goes_on = threading.Semaphore(0), threading.Event()

    def work(job: Job) -> None:
        if job.lease.tenant_id == 1:
            inside.release()
            goes_on.wait(20)
        with job.settle() as settlement:
            settlement.deliver(job.head)

    drainer.use({"message": Handler(work)})
    for number in range(LANES_PER_CONNECTION + 3):
        paper.say(sender=f"+316555010{number:02}")
    lanes = [lane.id for lane in paper.rows(Lane)]
    threads = [threading.Thread(target=drainer.drain, args=[lane]) for lane in lanes]
    for thread in threads:
        thread.start()
    assert all(inside.acquire(timeout=10) for _ in range(LANES_PER_CONNECTION))
    paper.accept(paper.message("Hier gaat het goed"), tenant="bakker")
    drainer.drain(paper.rows(Lane)[-1].id)

    assert paper.items("message")[-1].state == "delivered"
    assert not inside.acquire(timeout=0.2)
    goes_on.set()
    for thread in threads:
        thread.join()
    waited = [item.lane_id for item in paper.items("message") if item.state == "pending"]
    assert len(waited) == 3
    assert sorted(woken) == sorted(waited)


def lanes_of(paper, kind: str) -> list[int]:
    return [lane.id for lane in paper.rows(Lane) if lane.name.startswith(kind)]


def state_of(paper, connection: str) -> str:
    return paper.services.directory.connection("winkel", connection).state


def test_webhook_of_a_dead_helpdesk_says_nothing_of_it(closed_out):
    paper = closed_out
    paper.answer("999")  # which its desk is not asked about

    for lane in lanes_of(paper, "ticket:"):
        paper.services.drainer.drain(lane)

    assert state_of(paper, "desk") == "degraded"


@ON_SQLITE
def test_circuit_opens_though_webhooks_come_in_between(paper):
    paper.desk.outcomes.extend([TransientError("away")] * 100)
    for number in range(4 * FAILURES):
        paper.say(sender=f"+316555010{number:02}")
        paper.answer("999")
        paper.drain()

    assert state_of(paper, "desk") == "degraded"
    assert len(paper.desk.outcomes) > 100 - 2 * FAILURES


def test_what_customers_say_does_not_wait_for_a_channel_that_cannot_send(paper):
    for number in range(FAILURES):
        paper.say(sender=f"+3165550100{number}")
    paper.settle()
    paper.channel.outcomes.extend([TransientError("away")] * 100)
    for ticket in paper.tickets():
        paper.answer(ticket.remote_id, (f"c{ticket.id}", "Dag"))
    paper.drain()
    assert state_of(paper, "chat") == "degraded"

    paper.say("Hallo", sender="+31655509999")
    paper.drain()

    assert paper.filed()[-1] == ["Hallo"]
    assert state_of(paper, "chat") == "degraded"


def test_what_asks_no_vendor_signs_nobody_in(paper):
    paper.say()
    paper.settle()
    paper.channel.outcomes.extend([AuthFailed("revoked")] * 10)
    paper.answer("ticket-of-1", ("c1", "Dag"))
    paper.drain()
    assert state_of(paper, "chat") == "signed out"

    paper.channel.parse_errors.append(RuntimeError("hiccup"))
    paper.say("Nog iets", sender="+31655508888")
    for _ in range(3):
        paper.drain()
        paper.clock.forward(3)

    assert [item.state for item in paper.items("message")] == ["delivered"] * 2
    assert state_of(paper, "chat") == "signed out"


@ON_SQLITE
def test_customer_goes_before_the_import_of_the_same_connection(paper):
    services, order = paper.services, []

    def work(job: Job) -> None:
        time.sleep(0.02)
        order.append(job.head.kind)
        with job.settle() as settlement:
            settlement.deliver(job.head)

    services.drainer.use({"message": Handler(work), "history": Handler(work)})
    for number in range(200):
        paper.accept(past(paper, sender=f"+3165510{number:04}"))
    services.queue.start(works=True)
    for lane in paper.rows(Lane):
        services.queue.wake(lane.id, lane.priority)
    wait_until(lambda: order)
    begun = len(order)
    paper.say("Hallo", sender=BEN)
    wait_until(lambda: "message" in order)
    services.drainer.finish()
    services.queue.stop()

    assert order.index("message") - begun <= 3 * LANES_PER_CONNECTION
