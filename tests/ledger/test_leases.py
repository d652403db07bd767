"""One worker at a time in a lane, and a way on when that worker has died."""

import threading
from datetime import timedelta

import pytest
from tests.ledger.paper import ANNA, BEN, NOON
from tests.ledger.test_door import together

from balie.ledger.job import Job
from balie.ledger.leases import LEASE_SECONDS, Lease, LeaseLost, Leases
from balie.ledger.models import Item, Lane
from balie.ledger.pending import waiting
from balie.ledger.rows import NewItem, write_items


def lane_id(paper) -> int:
    return paper.only(Lane).id


def job(paper, lease: Lease) -> Job:
    services = paper.services
    with services.store.reading() as session:
        items = waiting(session, lease.lane_id, 50)
    return Job(items, lease, services.store, services.leases, paper.clock, lambda *_: None)


def test_lease_is_taken_once_by_threads_at_the_same_moment(paper):
    paper.say()
    lane = lane_id(paper)

    results = together(*[lambda: paper.services.leases.take(lane)] * 6)

    assert [type(result) for result in results].count(Lease) == 1
    assert results.count(None) == 5


def test_lane_that_is_not_due_or_not_there_gives_no_lease(paper):
    paper.say()
    paper.settle()

    assert [paper.services.leases.take(row.id) for row in paper.rows(Lane)] == [None, None]
    assert paper.services.leases.take(999_999) is None


def test_lane_of_a_dead_worker_is_taken_over_when_its_lease_ends(paper):
    paper.say()
    dead = Leases(paper.services.store, paper.clock)
    assert dead.take(lane_id(paper)) is not None

    paper.clock.forward(LEASE_SECONDS)
    assert paper.services.leases.take(lane_id(paper)) is None
    paper.clock.forward(0.001)
    assert paper.services.leases.take(lane_id(paper)) is not None


def test_clock_that_leaps_takes_no_lane_away_from_a_worker_of_the_same_process(paper):
    paper.say()
    paper.services.drainer.drain(lane_id(paper))
    file_lane = next(row for row in paper.rows(Lane) if row.name.startswith("file:"))

    class Slept(list):
        """Batches; while the first is taken, an hour passes, and the lane is woken again."""

        def append(self, batch) -> None:
            super().append(batch)
            if len(self) == 1:
                paper.clock.forward(3600)
                paper.services.drainer.drain(file_lane.id)

    paper.desk.batches = Slept()
    paper.services.drainer.drain(file_lane.id)

    assert paper.filed() == [["Hallo"]]
    assert [item.state for item in paper.items("file")] == ["delivered"]
    assert paper.services.leases.take(file_lane.id) is None


def test_worker_that_lost_its_lease_commits_nothing(paper):
    paper.say()
    slow = Leases(paper.services.store, paper.clock).take(lane_id(paper))
    late = job(paper, slow)
    paper.clock.forward(LEASE_SECONDS + 1)
    paper.drain()
    before = [(item.id, item.state, item.attempted_at) for item in paper.rows(Item)]

    with pytest.raises(LeaseLost), late.settle() as settlement:
        settlement.park(late.head, "too late")
    with pytest.raises(LeaseLost):
        late.attempt(late.items, "too-late")

    assert [(item.id, item.state, item.attempted_at) for item in paper.rows(Item)] == before
    assert paper.services.leases.release(slow) is False
    assert paper.filed() == [["Hallo"]]


def test_worker_that_loses_its_lease_in_the_middle_of_a_call_leaves_it_to_the_other(paper):
    paper.say()
    paper.services.drainer.drain(lane_id(paper))
    file_lane = next(row for row in paper.rows(Lane) if row.name.startswith("file:"))

    class Overtaken(list):
        """Batches; while the first is taken, this process is taken for dead."""

        def append(self, batch) -> None:
            super().append(batch)
            if len(self) == 1:
                paper.clock.forward(LEASE_SECONDS + 1)
                other = Leases(paper.services.store, paper.clock)
                assert other.take(file_lane.id) is not None

    paper.desk.batches = Overtaken()
    paper.services.drainer.drain(file_lane.id)
    assert paper.items("file")[0].state == "pending"
    assert paper.items("file")[0].attempted_at is not None

    paper.clock.forward(LEASE_SECONDS + 1)
    paper.settle()
    assert paper.filed() == [["Hallo"]]
    assert len(paper.comments()) == 1


def test_renewal_keeps_a_lease_beyond_its_seconds(paper):
    paper.say()
    leases = paper.services.leases
    lease = leases.take(lane_id(paper))

    for _ in range(5):
        paper.clock.forward(LEASE_SECONDS / 3)
        leases.renew()

    assert Leases(paper.services.store, paper.clock).take(lane_id(paper)) is None
    assert leases.release(lease) is True


def test_renewal_leaves_forgotten_and_released_leases_alone(paper):
    paper.say()
    leases = paper.services.leases
    lease = leases.take(lane_id(paper))
    leases.forget(lease)
    until = paper.only(Lane).lease_until

    paper.clock.forward(LEASE_SECONDS / 3)
    leases.renew()

    assert paper.only(Lane).lease_until == until == NOON + timedelta(seconds=LEASE_SECONDS)


def test_renewal_and_who_settles_do_not_wait_for_each_other(paper):
    """The renewal has a first lane and wants the second; who settles the second wants the first."""
    for sender in (ANNA, BEN):
        paper.say(sender=sender)
    leases, (first, second) = paper.services.leases, paper.rows(Lane)
    leases.take(first.id)
    work = job(paper, leases.take(second.id))
    inside = threading.Event()

    def settle() -> None:
        with work.settle() as settlement:
            settlement.deliver(work.head)
            inside.set()
            waiter.join(0.3)
            follows = NewItem(
                tenant_id=first.tenant_id,
                connection_id=first.connection_id,
                kind="message",
                dedupe="message:follows",
                lane=first.name,
                order_at=NOON,
                root_id=work.head.id,
            )
            settlement.enqueue(follows)

    def renew() -> None:
        inside.wait()
        leases.renew()

    waiter = threading.Thread(target=lambda: renewed.extend(together(renew)))
    renewed: list[object] = []
    waiter.start()
    (settled,) = together(settle)
    waiter.join()

    assert (settled, renewed) == (None, [None])


def test_what_follows_twice_is_one_and_is_counted_once(paper):
    paper.say()
    work = job(paper, paper.services.leases.take(lane_id(paper)))
    same = NewItem(
        tenant_id=work.head.tenant_id,
        connection_id=work.head.connection_id,
        kind="timer",
        dedupe="timer:1",
        lane="timer:1",
        order_at=NOON,
    )
    with work.settle() as settlement:
        settlement.deliver(work.head)
        settlement.enqueue(same)
        settlement.enqueue(same)

    assert len(paper.items("timer")) == 1
    assert paper.differences() == [0]


def test_release_sets_when_the_lane_is_due(paper):
    paper.say()
    lease = paper.services.leases.take(lane_id(paper))
    later = paper.clock.now() + timedelta(seconds=90)
    with job(paper, lease).settle() as settlement:
        settlement.session.query(Item).update({"next_at": later})

    assert paper.services.leases.release(lease) is False
    row = paper.only(Lane)
    assert (row.due_at, row.lease_token, row.lease_until) == (later, None, None)


def test_work_that_comes_while_a_lane_is_released_is_never_left_behind(paper):
    """A writer in the middle of its transaction, and a release that looks for what is left."""
    paper.say()
    paper.drain()
    store, leases = paper.services.store, paper.services.leases
    connection = paper.services.directory.connection("winkel", "chat")
    lane = next(row for row in paper.rows(Lane) if row.name.startswith("message:"))
    new = NewItem(
        tenant_id=connection.tenant_id,
        connection_id=connection.id,
        kind="message",
        dedupe="message:late",
        lane=lane.name,
        order_at=NOON,
        body={"say": "late"},
    )
    for round_number in range(3):
        paper.say(f"ronde {round_number}")
        lease = leases.take(lane.id)
        work = job(paper, lease)
        with work.settle() as settlement:
            settlement.deliver(work.head)
        inside, released = threading.Event(), []

        def enqueue(inside=inside, number=round_number) -> None:
            with store.connection() as writing:
                item = NewItem(
                    **{name: getattr(new, name) for name in new.__slots__}
                    | {"dedupe": f"message:late-{number}"}
                )
                write_items(writing, [item], NOON)
                inside.set()

        writer = threading.Thread(target=enqueue)
        releaser = threading.Thread(
            target=lambda lease=lease, released=released: released.append(leases.release(lease))
        )
        writer.start()
        inside.wait()
        releaser.start()
        writer.join()
        releaser.join()

        row = next(row for row in paper.rows(Lane) if row.id == lane.id)
        assert row.due_at is not None
        assert row.lease_token is None
        paper.drain()


def test_server_alone_on_its_database_frees_what_a_dead_one_leased(paper):
    paper.say()
    Leases(paper.services.store, paper.clock).take(lane_id(paper))

    paper.services.leases.clear()

    assert paper.services.leases.take(lane_id(paper)) is not None
