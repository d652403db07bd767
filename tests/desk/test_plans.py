"""What is asked for every message finds its rows by an index, however many there are."""

from typing import Any

from sqlalchemy import event
from tests.ledger.paper import ANNA, BEN

_READS = ("SELECT", "UPDATE", "DELETE")


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


def scans(paper: Any, sql: str, values: Any) -> list[str]:
    """Return the steps that read a whole table, or all of one connection's or tenant's rows."""
    with paper.services.store.reading() as session:
        connection = session.connection().connection.driver_connection
        steps = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", values)]
    return [step for step in steps if "SCAN" in step or _is_broad(step)]


def _is_broad(step: str) -> bool:
    whole = step.endswith(("(tenant_id=?)", "(helpdesk_id=?)", "(connection_id=?)"))
    return whole and "SEARCH connection " not in step
