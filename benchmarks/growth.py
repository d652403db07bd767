"""Making a database large: what a few real messages wrote, again and again, by SQL alone."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Executable,
    Integer,
    String,
    Table,
    UniqueConstraint,
    cast,
    column,
    func,
    insert,
    literal_column,
    select,
    text,
)
from sqlalchemy import table as named

from balie.store import Base, Store

STEP = 1_000
"""More than the greatest id that the real messages have."""
_KEPT = {"tenant", "connection", "connection_value", "process", "leader", "wake_up"}
_LARGE_CACHE = "PRAGMA cache_size=-400000"


def grow(store: Store, times: int) -> None:
    """Write all rows of messages, people and work ``times`` more, under ids of their own."""
    tables = [table for table in Base.metadata.sorted_tables if table.name not in _KEPT]
    with store.connection() as connection:
        _trusting(connection)
        connection.execute(text("CREATE TABLE growth (n INTEGER PRIMARY KEY)"))
        connection.execute(text(_NUMBERS[connection.dialect.name].format(times=times)))
        for table in tables:
            connection.execute(_again(table, {one.name for one in tables}))
        connection.execute(text("DROP TABLE growth"))
        if connection.dialect.name == "postgresql":
            for table in tables:
                _go_on_counting(connection, table)
    with store.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))


_NUMBERS = {
    "sqlite": "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < {times}) "
    "INSERT INTO growth SELECT n FROM r",
    "postgresql": "INSERT INTO growth SELECT generate_series(1, {times})",
}


def _trusting(connection: Connection) -> None:
    """Leave out the checks of foreign keys: these rows refer to each other as the real ones do."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL session_replication_role = replica"))
    else:
        connection.execute(text(_LARGE_CACHE))


def _again(table: Table, grown: set[str]) -> Executable:
    n = named("growth", column("n", Integer))
    values = list(_values(table, grown, n.c.n))
    rows = (
        select(*values)
        .select_from(table.join(n, literal_column("1") == 1))
        .order_by(*_order(table, n.c.n))
    )
    return insert(table).from_select(table.c.keys(), rows)


def _order(table: Table, n: ColumnElement[int]) -> list[ColumnElement[Any]]:
    """Return the order of the new ids: rows that come as they will lie are written much faster."""
    return [n, *table.primary_key.columns]


def _values(table: Table, grown: set[str], n: ColumnElement[int]) -> Iterator[ColumnElement[Any]]:
    unique = {
        one
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint)
        for one in constraint.columns
    }
    for one in table.c:
        is_own = one.primary_key or one in unique
        if is_own and isinstance(_kind(one), String):
            yield cast(one, String) + "-" + cast(n, String)
        elif one.primary_key or _refers_to(one) & grown:
            yield one + n * STEP
        else:
            yield one


def _refers_to(one: Column[Any]) -> set[str]:
    return {key.column.table.name for key in one.foreign_keys}


def _kind(one: Column[Any]) -> object:
    return getattr(one.type, "impl_instance", one.type)


def _go_on_counting(connection: Connection, table: Table) -> None:
    if "id" in table.c:
        sequence = func.pg_get_serial_sequence(table.name, "id")
        highest = select(func.max(table.c.id)).scalar_subquery()
        connection.execute(select(func.setval(sequence, func.coalesce(highest, 1))))
