"""A plugin's small values: encrypted, per connection, for a time."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event
from tests.ledger.test_door import together
from tests.tenants.test_secrets import OTHER

from balie.tenants.models import ValueRow
from balie.tenants.secrets import SecretBox
from balie.tenants.values import ConnectionValues


@pytest.fixture
def kv(paper):
    desk = paper.services.directory.connection("winkel", "desk")
    return paper.services.contexts.get(desk.id).ctx.kv


def test_value_is_kept_until_its_time_has_passed(paper, kv):
    kv.set("token", "één\0", seconds=60)
    assert kv.get("token") == "één\0"
    paper.clock.forward(59.9)
    assert kv.get("token") == "één\0"
    paper.clock.forward(0.1)
    assert kv.get("token") is None


def test_value_is_replaced_and_forgotten(kv):
    kv.set("token", "een", seconds=60)
    kv.set("token", "twee", seconds=60)
    assert kv.get("token") == "twee"
    kv.delete("token")
    kv.delete("token")
    assert kv.get("token") is None


def test_value_set_by_many_lanes_at_once_is_one(paper, kv):
    results = together(
        *[lambda number=number: kv.set("token", f"t{number}", seconds=60) for number in range(8)]
    )

    assert results == [None] * 8
    with paper.services.store.reading() as session:
        assert session.query(ValueRow).count() == 1
    assert kv.get("token")[0] == "t"


def test_value_of_another_connection_is_another(paper, kv):
    chat = paper.services.directory.connection("winkel", "chat")
    kv.set("token", "van de desk", seconds=60)

    assert paper.services.contexts.get(chat.id).ctx.kv.get("token") is None


def test_value_is_sealed(paper, kv):
    kv.set("token", "sesam open u", seconds=60)

    with paper.services.store.reading() as session:
        assert b"sesam" not in session.query(ValueRow).one().sealed


def test_value_that_no_key_opens_any_more_is_none(paper, kv):
    kv.set("token", "een", seconds=60)
    desk = paper.services.directory.connection("winkel", "desk")
    rotated = ConnectionValues(paper.services.store, SecretBox([OTHER]), paper.clock, desk.id)

    assert rotated.get("token") is None
    rotated.set("token", "twee", seconds=60)
    assert rotated.get("token") == "twee"


@pytest.mark.parametrize("key", ["k" * 500, "a\0b", "\ud83d"], ids=ascii)
def test_key_may_be_anything(kv, key):
    kv.set(key, "x", seconds=60)

    assert kv.get(key) == "x"
    assert kv.get(key + "!") is None


def test_value_is_added_by_one_of_many(paper, kv):
    added = together(
        *[lambda number=number: kv.add("lock", f"w{number}", seconds=60) for number in range(8)]
    )

    assert sorted(added) == [False] * 7 + [True]
    assert kv.get("lock") == f"w{added.index(True)}"


def test_value_is_added_where_the_last_one_is_over_or_gone(paper, kv):
    assert kv.add("lock", "een", seconds=60)
    assert not kv.add("lock", "twee", seconds=60)
    paper.clock.forward(60)
    assert kv.add("lock", "drie", seconds=60)
    kv.delete("lock")
    assert kv.add("lock", "vier", seconds=60)
    assert kv.get("lock") == "vier"


@contextmanager
def during(paper, beginning: str, act) -> Iterator[None]:
    """Let this happen once, when the next statement that begins so has been executed."""
    engine, to_do = paper.services.store.engine, [act]

    def happens(_1, _2, statement, *_3):
        if statement.startswith(beginning) and to_do:
            to_do.pop()()

    event.listen(engine, "after_cursor_execute", happens)
    yield
    event.remove(engine, "after_cursor_execute", happens)
    assert to_do == []


def test_value_that_is_read_while_it_is_set_is_not_remembered(paper, kv):
    with during(paper, "INSERT", lambda: kv.get("token")):
        kv.set("token", "nieuw", seconds=60)

    assert kv.get("token") == "nieuw"


def test_value_that_is_set_while_it_is_read_is_not_forgotten(paper, kv):
    with during(paper, "SELECT", lambda: kv.set("token", "nieuw", seconds=60)):
        kv.get("token")

    assert kv.get("token") == "nieuw"


def test_value_of_another_process_is_seen_at_once_by_who_needs_it(paper, kv):
    desk = paper.services.directory.connection("winkel", "desk")
    other = ConnectionValues(
        paper.services.store, paper.services.directory.box, paper.clock, desk.id
    )
    assert kv.get("count") is None
    other.set("count", "1", seconds=60)

    assert kv.get("count", fresh=True) == "1"
    assert kv.get("count") == "1"


def test_who_added_reads_what_another_process_has_set(paper, kv):
    desk = paper.services.directory.connection("winkel", "desk")
    other = ConnectionValues(
        paper.services.store, paper.services.directory.box, paper.clock, desk.id
    )
    kv.set("token", "oud", seconds=60)
    assert kv.get("token") == "oud"
    other.set("token", "nieuw", seconds=60)
    assert kv.add("lock", "x", seconds=60)
    assert kv.get("token") == "nieuw"
