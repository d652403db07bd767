"""Statements of the hot path, compiled once and handed to the driver itself.

SQLAlchemy spends thirty times as long on a small statement as SQLite does. What its engine does for
pools, transactions and lost connections stays; only the way of a single statement is shorter.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Dialect, SelectBase
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import UpdateBase

_Statement = SelectBase | UpdateBase
_Turn = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Ready:
    """A statement as a driver takes it, and how values are turned on their way in and out."""

    sql: str
    #: Names, in the driver's order, with what stands in the statement itself.
    values: tuple[tuple[str, Any, _Turn | None], ...]
    columns: tuple[tuple[int, _Turn], ...]
    by_place: bool

    def given(self, values: Mapping[str, Any]) -> Any:
        """Return the values as the driver takes them."""
        turned = [
            values.get(name, fixed) if turn is None else turn(values.get(name, fixed))
            for name, fixed, turn in self.values
        ]
        if self.by_place:
            return turned
        return {name: value for (name, _, _), value in zip(self.values, turned, strict=True)}

    def read(self, rows: list[Any]) -> list[Sequence[Any]]:
        """Return rows as the columns' types have them."""
        if not self.columns:
            return rows
        return [self._turned(list(row)) for row in rows]

    def _turned(self, row: list[Any]) -> Sequence[Any]:
        for place, turn in self.columns:
            row[place] = turn(row[place])
        return row


def run(
    db: Connection | Session, statement: _Statement, values: Mapping[str, Any]
) -> list[Sequence[Any]]:
    """Run a statement that was built once, and return its rows.

    Not for lists of values, nor where a column takes a default from Python. Raises what SQLAlchemy
    would raise; who listens to its cursors hears of it.
    """
    connection = db.connection() if isinstance(db, Session) else db
    ready = _ready(connection.dialect, statement, tuple(values))
    given = ready.given(values)
    driver: Any = connection.connection.driver_connection
    told = connection.engine.dispatch
    cursor = driver.cursor()
    try:
        for tell in told.before_cursor_execute:
            tell(connection, cursor, ready.sql, given, None, False)
        cursor.execute(ready.sql, given)
        for tell in told.after_cursor_execute:
            tell(connection, cursor, ready.sql, given, None, False)
        rows = [] if cursor.description is None else cursor.fetchall()
    except connection.dialect.loaded_dbapi.Error as error:
        raise _failure(connection, driver, cursor, ready.sql, error) from error
    finally:
        cursor.close()
    return ready.read(rows)


def _failure(
    connection: Connection, driver: Any, cursor: Any, sql: str, error: Exception
) -> BaseException:
    dialect = connection.dialect
    is_gone = dialect.is_disconnect(error, driver, cursor)  # type: ignore[arg-type]  # a driver's
    if is_gone:
        # SQLAlchemy finds out by itself, and gives up all that it keeps open to that server.
        with suppress(DBAPIError):
            connection.exec_driver_sql("SELECT 1")
    return DBAPIError.instance(
        sql,
        None,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=is_gone,
        dialect=dialect,
    )


_made: dict[tuple[str, _Statement, tuple[str, ...]], _Ready] = {}


def _ready(dialect: Dialect, statement: _Statement, names: tuple[str, ...]) -> _Ready:
    key = (dialect.name, statement, names)
    ready = _made.get(key)
    if ready is None:
        ready = _made[key] = _make(dialect, statement, names)
    return ready


def _make(dialect: Dialect, statement: _Statement, names: tuple[str, ...]) -> _Ready:
    compiled = statement.compile(dialect=dialect, column_keys=sorted(names))
    assert isinstance(compiled, SQLCompiler)  # noqa: S101 -- what statements compile to; for mypy
    if compiled.insert_prefetch or compiled.update_prefetch or compiled.post_compile_params:
        raise ValueError(f"this statement needs more than its values: {compiled}")
    binds = compiled.binds
    order = compiled.positiontup if compiled.positiontup is not None else list(binds)
    values = []
    for name in order:
        of_type = binds[name].type.dialect_impl(dialect)
        values.append((name, binds[name].value, of_type.bind_processor(dialect)))
    columns = []
    if isinstance(statement, SelectBase) or statement.exported_columns:
        for place, column in enumerate(statement.exported_columns):
            turn = column.type.dialect_impl(dialect).result_processor(dialect, None)
            if turn is not None:
                columns.append((place, turn))
    by_place = compiled.positiontup is not None
    return _Ready(str(compiled), tuple(values), tuple(columns), by_place)
