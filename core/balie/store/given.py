"""Rows that a statement takes as one JSON text: the same statement, whatever their number.

Lists of values make a statement for each number of rows, which SQLAlchemy writes, psycopg reads and
the server plans anew. PostgreSQL only; to SQLite a statement for each row costs less.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import JSON, Dialect, TableValuedAlias, Text, bindparam, cast, column, func
from sqlalchemy.types import TypeEngine


class Given:
    """Rows to select from in a statement, and the text that holds them when it is run."""

    def __init__(self, dialect: Dialect, name: str, columns: Mapping[str, TypeEngine[Any]]) -> None:
        """``name`` is that of the statement's parameter."""
        rows = func.json_to_recordset(cast(bindparam(name, type_=Text), JSON))
        typed = [column(each, of_type) for each, of_type in columns.items()]
        self.rows: TableValuedAlias = rows.table_valued(*typed).render_derived(
            name=name, with_types=True
        )
        self._turns = [
            (each, of_type.dialect_impl(dialect).bind_processor(dialect))
            for each, of_type in columns.items()
        ]

    def text(self, rows: Sequence[Mapping[str, Any]]) -> str:
        """Return what the parameter takes for rows, each value as its column's type has it."""
        turned = [
            {name: row[name] if turn is None else turn(row[name]) for name, turn in self._turns}
            for row in rows
        ]
        return orjson.dumps(turned).decode()
