"""What is asked for every message finds its rows by an index, however many there are."""

from typing import Any

from sqlalchemy import event
from tests.databases import ON_SQLITE
from tests.ledger.paper import ANNA, BEN

from balie.ledger.inspect import hurry
from balie.ledger.models import Lane
from balie.run.exposition import exposed

_READS = ("SELECT", "UPDATE", "DELETE")
_OF_WHAT_WAS_FOUND = ("SCAN (subquery-3)", "SCAN due")
"""The lanes that are due, put in their order."""


def test_no_table_that_grows_is_read_whole_for_a_message(paper):
    seen: dict[str, Any] = {}

    def see(_connection: Any, _cursor: Any, sql: str, values: Any, *_: Any) -> None:
        if sql.startswith(_READS):
            seen.setdefault(sql, values)

    if not paper.services.store.is_sqlite:
        return  # PostgreSQL rightly reads a table of three rows whole
    paper.say()
    paper.drain()
    ticket = paper.tickets()[0].remote_id
    event.listen(paper.services.store.engine, "before_cursor_execute", see)
    for number, sender in enumerate((ANNA, BEN), 1):
        paper.say(f"vraag {number}", sender=sender)
        paper.drain()
        paper.answer(ticket, (f"c{number}", "antwoord"))
        paper.drain()
        paper.report("delivered", f"paper-{number}")
        paper.drain()
    event.remove(paper.services.store.engine, "before_cursor_execute", see)

    assert len(seen) > 20
    assert [(plan, sql) for sql in seen if (plan := scans(paper, sql, seen[sql]))] == []


@ON_SQLITE
def test_ledger_is_not_read_whole_by_what_recurs(paper):
    paper.say()
    services, lane = paper.services, paper.only(Lane)
    services.leases.take(lane.id)
    seen: dict[str, Any] = {}

    def see(_connection: Any, _cursor: Any, sql: str, values: Any, *_: Any) -> None:
        if sql.startswith(_READS) and "ledger_" in sql:
            seen.setdefault(sql, values)

    event.listen(services.store.engine, "before_cursor_execute", see)
    exposed(services)
    services.leases.renew()
    services.schedule.sweep()
    hurry(services.store, lane.connection_id, paper.clock.now())
    event.remove(services.store.engine, "before_cursor_execute", see)

    assert len(seen) >= 5
    found = [(step, sql) for sql in seen for step in plan(paper, sql, seen[sql])]
    # An index that holds only what waits, or is parked, may be read whole.
    assert [one for one in found if one[0].startswith("SCAN ledger") and " ix_" not in one[0]] == []
    assert [
        one for one in found if one[0].startswith("SEARCH ledger_item") and _is_broad(one[0])
    ] == []


def scans(paper: Any, sql: str, values: Any) -> list[str]:
    """Return the steps that read a whole table, or all of one connection's or tenant's rows."""
    steps = [step for step in plan(paper, sql, values) if step not in _OF_WHAT_WAS_FOUND]
    return [step for step in steps if "SCAN" in step or _is_broad(step)]


def plan(paper: Any, sql: str, values: Any) -> list[str]:
    """Return the steps of a statement on SQLite."""
    with paper.services.store.reading() as session:
        connection = session.connection().connection.driver_connection
        return [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", values)]


def _is_broad(step: str) -> bool:
    whole = step.endswith(("(tenant_id=?)", "(helpdesk_id=?)", "(connection_id=?)"))
    return whole and "SEARCH connection " not in step
