"""A helpdesk is away for an hour, by a clock set by hand: all waits, and then goes in order."""

from collections import deque
from itertools import count

import pytest
from tests.ledger.paper import Paper

from balie.api import OutcomeUnknown, TransientError
from balie.ledger.balance import balances
from balie.ledger.models import Item, State
from balie.ledger.retry import LONGEST_WAIT_SECONDS
from balie.tenants.models import State as Connection

CUSTOMERS = [f"+3165550002{number}" for number in range(5)]
HOUR, STEP, BETWEEN = 3_600, 30, 600
MOST_ATTEMPTS = 90
"""One and a half a minute, from five conversations together."""
RECOVERY_SECONDS = int(LONGEST_WAIT_SECONDS) + 120


def lasts(paper: Paper, seconds: int) -> None:
    """Let time pass, a little at a time, as the sweep would see it."""
    for _ in range(0, seconds, STEP):
        paper.clock.forward(STEP)
        paper.drain()


def everybody_writes(paper: Paper, turn: int) -> None:
    for customer in CUSTOMERS:
        paper.say(f"{turn} van {customer}", sender=customer)


def by_conversation(paper: Paper) -> dict[str, list[str]]:
    """What the desk has of each conversation, line by line."""
    found: dict[str, list[str]] = {}
    for batch in paper.desk.batches:
        lines = [" ".join(part.text for part in line.parts) for line in batch.lines]
        found.setdefault(batch.conversation_id, []).extend(lines)
    return found


def state_of_desk(paper: Paper) -> str:
    return str(paper.services.directory.connection("winkel", "desk").state)


def assert_all_there(paper: Paper) -> None:
    turns = range(HOUR // BETWEEN)
    assert sorted(by_conversation(paper).values()) == sorted(
        [f"{turn} van {customer}" for turn in turns] for customer in CUSTOMERS
    )
    assert len(paper.tickets()) == len(CUSTOMERS)
    assert {item.state for item in paper.rows(Item)} == {State.DELIVERED}
    assert paper.differences() == [0]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_hour_without_a_helpdesk_parks_nothing_asks_seldom_and_ends_in_order(paper):
    paper.desk.outcomes = deque(TransientError("HTTP 503") for _ in range(10_000))
    for turn in range(HOUR // BETWEEN):
        everybody_writes(paper, turn)
        lasts(paper, BETWEEN)

    with paper.services.store.reading() as session:
        [line] = balances(session)
    events = len(CUSTOMERS) * HOUR // BETWEEN
    assert (line.accepted, line.in_flight, line.parked, line.difference) == (events, events, 0, 0)
    assert paper.desk.batches == []
    assert 10_000 - len(paper.desk.outcomes) <= MOST_ATTEMPTS
    assert state_of_desk(paper) == Connection.DEGRADED
    # When whatever waits is tried next, and why it waits, is there to be seen.
    assert all(item.next_at and item.reason for item in paper.items("file") if item.attempts)

    paper.desk.outcomes.clear()
    lasts(paper, RECOVERY_SECONDS)
    assert_all_there(paper)
    assert state_of_desk(paper) == Connection.CONNECTED


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_hour_in_which_answers_get_lost_after_the_effect_doubles_nothing(paper):
    """Every third write takes effect unseen; the others fail before it."""
    paper.desk.lost = deque(OutcomeUnknown("no answer") for _ in range(4))
    failing = count()
    for turn in range(HOUR // BETWEEN):
        everybody_writes(paper, turn)
        if next(failing) % 3:
            paper.desk.outcomes.extend(TransientError("HTTP 503") for _ in range(6))
        else:
            paper.desk.lost.extend(OutcomeUnknown("no answer") for _ in range(4))
        lasts(paper, BETWEEN)
    paper.desk.outcomes.clear()
    paper.desk.lost.clear()
    lasts(paper, RECOVERY_SECONDS)
    assert_all_there(paper)
