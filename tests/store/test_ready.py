"""Statements given to the driver itself behave as SQLAlchemy's do."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import bindparam, event, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from balie.desk.records.models import TicketRow
from balie.store import Store, StoreUnavailable, run, table_of
from balie.tenants.models import TenantRow

AT = datetime(2026, 3, 2, 12, 0, 0, 5, tzinfo=UTC)
_TENANTS = table_of(TenantRow)
_MADE = insert(_TENANTS).returning(_TENANTS.c.id, _TENANTS.c.created_at)
_FOUND = select(_TENANTS).where(_TENANTS.c.slug == bindparam("called"))
_NAMED = update(_TENANTS).where(_TENANTS.c.slug == bindparam("called")).values(name="Twee")
_LISTED = select(_TENANTS.c.id).where(_TENANTS.c.slug.in_(bindparam("slugs", expanding=True)))
_MISSING = select(_TENANTS.c.id).where(_TENANTS.c.id == bindparam("id"))
_PID = text("SELECT pg_backend_pid()")
_ENDED = text("SELECT pg_terminate_backend(pid) FROM unnest(CAST(:kept AS int[])) AS kept (pid)")


def tenant(slug: str = "winkel", name: str = "De Winkel") -> dict[str, Any]:
    return {"slug": slug, "name": name, "region": "NL", "locale": "nl", "created_at": AT}


def test_rows_come_back_as_their_columns_types_have_them(store):
    with store.connection() as connection:
        [(tenant_id, created_at)] = run(connection, _MADE, tenant())
        rows = run(connection, _FOUND, {"called": "winkel"})

    assert created_at == AT
    assert [tuple(row) for row in rows] == [(tenant_id, "winkel", "De Winkel", "NL", "nl", AT)]


def test_what_a_column_makes_of_a_value_is_made(store):
    with store.connection() as connection:
        run(connection, _MADE, tenant(name="x" * 300))
        [row] = run(connection, _FOUND, {"called": "winkel"})

    assert row[2] == "x" * 200


def test_statement_without_rows_returns_none_and_is_part_of_the_transaction(store):
    with store.connection() as connection:
        run(connection, _MADE, tenant())
    with suppress(LookupError), store.connection() as connection:
        assert run(connection, _NAMED, {"called": "winkel"}) == []
        raise LookupError

    with store.looking() as connection:
        assert run(connection, _FOUND, {"called": "winkel"})[0][2] == "De Winkel"


def test_session_runs_it_in_its_own_transaction(store):
    with store.writing() as session:
        session.add(TenantRow(**tenant()))
        session.flush()
        assert len(run(session, _FOUND, {"called": "winkel"})) == 1


def test_what_the_database_refuses_is_raised_as_sqlalchemy_does(store):
    with store.connection() as connection:
        run(connection, _MADE, tenant())

    with pytest.raises(IntegrityError) as caught, store.connection() as connection:
        run(connection, _MADE, tenant(name="Een ander"))

    assert "Een ander" not in str(caught.value)


def test_listeners_hear_of_it(store):
    heard = []
    event.listen(store.engine, "before_cursor_execute", lambda *said: heard.append(said[2]))
    event.listen(store.engine, "after_cursor_execute", lambda *said: heard.append(said[2]))

    with store.connection() as connection:
        heard.clear()
        run(connection, _FOUND, {"called": "nobody"})

    assert [sql.split()[0] for sql in heard] == ["SELECT", "SELECT"]


@pytest.mark.parametrize(
    ("statement", "values"),
    [
        pytest.param(_LISTED, {"slugs": ["winkel"]}, id="a list"),
        pytest.param(insert(table_of(TicketRow)), {"tenant_id": 1}, id="a default"),
    ],
)
def test_statement_that_needs_more_than_its_values_is_refused(store, statement, values):
    with pytest.raises(ValueError, match="needs more"), store.looking() as connection:
        run(connection, statement, values)


def test_server_that_hung_up_costs_one_try_however_many_connections_were_kept(store, database_url):
    if store.is_sqlite:
        return  # it has no server
    with store.looking() as one, store.looking() as two:
        kept = [each.execute(_PID).scalar_one() for each in (one, two)]
    other = Store(database_url)
    with other.looking() as one:
        one.execute(_ENDED, {"kept": kept})
    other.close()

    with pytest.raises(StoreUnavailable), store.looking() as one:
        run(one, _MISSING, {"id": 0})

    with store.looking() as one, store.looking() as two:
        assert [run(each, _MISSING, {"id": 0}) for each in (one, two)] == [[], []]
