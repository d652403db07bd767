"""Promises 1 and 3 at the door: durable before 200, and once."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, text
from tests.ledger.paper import ANNA, BEN, NOON, Paper
from tests.store.conftest import make_read_only

from balie.api import Accepted, EventKind, RawEvent
from balie.ledger.door import MOST_TOGETHER, Door, Submission
from balie.ledger.models import Item, Lane, LedgerReceipt, State
from balie.ledger.rows import NewItem
from balie.run.services import Services
from balie.store import Store, StoreUnavailable


def together(*calls):
    """Run calls in threads that start at one moment; return what each returned or raised."""
    results: list[object] = [None] * len(calls)
    start = threading.Barrier(len(calls))

    def run(number: int) -> None:
        start.wait()
        try:
            results[number] = calls[number]()
        except Exception as error:  # noqa: BLE001 -- it is the result
            results[number] = error

    threads = [threading.Thread(target=run, args=[number]) for number in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_accepted_event_is_committed_and_its_lane_due(paper):
    assert paper.say("Hallo", sender=ANNA) == Accepted(new=1, duplicates=0)

    item, lane = paper.only(Item), paper.only(Lane)
    assert (item.state, item.lane_id, item.accepted_at) == (State.PENDING, lane.id, NOON)
    assert (lane.name, lane.due_at) == (f"message:{ANNA}", NOON)


def test_lanes_are_woken_once_each_and_after_the_commit(paper):
    woken: list[tuple[int, int, int]] = []

    def wake(lane_id: int, priority: int = 0) -> None:
        woken.append((lane_id, priority, len(paper.rows(Item))))

    paper.services.door = Door(paper.services.store, paper.clock, wake)
    paper.accept(paper.message("een"), paper.message("twee"), paper.status("sent", "paper-1"))

    lanes = {lane.id: lane.priority for lane in paper.rows(Lane)}
    assert sorted(woken) == [(lane, priority, 3) for lane, priority in sorted(lanes.items())]


def test_t5_same_webhook_five_times_in_parallel_is_one(paper):
    same = paper.message("Hallo", id="wamid-1")

    results = together(*[lambda: paper.accept(same)] * 5)

    assert sorted(result.new for result in results) == [0, 0, 0, 0, 1]
    assert len(paper.rows(Item)) == 1
    assert sum(row.duplicates for row in paper.rows(LedgerReceipt)) == 4
    assert paper.differences() == [0]


def test_many_webhooks_in_parallel_are_each_kept_once(paper):
    events = [paper.message(sender=f"+3165550{number:04}") for number in range(40)]

    results = together(*[lambda event=event: paper.accept(event) for event in events])

    assert results == [Accepted(new=1, duplicates=0)] * 40
    assert sorted(item.dedupe for item in paper.rows(Item)) == sorted(
        f"message:{event.id}" for event in events
    )


def test_duplicate_within_one_webhook_is_counted_as_one(paper):
    same, other = paper.message(id="a"), paper.message(id="b")

    assert paper.accept(same, other, same) == Accepted(new=2, duplicates=1)


def test_duplicate_after_seven_days_is_still_one(paper):
    paper.say(id="wamid-1")
    paper.settle()
    paper.clock.forward(7 * 86_400)

    assert paper.say(id="wamid-1") == Accepted(new=0, duplicates=1)
    paper.settle()
    assert len(paper.messages("inbound")) == 1


def test_same_id_of_another_kind_is_another_event(paper):
    paper.say(id="x")

    assert paper.report("sent", "paper-1", id="x") == Accepted(new=1, duplicates=0)


def test_event_refused_at_the_door_ends_there_without_its_body(paper):
    paper.accept(
        RawEvent(
            id="1",
            kind=EventKind.MESSAGE,
            lane=ANNA,
            at=NOON,
            body={"say": "geheim"},
            refused="it is for another number",
        )
    )

    item = paper.only(Item)
    assert (item.state, item.reason) == (State.REFUSED, "it is for another number")
    assert (item.body, item.ended_at) == (None, NOON)
    assert paper.differences() == [0]


def test_event_that_cannot_be_stored_is_refused_and_those_beside_it_are_kept(paper):
    bad = paper.message()
    deep: list = []
    for _ in range(50_000):
        deep = [deep]
    bad.body["deep"] = deep

    assert paper.accept(paper.message("goed"), bad) == Accepted(new=2, duplicates=0)

    good, refused = paper.rows(Item)
    assert (good.state, refused.state) == (State.PENDING, State.REFUSED)
    assert refused.reason.startswith("it cannot be stored as JSON")


def test_bad_submission_does_not_fail_those_that_came_with_it(paper):
    connection = paper.services.directory.connection("winkel", "chat")

    def item(number: int) -> NewItem:
        return NewItem(
            tenant_id=connection.tenant_id,
            # of number 3 the connection does not exist
            connection_id=connection.id if number != 3 else 999_999,
            kind="message",
            dedupe=f"message:{number}",
            lane=f"message:{number}",
            order_at=NOON,
        )

    def accept(number: int) -> Accepted:
        one = item(number)
        submission = Submission(
            tenant_id=one.tenant_id, connection_id=one.connection_id, items=(one,)
        )
        return paper.services.door.accept(submission)

    with _closed_until(paper.services.door, 6):
        results = together(*[lambda number=number: accept(number) for number in range(6)])

    assert [type(result).__name__ for result in results].count("Accepted") == 5
    assert type(results[3]).__name__ == "IntegrityError"
    assert len(paper.rows(Item)) == 5
    assert paper.differences() == [0]


@contextmanager
def _closed_until(door: Door, waiting: int) -> Iterator[None]:
    """Let nobody commit before so many wait for it."""
    turn, queue = door._turn, door._queue  # noqa: SLF001 -- no other way to have them wait together

    def open_it() -> None:
        deadline = time.monotonic() + 20
        while len(queue) < waiting and time.monotonic() < deadline:
            time.sleep(0.005)
        turn.release()

    turn.acquire()
    opener = threading.Thread(target=open_it)
    opener.start()
    yield
    opener.join()


def test_more_than_one_commit_takes_are_kept_in_several(paper):
    count = 2 * MOST_TOGETHER + 1
    events = [paper.message(sender=f"+3165550{number:04}") for number in range(count)]

    with _closed_until(paper.services.door, count):
        results = together(*[lambda event=event: paper.accept(event) for event in events])

    assert results == [Accepted(new=1, duplicates=0)] * count
    counts = sorted(row.accepted for row in paper.rows(LedgerReceipt))
    assert counts == [1, MOST_TOGETHER, MOST_TOGETHER]
    assert paper.differences() == [0]


def test_webhook_without_events_writes_nothing(paper):
    assert paper.accept() == Accepted(new=0, duplicates=0)
    assert paper.rows(LedgerReceipt) == []


def test_read_only_database_is_said_to_be_unavailable_and_nothing_is_stored(paper):
    make_read_only(paper.services.store)

    results = together(*[paper.say] * 3)

    assert [type(result) for result in results] == [StoreUnavailable] * 3
    assert (paper.rows(Item), paper.rows(Lane), paper.rows(LedgerReceipt)) == ([], [], [])


def test_commit_that_fails_at_the_end_leaves_nothing_and_may_come_again(paper):
    again = paper.message(id="wamid-1")

    with _plug_pulled(paper.services.store), pytest.raises((OSError, StoreUnavailable)):
        paper.accept(again)

    assert (paper.rows(Item), paper.rows(LedgerReceipt)) == ([], [])
    assert paper.accept(again) == Accepted(new=1, duplicates=0)


_AT_THE_END = """
CREATE FUNCTION pulled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE SQLSTATE '53100' USING MESSAGE = 'the disk is full'; END $$;
CREATE CONSTRAINT TRIGGER pulled AFTER INSERT ON ledger_receipt
INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION pulled();
"""


@contextmanager
def _plug_pulled(store: Store) -> Iterator[None]:
    """Let everything work until the very commit."""

    def fail(*_: object) -> None:
        raise OSError("the plug was pulled")

    if store.is_sqlite:
        event.listen(store.engine, "commit", fail)
    else:
        with store.writing() as session:
            session.execute(text(_AT_THE_END))
    yield
    if store.is_sqlite:
        event.remove(store.engine, "commit", fail)
    else:
        with store.writing() as session:
            session.execute(text("DROP FUNCTION pulled CASCADE"))


HOSTILE = ["a\0b", "\ud83d", "👩‍👩‍👧‍👦" * 100, "x" * 3000, " ", "%s{{7*7}}<script>"]


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_hostile_text_anywhere_in_an_event_makes_no_item_fail(paper, text):
    paper.say(text, id=text, lane=text, name=text, sender=text)
    paper.settle()
    paper.answer(f"ticket-of-{paper.conversations()[0].id}", (text, f"antwoord {text}"))
    paper.settle()
    paper.report("failed", "paper-1", id=text, lane=text, code=text, text=text, reference=text)
    paper.settle()
    paper.report("sent", text, id=text + "!", reference="9" * 40)
    paper.settle()

    assert {item.state for item in paper.rows(Item)} == {State.DELIVERED}
    assert [item.attempts for item in paper.rows(Item) if item.attempts] == []
    assert len(paper.filed()) == 1
    assert len(paper.sent()) == 1
    assert paper.messages("outbound")[0].status == "failed"
    assert paper.differences() == [0]


@pytest.mark.parametrize("at", [datetime(9999, 12, 31, tzinfo=UTC), NOON + timedelta(minutes=6)])
def test_a30_time_in_the_future_does_not_wait_behind_what_comes_later(paper, at):
    paper.say("uit de toekomst", at=at)
    paper.clock.forward(1)
    paper.say("van nu", at=NOON + timedelta(seconds=1))
    paper.settle()

    assert paper.filed() == [["uit de toekomst", "van nu"]]
    assert [row.at for row in paper.messages("inbound")] == [NOON, NOON + timedelta(seconds=1)]
    assert paper.only(type(paper.conversations()[0])).last_inbound_at == NOON + timedelta(seconds=1)


def test_a30_clock_a_little_ahead_is_believed(paper):
    paper.say("tweede", at=NOON + timedelta(seconds=20))
    paper.say("eerste", at=NOON + timedelta(seconds=10))
    paper.settle()

    assert paper.filed() == [["eerste", "tweede"]]


def test_a30_time_in_the_past_opens_nothing(paper):
    paper.say("van nu")
    paper.say("van lang geleden", at=datetime(1971, 1, 1, tzinfo=UTC))
    paper.say("ook", sender=BEN, at=datetime(1, 1, 2, tzinfo=UTC))
    paper.settle()

    anna, ben = paper.conversations()
    assert (anna.last_inbound_at, ben.last_inbound_at) == (NOON, datetime(1, 1, 2, tzinfo=UTC))
    assert paper.differences() == [0]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("level", ["repeatable read", "serializable"])
def test_several_webs_keep_all_on_a_database_whose_admin_wants_more_isolation(paper, level):
    settings = paper.services.settings
    with paper.services.store.looking() as connection:
        name = connection.scalar(text("SELECT current_database()"))
        wanted = f"SET default_transaction_isolation TO '{level}'"
        connection.execute(text(f"ALTER DATABASE {name} {wanted}"))
    webs = [Services(settings, clock=paper.clock) for _ in range(4)]
    papers = [Paper(web, paper.clock) for web in webs]
    for number in range(5):
        said = paper.message(id=f"wamid-{number}")
        results = together(*[lambda each=each, said=said: each.accept(said) for each in papers])
        assert sorted(result.new for result in results) == [0, 0, 0, 1]
    together(*[each.drain for each in papers])
    paper.settle()

    assert len(paper.messages("inbound")) == 5
    assert paper.differences() == [0]
    for web in webs:
        web.store.close()
