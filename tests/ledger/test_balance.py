"""Promise 2: nothing disappears, and the ledger proves it."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event, update
from tests.databases import ON_SQLITE
from tests.ledger.paper import ANNA, NOON

from balie.api import (
    AuthFailed,
    EventKind,
    OutcomeUnknown,
    PayloadInvalid,
    PermanentError,
    RateLimited,
    RawEvent,
    Rejected,
    TransientError,
    WebRequest,
)
from balie.desk.inbound.arrivals import unreadable_item
from balie.ledger.balance import Balance, balances
from balie.ledger.door import Submission
from balie.ledger.inspect import (
    ReplayRefused,
    counts,
    items,
    named,
    parked,
    replay,
    replay_all,
)
from balie.ledger.models import Item, Lane, State
from balie.ledger.retry import LAST_TRIES


def lines(paper, tenant_id: int | None = None) -> list[Balance]:
    with paper.services.store.reading() as session:
        return balances(session, tenant_id)


def line(paper) -> Balance:
    (only,) = lines(paper)
    return only


def replay_item(paper, item_id: int) -> int:
    with paper.services.store.writing() as session:
        return replay(session, item_id, paper.clock.now())


def test_event_counts_as_delivered_only_when_all_that_follows_is(paper):
    paper.desk.outcomes.append(TransientError("later", retry_after=30))
    paper.say()
    paper.drain()
    assert (line(paper).accepted, line(paper).in_flight, line(paper).delivered) == (1, 1, 0)

    paper.settle()
    assert (line(paper).accepted, line(paper).in_flight, line(paper).delivered) == (1, 0, 1)


def test_each_outcome_is_counted_in_its_place(paper):
    paper.say("een")
    paper.accept(RawEvent(id="r", kind=EventKind.NOTICE, lane="x", at=NOON, refused="not ours"))
    paper.drain()
    paper.channel.parse_errors.append(PermanentError("never"))
    paper.say("twee")
    paper.drain()
    paper.say("drie")

    assert line(paper).as_dict() == {
        "tenant_id": 1,
        "day": "2026-03-02",
        "accepted": 4,
        "delivered": 1,
        "refused": 1,
        "parked": 1,
        "in_flight": 1,
        "difference": 0,
    }
    with paper.services.store.reading() as session:
        assert counts(session) == {"pending": 1, "parked": 1}


def test_balance_is_kept_per_tenant_and_day(paper, another_tenant):
    another_tenant("bakker")
    paper.clock.at = datetime(2026, 3, 2, 23, 59, 59, tzinfo=UTC)
    paper.say("een")
    paper.accept(paper.message("bij de bakker"), tenant="bakker")
    paper.clock.at = datetime(2026, 3, 3, 0, 0, 1, tzinfo=UTC)
    paper.say("twee")
    paper.settle()

    found = [(row.tenant_id, row.day, row.accepted, row.difference) for row in lines(paper)]
    assert found == [
        (1, date(2026, 3, 2), 1, 0),
        (2, date(2026, 3, 2), 1, 0),
        (1, date(2026, 3, 3), 1, 0),
    ]
    assert [row.tenant_id for row in lines(paper, tenant_id=2)] == [2]


@pytest.mark.parametrize(
    "night",
    [datetime(2026, 3, 29, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)],
    ids=["spring", "autumn"],
)
def test_t9_night_of_the_clock_change_keeps_order_retries_and_balance(paper, night):
    paper.clock.at = night
    paper.desk.outcomes.append(TransientError("away", retry_after=3600))
    for number in range(4):
        paper.say(str(number))
        paper.drain()
        paper.clock.forward(900)
    assert paper.filed() == []
    paper.settle()

    assert paper.filed() == [["0", "1", "2", "3"]]
    assert [(row.day, row.accepted, row.difference) for row in lines(paper)] == [
        (night.date(), 4, 0)
    ]


def test_t9_leap_day_is_a_day(paper):
    for day in range(27, 31):
        paper.clock.at = datetime(2028, 2, 1, 23, 59, 59, tzinfo=UTC) + timedelta(days=day - 1)
        paper.say(str(day))
    paper.settle()

    assert [row.day for row in lines(paper)] == [
        date(2028, 2, 27),
        date(2028, 2, 28),
        date(2028, 2, 29),
        date(2028, 3, 1),
    ]
    assert paper.differences() == [0] * 4


@pytest.mark.parametrize("kept", [1, 2])
def test_item_deleted_behind_its_back_shows(paper, kept):
    for number in range(3):
        paper.say(str(number))
    with paper.services.store.writing() as session:
        session.execute(delete(Item).where(Item.id > kept))

    assert line(paper).difference == 3 - kept


def test_item_that_never_came_through_the_door_shows(paper):
    paper.say()
    with paper.services.store.writing() as session:
        made = {"kind": "message", "dedupe": "smuggled", "order_at": NOON, "accepted_at": NOON}
        session.add(Item(tenant_id=1, connection_id=2, body=None, **made))

    assert line(paper).difference == -1


ERRORS = [
    TransientError("later", retry_after=1),
    OutcomeUnknown("who knows"),
    AuthFailed("401"),
    PermanentError("never"),
    Rejected("131026", "no"),
    PayloadInvalid("no paper"),
    KeyError("x"),
]


@settings(
    max_examples=5,
    deadline=None,
    phases=[Phase.generate],  # a seed has no simpler seed
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 2**32))
def test_balance_holds_at_every_moment_whatever_happens(paper, seed):
    chance = random.Random(seed)
    senders = [f"+3165550{number:04}" for number in range(3)]
    for _ in range(12):
        paper.clock.forward(chance.choice([0, 1, 600, 40_000]))
        paper.channel.parse_errors.extend(chance.choices(ERRORS, k=chance.choice([0, 0, 1])))
        paper.channel.outcomes.extend(chance.choices(ERRORS, k=chance.choice([0, 1])))
        paper.desk.outcomes.extend(chance.choices(ERRORS, k=chance.choice([0, 0, 1])))
        paper.desk.lost.extend(chance.choices(ERRORS[-1:], k=chance.choice([0, 0, 1])))
        event = paper.message(sender=chance.choice(senders), id=f"{seed}-{chance.randrange(8)}")
        paper.accept(*[event] * chance.choice([1, 1, 2]))
        ticket = f"ticket-of-{chance.randrange(1, 4)}"
        paper.answer(ticket, (f"{seed}-{chance.randrange(9)}", "Dag"), at=paper.clock.now())
        paper.report("failed", f"paper-{chance.randrange(1, 9)}", id=f"{seed}-{chance.random()}")
        if chance.random() < 0.7:
            paper.drain()
        parked = paper.rows(Item, Item.state == State.PARKED)
        if parked and chance.random() < 0.5:
            replay_item(paper, chance.choice(parked).id)
        assert set(paper.differences()) == {0}
    paper.channel.outcomes.clear()
    paper.channel.parse_errors.clear()
    paper.desk.outcomes.clear()
    paper.desk.lost.clear()
    paper.settle(rounds=300)

    assert set(paper.differences()) == {0}
    assert {item.state for item in paper.rows(Item)} <= {"delivered", "refused", "parked"}


# --- Replay --------------------------------------------------------------------------------------


def test_replay_of_a_parked_item_works(paper):
    paper.channel.parse_errors.append(PermanentError("never"))
    paper.say()
    paper.settle()
    item = paper.only(Item)

    assert replay_item(paper, item.id) == item.lane_id
    replayed = paper.only(Item)
    assert (replayed.state, replayed.reason, replayed.attempts) == ("pending", "", 0)
    assert replayed.ended_at is None
    paper.settle()
    assert paper.filed() == [["Hallo"]]
    assert (line(paper).delivered, line(paper).difference) == (1, 0)


def test_replay_of_what_is_not_parked_is_refused_with_the_proof(paper):
    paper.say()
    with pytest.raises(ReplayRefused, match=r"^item 1 is pending; only parked ones are replayed$"):
        replay_item(paper, 1)
    paper.settle()
    proof = "^item 1 is delivered since 2026-03-02 12:00:00 UTC; only parked ones are replayed$"
    with pytest.raises(ReplayRefused, match=proof):
        replay_item(paper, 1)
    with pytest.raises(ReplayRefused, match=r"^there is no item 99; see: balie ledger parked$"):
        replay_item(paper, 99)

    assert paper.filed() == [["Hallo"]]


def test_replayed_item_goes_before_what_waits_and_is_not_kept_by_the_lanes_wait(paper):
    paper.channel.parse_errors.extend([PermanentError("never"), TransientError("x", retry_after=9)])
    paper.say("een", at=NOON - timedelta(seconds=1))
    paper.say("twee")
    paper.drain()
    replay_item(paper, 1)
    paper.drain()

    assert paper.filed() == [["een"]]
    paper.settle()
    assert paper.filed() == [["een"], ["twee"]]


@ON_SQLITE
def test_thousands_are_replayed_by_few_statements(paper):
    events = [paper.message(str(number), sender=f"s{number % 50}") for number in range(1200)]
    paper.accept(*events)
    with paper.services.store.writing() as session:
        session.execute(update(Item).values(state=State.PARKED, ended_at=NOON, reason="away"))
    statements: list[str] = []

    def see(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    engine = paper.services.store.engine
    with paper.services.store.reading() as session:
        found = parked(session, None)
    event.listen(engine, "before_cursor_execute", see)
    replay_all(paper.services.store, found, paper.clock.now())
    event.remove(engine, "before_cursor_execute", see)

    assert len(statements) < 10
    assert {(item.state, item.reason) for item in paper.rows(Item)} == {("pending", "")}
    assert {lane.due_at for lane in paper.rows(Lane)} == {NOON}


def test_replay_of_several_of_which_one_is_not_parked_replays_none(paper):
    paper.channel.parse_errors.append(PermanentError("never"))
    paper.say("een")
    paper.drain()
    paper.say("twee")

    with paper.services.store.reading() as session:
        found = named(session, [1, 2])
    with pytest.raises(ReplayRefused, match="item 2 is pending"):
        replay_all(paper.services.store, found, paper.clock.now())
    assert [item.state for item in paper.rows(Item)] == ["parked", "pending"]


def test_replay_of_what_was_given_up_survives_the_next_error(paper):
    paper.desk.outcomes.extend([TransientError("away")] * LAST_TRIES)
    paper.say()
    paper.drain()
    paper.clock.forward(8 * 86_400)
    paper.settle()
    item, _note = paper.items("file")
    assert (item.state, item.reason) == ("parked", "given up after 7 days; last: away")

    paper.desk.outcomes.append(RateLimited("one at a time", retry_after=1))
    replay_item(paper, item.id)
    paper.settle()
    assert ["Hallo"] in paper.filed()


def unreadable(paper, body: bytes, secret: str = "c" * 20) -> None:
    row = paper.services.directory.connection("winkel", "chat")
    request = WebRequest(
        method="POST",
        headers={"x-paper-secret": secret, "cookie": "private", "content-type": "text/plain"},
        query={"a": "b"},
        body=body,
    )
    item = unreadable_item(row.tenant_id, row.id, request, "this is no paper", paper.clock.now())
    paper.services.door.accept(
        Submission(tenant_id=row.tenant_id, connection_id=row.id, items=(item,))
    )


def test_unreadable_webhook_is_parked_whole_and_once(paper):
    unreadable(paper, b"\xff\xfe\0 not JSON")
    unreadable(paper, b"\xff\xfe\0 not JSON")
    paper.settle()

    item = paper.only(Item)
    assert (item.state, item.reason) == ("parked", "this is no paper")
    assert sorted(item.body["headers"]) == ["content-type", "x-paper-secret"]
    assert paper.rows(Lane)[0].due_at is None
    assert (line(paper).parked, line(paper).difference) == (1, 0)


def test_replayed_webhook_that_can_be_read_by_now_is_worked_and_still_balances(paper):
    events = ",".join(
        f'{{"id":"m{number}","lane":"{ANNA}","at":"2026-03-02T12:00:0{number}+00:00","say":"{number}"}}'
        for number in range(3)
    )
    unreadable(paper, f'{{"events":[{events}]}}'.encode())
    replay_item(paper, 1)
    assert (line(paper).in_flight, line(paper).difference) == (1, 0)
    paper.settle()

    assert paper.filed() == [["0", "1", "2"]]
    assert (line(paper).accepted, line(paper).delivered, line(paper).difference) == (1, 1, 0)


def test_replayed_webhook_that_still_cannot_be_read_is_parked_again(paper):
    unreadable(paper, b"not JSON")
    unreadable(paper, b'{"events":[]}', secret="w" * 20)
    for item_id in (1, 2):
        replay_item(paper, item_id)
    paper.settle()

    assert [(item.state, item.reason) for item in paper.rows(Item)] == [
        ("parked", "this is no paper"),
        ("parked", "the header x-paper-secret is wrong"),
    ]


def test_items_are_listed_by_tenant_and_state_the_newest_first(paper, another_tenant):
    another_tenant("bakker")
    paper.say("een")
    paper.accept(paper.message("bij de bakker"), tenant="bakker")
    paper.say("twee")

    with paper.services.store.reading() as session:
        assert [item.id for item in items(session, None, None, 10)] == [3, 2, 1]
        assert [item.id for item in items(session, 1, State.PENDING, 1)] == [3]
        assert [item.id for item in items(session, 2, State.PARKED, 10)] == []
