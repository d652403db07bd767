"""Everything together, with its own threads: wake-ups, the sweep, stopping."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from tests.ledger.paper import ANNA, Paper

from balie.api import OutcomeUnknown
from balie.ledger.door import Door
from balie.ledger.models import Item, Lane
from balie.run.queue import LaneQueue
from balie.run.services import Services
from balie.run.settings import Settings


def wait_until(condition: Callable[[], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.005)


@pytest.fixture
def queue() -> Iterator[Callable[[Callable[[int], None]], LaneQueue]]:
    made: list[LaneQueue] = []

    def make(drain: Callable[[int], None]) -> LaneQueue:
        made.append(LaneQueue(drain, 2))
        return made[-1]

    yield make
    for one in made:
        one.stop()


def test_lane_that_waits_already_is_not_queued_again(queue):
    drained: list[int] = []
    lanes = queue(drained.append)
    for _ in range(5):
        lanes.wake(1)
    lanes.wake(2)
    lanes.start()
    wait_until(lambda: 2 in drained and 1 in drained)

    assert sorted(drained) == [1, 2]


def test_wake_up_during_the_work_is_not_lost(queue):
    begun, go_on, drained = threading.Event(), threading.Event(), []

    def drain(lane_id: int) -> None:
        drained.append(lane_id)
        begun.set()
        go_on.wait(10)

    lanes = queue(drain)
    lanes.start()
    lanes.wake(1)
    begun.wait(10)
    lanes.wake(1)
    go_on.set()
    wait_until(lambda: drained == [1, 1])


def test_drain_that_raises_does_not_end_its_worker(queue, caplog):
    drained: list[int] = []

    def drain(lane_id: int) -> None:
        drained.append(lane_id)
        raise RuntimeError("broken")

    lanes = queue(drain)
    lanes.start()
    for lane_id in range(6):
        lanes.wake(lane_id)

    wait_until(lambda: sorted(drained) == list(range(6)))


def test_stop_finishes_the_item_in_hand(queue):
    begun, finished = threading.Event(), []

    def drain(lane_id: int) -> None:
        begun.set()
        time.sleep(0.1)
        finished.append(lane_id)

    lanes = queue(drain)
    lanes.start()
    lanes.wake(1)
    begun.wait(10)
    lanes.stop()

    assert finished == [1]


@pytest.fixture
def running(paper: Paper) -> Iterator[Paper]:
    paper.services.start()
    yield paper
    paper.services.stop()


def idle(paper: Paper) -> bool:
    return not paper.rows(Lane, Lane.due_at.is_not(None))


def test_started_services_carry_many_conversations_each_in_order(running):
    paper = running
    senders = [f"+3165550{number:04}" for number in range(8)]
    for number in range(5):
        for sender in senders:
            paper.say(f"{sender} {number}", sender=sender)
    wait_until(lambda: len(paper.messages("inbound")) == 40 and idle(paper))

    said: dict[str, list[str]] = {}
    for comment in paper.filed():
        for line in comment:
            said.setdefault(line.split()[0], []).append(line)
    assert said == {sender: [f"{sender} {number}" for number in range(5)] for sender in senders}
    assert len(paper.tickets()) == len(senders)
    assert {item.state for item in paper.rows(Item)} == {"delivered"}
    assert paper.differences() == [0]


def test_story_plays_by_itself(running):
    paper = running
    paper.say("Hallo")
    wait_until(lambda: paper.tickets() and idle(paper))
    paper.answer("ticket-of-1", ("c1", "Dag"))
    wait_until(lambda: paper.sent() == ["Dag"] and idle(paper))
    paper.report("read", "paper-1")
    wait_until(lambda: paper.messages("outbound")[0].status == "read")

    assert paper.differences() == [0]


def test_lane_whose_wake_up_was_lost_is_found_by_the_sweep(running, monkeypatch):
    paper = running
    door = Door(paper.services.store, paper.clock, lambda *_: None)
    monkeypatch.setattr(paper.services, "door", door)
    paper.say("Hallo")

    wait_until(lambda: paper.filed() == [["Hallo"]])


def test_stop_in_the_middle_of_a_lane_leaves_the_rest_for_the_next_start(
    settings: Settings, paper: Paper
):
    begun, go_on = threading.Event(), threading.Event()
    parse = paper.services.hooks.event_parse

    def slow(*given: object) -> object:
        begun.set()
        go_on.wait(10)
        return parse(*given)

    paper.services.hooks.event_parse = slow
    for number in range(5):
        paper.say(str(number))
    paper.services.start()
    begun.wait(10)
    stopper = threading.Thread(target=paper.services.stop)
    stopper.start()
    time.sleep(0.05)
    go_on.set()
    stopper.join()

    later = Paper(Services(settings, clock=paper.clock), paper.clock)
    states = [item.state for item in later.items("message")]
    assert states == ["delivered"] + ["pending"] * 4
    assert later.rows(Lane, Lane.lease_until.is_not(None)) == []
    later.settle()
    comments = paper.filed() + later.filed()
    assert [line for comment in comments for line in comment] == list("01234")
    later.services.store.close()


def test_killed_in_the_middle_of_a_filing_is_reconciled_by_the_next_start(
    settings: Settings, paper: Paper
):
    class Killed(BaseException):
        """The end of the process, as far as this thread can tell."""

    paper.say("Hallo")
    paper.services.drainer.drain(paper.items("message")[0].lane_id)
    settle = paper.services.leases.fence
    calls: list[int] = []

    def die(*given: object) -> None:
        calls.append(1)
        if len(calls) == 2:  # the attempt is written, the effect is there, the outcome is not
            raise Killed
        settle(*given)

    paper.services.leases.fence = die
    with pytest.raises(Killed):
        paper.services.drainer.drain(paper.items("file")[0].lane_id)
    assert paper.filed() == [["Hallo"]]

    later = Paper(Services(settings, clock=paper.clock), paper.clock)
    later.desk.filed.update(paper.desk.filed)
    later.services.leases.clear()
    later.settle()
    assert later.filed() == []
    assert [row.remote_id for row in later.comments()] == ["comment-1"]
    assert {item.state for item in later.rows(Item)} == {"delivered"}
    assert later.people()[0].id == 1
    assert [row.value for row in later.channel.sent] == []
    later.services.store.close()


def test_outcome_unknown_is_never_sent_blindly_by_running_workers(running):
    paper = running
    paper.say(sender=ANNA)
    wait_until(lambda: paper.tickets() and idle(paper))
    paper.channel.outcomes.append(OutcomeUnknown("no answer came"))
    paper.answer("ticket-of-1", ("c1", "Dag"))
    wait_until(lambda: [item.attempted_at for item in paper.items("send")] not in ([], [None]))

    # The clock stands still: its patience does not end.
    time.sleep(0.1)
    assert paper.sent() == []
    paper.report("sent", "wamid", reference=str(paper.messages("outbound")[0].id))
    wait_until(lambda: paper.messages("outbound")[0].status == "sent")
    assert paper.sent() == []
