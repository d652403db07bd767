"""Items, lanes and receipts are written alike on both databases, one or many at a time."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import IntegrityError
from tests.ledger.paper import NOON

from balie.ledger.inserts import LaneToWake
from balie.ledger.models import Item, Lane, LedgerReceipt, State
from balie.ledger.rows import NewItem, write_items

HOSTILE = '"q" \\ \\u0000 \0 \ud800 {}\n\u2028 👩\u200d🔧 %(name)s :name ?'
FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


@pytest.fixture
def new(paper):
    """Make an item that came to the connection ``chat``, unless it says otherwise."""
    row = paper.services.directory.connection("winkel", "chat")

    def item(**values):
        made = NewItem(
            tenant_id=row.tenant_id,
            connection_id=row.id,
            kind="message",
            dedupe="1",
            lane="anna",
            order_at=NOON,
            body={"text": "Hallo"},
        )
        return replace(made, **values)

    return item


@pytest.fixture
def write(paper):
    def written(*items, **more):
        with paper.services.store.statement() as connection:
            return write_items(connection, items, NOON, **more)

    return written


def _facts(paper, connection):
    names = {lane.id: lane.name for lane in paper.rows(Lane)}
    return [
        (
            *(item.kind, item.dedupe, item.state, item.reason, item.order_at, item.body),
            *(item.attempts, item.next_at, item.ended_at, item.root_id, names.get(item.lane_id)),
        )
        for item in paper.rows(Item, Item.connection_id == connection.id)
    ]


def _lanes(paper, connection):
    rows = paper.rows(Lane, Lane.connection_id == connection.id)
    return sorted((lane.name, lane.priority, lane.due_at) for lane in rows)


def test_many_are_what_each_would_be_alone_in_the_order_given(paper, new, write):
    chat, desk = (paper.services.directory.connection("winkel", slug) for slug in ("chat", "desk"))
    odd = [
        new(dedupe=f"z{HOSTILE}", lane=HOSTILE, body={HOSTILE: HOSTILE}, order_at=FIRST),
        new(dedupe="y", body=None, state=State.REFUSED, reason=HOSTILE * 30),
        new(dedupe="x", lane=""),
        new(dedupe="w" * 900, lane="l" * 900, not_before=LAST, order_at=LAST, kind="timer"),
        new(dedupe="v", state=State.PARKED, reason="away", lane="parked"),
        *[new(dedupe=f"{number}", lane=f"{number % 7}") for number in range(40, 6, -1)],
    ]

    write(*odd)
    for item in odd:
        write(replace(item, connection_id=desk.id))

    together = _facts(paper, chat)
    assert together == _facts(paper, desk)
    assert [facts[1] for facts in together[5:]] == [f"{number}" for number in range(40, 6, -1)]
    assert _lanes(paper, chat) == _lanes(paper, desk)


def test_what_is_there_already_is_not_new_and_its_lane_is_told_all_the_same(paper, new, write):
    write(new())

    written = write(new(), new(dedupe="2"), new(dedupe="2"))

    assert {key[1] for key in written.new} == {"2"}
    lane = paper.only(Lane)
    assert written.lanes == (LaneToWake(lane.id, lane.connection_id, lane.priority),)
    assert len(paper.rows(Item)) == 2


def test_receipts_count_by_connection_what_follows_from_nothing_else(paper, new, write):
    desk = paper.services.directory.connection("winkel", "desk")
    write(new())
    root = paper.only(Item).id

    write(
        *[new(), new(dedupe="2"), new(dedupe="2"), new(dedupe="3", root_id=root)],
        new(connection_id=desk.id),
    )
    write(new(dedupe="4", root_id=root))

    counted = [
        (row.connection_id == desk.id, row.accepted, row.duplicates)
        for row in paper.rows(LedgerReceipt)
    ]
    assert counted[0] == (False, 1, 0)
    assert sorted(counted[1:]) == [(False, 1, 2), (True, 1, 0)]


def test_what_was_all_there_is_counted_where_that_is_asked(paper, new, write):
    write(new())
    write(new())
    write(new(), repeats=True)

    counted = [(row.accepted, row.duplicates) for row in paper.rows(LedgerReceipt)]
    assert counted == [(1, 0), (0, 1)]


def test_one_that_is_refused_leaves_no_trace_of_the_others_nor_their_words(paper, new, write):
    secret = new(dedupe="2", body={"text": "Geheim"}, connection_id=999_999)

    with pytest.raises(IntegrityError) as caught:
        write(new(), secret)

    assert [paper.rows(model) for model in (Item, Lane, LedgerReceipt)] == [[], [], []]
    assert "Geheim" not in str(caught.value)


def test_nothing_is_written_for_nothing(paper, write):
    assert write().new == frozenset()
    assert paper.rows(LedgerReceipt) == []
