"""Columns take what vendors send, and give it back the same on both databases."""

from datetime import UTC, datetime, timedelta, timezone
from types import MappingProxyType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import StatementError

from balie.desk.records.models import PersonRow
from balie.ledger.models import Item
from balie.store import Unstorable, as_json, fitted
from balie.store.plain import plain
from balie.tenants.models import ConnectionRow, TenantRow, ValueRow

AT = datetime(2026, 3, 2, 12, 0, 0, 123456, tzinfo=UTC)
HOSTILE = ["a\0b", "\ud83d", "\udc00x", "👩‍👩‍👧‍👦" * 80, "x" * 5000, "", "'; DROP TABLE tenant; --"]


@pytest.fixture
def connection_id(store) -> int:
    with store.writing() as session:
        session.add(TenantRow(slug="t", name="T", region="NL", locale="nl", created_at=AT))
        session.flush()
        row = ConnectionRow(tenant_id=1, slug="c", plugin="p", name="C", sealed=b"", created_at=AT)
        session.add(row)
    return row.id


def add_item(store, connection_id: int, **values: object) -> Item:
    given = {"dedupe": "d", "order_at": AT, "accepted_at": AT, "body": None, **values}
    item = Item(tenant_id=1, connection_id=connection_id, kind="message", **given)
    with store.writing() as session:
        session.add(item)
    with store.reading() as session:
        return session.get_one(Item, item.id)


@pytest.mark.parametrize("text", HOSTILE, ids=repr)
def test_any_text_is_kept_in_every_kind_of_column(store, connection_id, text):
    kept = add_item(store, connection_id, dedupe=text, reason=text, body={"say": text, text: 1})
    with store.writing() as session:
        session.add(PersonRow(tenant_id=1, name=text, created_at=AT))
        expires = {"sealed": b"", "expires_at": AT}
        session.add(ValueRow(connection_id=connection_id, key=text, **expires))

    with store.reading() as session:
        again = session.scalar(select(Item.id).where(Item.dedupe == text))
        value = session.scalar(select(ValueRow.connection_id).where(ValueRow.key.in_([text])))
    assert (again, value) == (kept.id, connection_id)
    assert kept.dedupe == fitted(text, 300)
    assert kept.reason == plain(text)[:1000]
    assert kept.body["say"] == plain(text)


def test_keys_that_differ_only_in_what_is_refused_stay_apart():
    keys = ["a\0", "a\ufffd", "a\ud800", "a\udc00", "a" * 400, "a" * 401, "a"]

    assert len({fitted(key, 63) for key in keys}) == len(keys)
    assert max(len(fitted(key, 63)) for key in keys) == 63


def test_words_that_only_look_like_an_escape_are_left_alone(store, connection_id):
    said = "a backslash \\u0000 and a real one \0, \\\0"

    kept = add_item(store, connection_id, body={"say": said})

    assert kept.body == {"say": "a backslash \\u0000 and a real one \ufffd, \\\ufffd"}


def test_halves_of_a_character_become_whole_again():
    assert plain("\ud83d\ude00") == "😀"


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (None, None),
        (2**80, float(2**80)),
        (MappingProxyType({"a": (1, 2)}), {"a": [1, 2]}),
        ({"deep": [[[[{}]]]]}, {"deep": [[[[{}]]]]}),
    ],
)
def test_json_reads_back(store, connection_id, value, read):
    assert add_item(store, connection_id, body=value).body == read


def nested(levels: int) -> list:
    value: list = []
    for _ in range(levels):
        value = [value]
    return value


def test_json_of_hundreds_of_levels_is_kept_and_of_thousands_refused(store, connection_id):
    assert add_item(store, connection_id, body=nested(300)).body == nested(300)
    with pytest.raises(Unstorable):
        as_json(nested(100_000))


@pytest.mark.parametrize(
    "value", [object(), {"a": {1}}, {"\ud800": float("nan")}], ids=["object", "set", "nan"]
)
def test_what_is_no_json_is_said_to_be_none(value):
    with pytest.raises(Unstorable):
        as_json(value)


SCALARS = st.none() | st.booleans() | st.integers() | st.text(st.characters(codec=None))
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec=None)), inner),
    max_leaves=10,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(body=ANYTHING, key=st.text(st.characters(codec=None)))
def test_anything_that_json_can_say_is_kept(store, connection_id, body, key):
    with store.writing() as session:
        session.query(Item).delete()

    kept = add_item(store, connection_id, body=body, dedupe=key, reason=key)

    assert kept.dedupe == fitted(key, 300)


def test_times_come_back_as_utc_to_the_microsecond(store, connection_id):
    amsterdam = timezone(timedelta(hours=1))
    times = [AT, AT.astimezone(amsterdam), datetime(1, 1, 2, tzinfo=UTC)]
    times.append(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC))

    kept = [
        add_item(store, connection_id, dedupe=str(number), order_at=at)
        for number, at in enumerate(times)
    ]

    assert [item.order_at for item in kept] == times
    assert {item.order_at.utcoffset() for item in kept} == {timedelta(0)}


def test_a30_time_beyond_all_years_is_the_first_or_the_last(store, connection_id):
    east, west = timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))
    times = [datetime(1, 1, 1, tzinfo=east), datetime(9999, 12, 31, 23, tzinfo=west)]

    first, last = [
        add_item(store, connection_id, dedupe=str(number), order_at=at).order_at
        for number, at in enumerate(times)
    ]

    assert first == datetime.min.replace(tzinfo=UTC)
    assert last == datetime.max.replace(tzinfo=UTC)


def test_naive_time_is_refused(store, connection_id):
    with pytest.raises(StatementError, match="naive"):
        add_item(store, connection_id, order_at=AT.replace(tzinfo=None))
