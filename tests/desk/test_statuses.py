"""Statuses climb to the same end, in whatever order and however often they come."""

import threading
from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event, update
from tests.desk.test_window import RULES
from tests.ledger.paper import NOON

from balie.desk.records.models import MessageRow, StatusRow
from balie.ledger.models import Lane

LADDER = ["sent", "delivered", "read", "failed"]


@pytest.fixture
def answered(paper):
    """An answer was taken by the channel as paper-1."""
    paper.say()
    paper.settle()
    paper.answer("ticket-of-1", ("c1", "Dag"))
    paper.settle()
    return paper


def outbound(paper) -> MessageRow:
    (message,) = paper.messages("outbound")
    return message


def end(statuses: set[str]) -> str:
    """What a set of reported statuses comes to."""
    for status in ("read", "delivered", "failed", "sent"):
        if status in statuses:
            return status
    return "accepted"


def forget(paper) -> None:
    """Let it be as if nothing was reported yet; what was told stays told."""
    with paper.services.store.writing() as session:
        session.execute(delete(StatusRow))
        session.execute(
            update(MessageRow)
            .where(MessageRow.direction == "outbound")
            .values(status="accepted", error="")
        )


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    reported=st.lists(st.sampled_from(LADDER), min_size=1, max_size=7),
    drained=st.lists(st.booleans(), min_size=7, max_size=7),
)
def test_any_order_and_repetition_of_statuses_gives_the_same_end(answered, reported, drained):
    paper = answered
    forget(paper)
    for number, status in enumerate(reported):
        at = NOON + timedelta(seconds=LADDER.index(status))
        paper.report(status, "paper-1", at=at, id=f"{status}-{next(paper.numbers)}")
        if drained[number]:
            paper.drain()
    paper.settle()

    assert outbound(paper).status == end(set(reported))


def test_every_permutation_gives_the_same_end_and_says_at_most_one_failure(answered):
    paper = answered
    for order in permutations(LADDER):
        forget(paper)
        for status in order:
            paper.report(status, "paper-1", id="-".join(order) + status)
            paper.drain()
        assert outbound(paper).status == "read"

    notes = [line for (line,) in paper.filed(internal=True)]
    assert notes == [
        "Niet bezorgd bij de klant: Het kanaal gaf geen reden.\nHet gaat om dit antwoord: “Dag”",
        "Dit antwoord is toch naar de klant verstuurd: “Dag”",
    ]


def test_status_before_the_receipt_is_kept_for_it(paper):
    paper.say()
    paper.settle()
    paper.report("delivered", "paper-1")
    paper.settle()
    paper.answer("ticket-of-1", ("c1", "Dag"))
    paper.settle()

    assert outbound(paper).status == "delivered"


def test_failure_before_the_receipt_is_told(paper):
    paper.say()
    paper.settle()
    paper.report("failed", "paper-1", code="131026", text="Geen WhatsApp")
    paper.settle()
    paper.answer("ticket-of-1", ("c1", "Dag"))
    paper.settle()

    assert (outbound(paper).status, outbound(paper).error) == ("failed", "131026: Geen WhatsApp")
    assert len(paper.filed(internal=True)) == 1


def test_failure_is_told_once_and_cut_where_the_answer_is_long(answered):
    paper = answered
    paper.answer("ticket-of-1", ("c2", "x" * 5000), at=paper.clock.now())
    paper.settle()
    for number in range(3):
        paper.report("failed", "paper-2", id=f"f{number}", code="1", text="Nee")
        paper.settle()

    ((note,),) = paper.filed(internal=True)
    assert note == (
        "Niet bezorgd bij de klant: Nee (1)\nHet gaat om dit antwoord: “" + "x" * 199 + "…”"
    )


def test_status_of_an_unknown_message_is_kept_and_breaks_nothing(paper):
    paper.report("read", "wamid-of-another-program")
    paper.settle()

    assert paper.items("status")[0].state == "delivered"
    assert paper.differences() == [0]


def test_status_of_another_connection_with_the_same_id_is_another(answered):
    paper = answered
    paper.services.directory.add_connection(
        "winkel", "second", plugin="paper_channel", config={"secret": "c" * 20}, files_into="desk"
    )
    paper.accept(paper.status("read", "paper-1"), connection="second")
    paper.settle()

    assert outbound(paper).status == "accepted"


def test_status_and_receipt_at_the_same_moment_do_not_miss_each_other(paper):
    paper.say()
    paper.settle()
    for number in range(1, 6):
        paper.answer("ticket-of-1", (f"c{number}", "Dag"), at=paper.clock.now())
        ticket_lane = paper.items("ticket")[-1].lane_id
        paper.services.drainer.drain(ticket_lane)
        paper.report("failed", f"paper-{number}", text="Nee")
        lanes = [item.lane_id for item in (paper.items("send")[-1], paper.items("status")[-1])]
        start = threading.Barrier(2)

        def work(lane_id: int, start=start) -> None:
            start.wait()
            paper.services.drainer.drain(lane_id)

        threads = [threading.Thread(target=work, args=[lane_id]) for lane_id in lanes]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        paper.settle()

    assert [row.status for row in paper.messages("outbound")] == ["failed"] * 5
    assert paper.rows(Lane, Lane.due_at.is_not(None)) == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_receipt_that_is_written_while_a_status_is_does_not_miss_it(paper):
    """The status has looked for its message in vain, and is not committed yet."""
    paper.say()
    paper.settle()
    paper.answer("ticket-of-1", ("c1", "Dag"))
    paper.services.drainer.drain(paper.items("ticket")[-1].lane_id)
    paper.report("failed", "paper-1", text="Nee")
    send, status = paper.items("send")[-1].lane_id, paper.items("status")[-1].lane_id
    looked, sent = threading.Event(), threading.Event()
    commits = iter((False, True))

    def before_commit(_connection: object) -> None:
        if threading.current_thread().name == "status" and next(commits, False):
            looked.set()
            sent.wait(0.5)  # it waits for us, or it has missed us by then

    event.listen(paper.services.store.engine, "commit", before_commit)
    thread = threading.Thread(
        target=paper.services.drainer.drain, args=[status], name="status", daemon=True
    )
    thread.start()
    assert looked.wait(10)
    paper.services.drainer.drain(send)
    sent.set()
    thread.join()
    event.remove(paper.services.store.engine, "commit", before_commit)
    paper.settle()

    assert [row.status for row in paper.messages("outbound")] == ["failed"]


def test_status_of_the_customers_own_message_sends_nothing(paper):
    paper.channel.abilities = {"window": RULES}
    paper.say("Mijn eigen woorden", id="in-1")
    paper.settle()
    paper.report("failed", "in-1", code="131047")
    paper.say("Nog iets", id="in-2")  # which opens the window again
    paper.settle()

    assert (paper.sent(), list(paper.items("send"))) == ([], [])
