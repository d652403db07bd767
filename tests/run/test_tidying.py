"""What has had its time is deleted, and nothing else is."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from balie.api import TooLarge
from balie.desk.elsewhere.hops import issue
from balie.desk.records.models import HopRow
from balie.run.tidying import Tidying
from balie.store import StoreUnavailable
from balie.store.files import FileStore
from balie.store.stray import StrayFileRow, Strays
from balie.tenants.models import ValueRow

DAY = 24 * 3600.0


@pytest.fixture
def tidying(paper):
    services = paper.services
    files = FileStore(services.settings.media_url, paper.clock, Strays(services.store))
    return Tidying(services.store, files, paper.clock)


@pytest.fixture
def ctx(paper):
    return paper.services.contexts.find("winkel", "chat").ctx


def is_there(ctx, key):
    try:
        return ctx.files.size(key) > 0
    except KeyError:
        return False


def stray(paper):
    with paper.services.store.reading() as session:
        return session.scalars(select(StrayFileRow.key)).all()


def test_file_that_nobody_came_to_use_goes_after_its_time(paper, tidying, ctx):
    unused = ctx.files.keep([b"stray"], most_bytes=10, seconds=DAY).key
    used = ctx.files.keep([b"used"], most_bytes=10, seconds=DAY).key
    kept = ctx.files.keep([b"kept"], most_bytes=10).key
    ctx.files.use([used])
    paper.clock.forward(DAY - 1)
    tidying.look()
    early = [is_there(ctx, key) for key in (unused, used, kept)]
    paper.clock.forward(1)
    tidying.look()

    assert early == [True, True, True]
    assert [is_there(ctx, key) for key in (unused, used, kept)] == [False, True, True]
    assert stray(paper) == []


def test_file_that_was_too_large_leaves_nothing(paper, tidying, ctx):
    with pytest.raises(TooLarge):
        ctx.files.keep([b"12345"], most_bytes=4, seconds=DAY)
    paper.clock.forward(DAY)
    tidying.look()

    assert stray(paper) == []


def test_tidying_that_was_cut_short_goes_on(paper, tidying, ctx):
    key = ctx.files.keep([b"stray"], most_bytes=10, seconds=DAY).key
    ctx.files.delete(key)  # and then its row was to be
    paper.clock.forward(DAY)
    tidying.look()

    assert stray(paper) == []


def test_nobody_uses_another_tenants_file(paper, tidying, ctx):
    paper.services.directory.add_tenant("other", name="Other", region="NL", locale="nl")
    for slug, plugin, into in (("desk", "paper_desk", None), ("chat", "paper_channel", "desk")):
        paper.services.directory.add_connection(
            "other", slug, plugin=plugin, config={"secret": "c" * 20}, files_into=into
        )
    key = ctx.files.keep([b"ours"], most_bytes=10, seconds=DAY).key
    paper.services.contexts.find("other", "chat").ctx.files.use([key])
    paper.clock.forward(DAY)
    tidying.look()

    assert not is_there(ctx, key)


def test_values_go_once_they_have_expired(paper, tidying, ctx):
    ctx.kv.set("short", "1", seconds=60)
    ctx.kv.set("long", "2", seconds=DAY)
    ctx.kv.set("again", "3", seconds=60)
    paper.clock.forward(61)
    tidying.look()
    early = len(rows(paper))
    ctx.kv.set("again", "4", seconds=DAY)
    paper.clock.forward(3600)
    tidying.look()

    assert early == 3  # for an hour, as clocks differ
    assert sorted(row.key for row in rows(paper)) == ["again", "long"]
    assert ctx.kv.get("again") == "4"


def rows(paper):
    with paper.services.store.reading() as session:
        return session.scalars(select(ValueRow)).all()


def test_codes_go_once_they_have_expired_used_or_not(paper, tidying):
    paper.say()
    paper.drain()
    (conversation,) = paper.conversations()
    codes = paper.services.codes
    with paper.services.store.writing() as session:
        for lasts in (timedelta(minutes=30), timedelta(days=3)):
            issue(session, codes, conversation, paper.clock, lasts)
    paper.clock.forward(2 * 3600)
    tidying.look()

    assert len(paper.rows(HopRow)) == 1


def test_much_is_deleted_in_small_steps(paper, tidying, ctx, monkeypatch):
    monkeypatch.setattr("balie.run.tidying.AT_ONCE", 3)
    values = [
        {"key": f"t1/2026/03/{number:032x}", "tenant_id": 1, "until": paper.clock.now()}
        for number in range(8)
    ]
    with paper.services.store.writing() as session:
        session.execute(insert(StrayFileRow), values)
    tidying.look()

    assert stray(paper) == []


def test_store_that_is_away_is_waited_for(tidying, monkeypatch):
    def away(*_):
        raise StoreUnavailable("away")

    monkeypatch.setattr("balie.store.stray.Strays.due", away)
    tidying.look()
