"""Changing many lanes at once, while customers write and others work."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, text, update
from tests.ledger.paper import NOON, Paper
from tests.ledger.test_locked import hurry as impatient
from tests.ledger.test_locked import locked

from balie.api import Accepted
from balie.ledger.inspect import hurry, parked, replay_all, set_back
from balie.ledger.models import Item, Lane, State
from balie.ledger.portions import PORTION
from balie.store import Store

ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
HOUR = timedelta(hours=1)
A, B, C, D = (f"+3165550000{number}" for number in range(4))


def _hurries(paper: Paper) -> None:
    row = paper.services.directory.connection("winkel", "chat")
    hurry(paper.services.store, row.id, paper.clock.now())


def _replays(paper: Paper) -> None:
    with paper.services.store.reading() as session:
        found = parked(session, None)
    replay_all(paper.services.store, found, paper.clock.now())


def _sets_back(paper: Paper) -> None:
    set_back(paper.services.store, paper.clock.now(), 2 * HOUR, 30)


WAYS = pytest.mark.parametrize(
    ("change", "state"),
    [(_hurries, State.PENDING), (_replays, State.PARKED), (_sets_back, State.PENDING)],
    ids=["hurry", "replay", "set_back"],
)


def fail(paper: Paper, lanes: list[int], state: State) -> None:
    """Let what is in these lanes have failed, and wait or be parked."""
    mine, later = Item.lane_id.in_(lanes), NOON + HOUR
    failed = {"state": state, "attempts": 2, "reason": "away", "next_at": later}
    with paper.services.store.writing() as session:
        session.execute(update(Item).where(mine).values(failed))
        session.execute(update(Lane).where(Lane.id.in_(lanes)).values(due_at=later))


def wait_for_waiting(store: Store, number: int) -> None:
    """Wait until so many connections wait for a lock."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    until = time.monotonic() + 2
    while time.monotonic() < until:
        with store.aside() as session:
            if session.scalar(waiting) == number:
                return
        time.sleep(0.01)
    raise AssertionError("they do not wait")


@ON_POSTGRESQL
@WAYS
def test_door_and_who_changes_many_lanes_never_wait_for_each_other(
    paper: Paper, change: Callable[[Paper], None], state: State
):
    """The lanes were made in another order than the door's, and both are held up halfway."""
    for sender in (D, C, A, B):
        paper.say("eerst", sender=sender)
    d, c, a, b = (lane.id for lane in paper.rows(Lane))
    fail(paper, [d, c, a], state)
    outcomes: dict[str, object] = {}

    def run(name: str, act: Callable[[], Any]) -> threading.Thread:
        def told() -> None:
            try:
                outcomes[name] = act()
            except Exception as error:  # noqa: BLE001 -- it is the outcome
                outcomes[name] = error

        thread = threading.Thread(target=told)
        thread.start()
        return thread

    news = [paper.message("dan", sender=sender) for sender in (A, B, D)]
    store, errors = paper.services.store, []
    event.listen(store.engine, "handle_error", errors.append)
    with locked(paper, b):
        with locked(paper, c):
            door = run("door", lambda: paper.accept(*news))
            wait_for_waiting(store, 1)
            changer = run("change", lambda: change(paper))
            wait_for_waiting(store, 2)
        # Who changes them waits for the door from now on, so the server would tell it first that
        # the two wait for each other; it would try again, and nothing else would show.
        time.sleep(0.05)
    door.join()
    changer.join()

    assert errors == []
    assert outcomes == {"door": Accepted(new=3, duplicates=0), "change": None}
    assert {lane.due_at for lane in paper.rows(Lane, Lane.id.in_([a, c, d]))} == {NOON}


@WAYS
def test_more_lanes_than_a_portion_are_all_changed(
    paper: Paper, change: Callable[[Paper], None], state: State
):
    number = PORTION + 3
    paper.accept(*(paper.message(sender=f"+316555{at:05}") for at in range(number)))
    commits: list[object] = []
    fail(paper, [lane.id for lane in paper.rows(Lane)], state)
    event.listen(paper.services.store.engine, "commit", commits.append)
    change(paper)

    assert [lane.due_at for lane in paper.rows(Lane)] == [NOON] * number
    assert {(item.state, item.next_at) for item in paper.rows(Item)} == {(State.PENDING, None)}
    assert len(commits) == 2


@ON_POSTGRESQL
def test_portion_in_whose_way_somebody_was_is_done_once_more(paper: Paper):
    paper.say()
    lane = paper.only(Lane).id
    fail(paper, [lane], State.PENDING)
    impatient(paper.services.store)
    changer = threading.Thread(target=_hurries, args=[paper])
    with locked(paper, lane):
        changer.start()
        changer.join(0.3)  # longer than one try waits
        assert changer.is_alive()
    changer.join()

    with paper.services.store.reading() as session:
        assert session.scalar(select(Lane.due_at)) == NOON
