"""Statements for the hot path: built once, run without the ORM's bookkeeping.

To build an expression and to flush an object each cost as much as running some ten of these.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Connection, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.attributes import instance_dict

from balie.store.base import Base

_Row = TypeVar("_Row", bound=Base)


def table_of(model: type[Base]) -> Table:
    """Return a model's table, to build statements that need no session."""
    table = model.__table__
    assert isinstance(table, Table)  # noqa: S101 -- no model of ours is a join or a view; for mypy
    return table


def unless_there(connection: Connection, model: type[Base]) -> Insert:
    """Return the insert of a row that does nothing where a unique key has it already.

    It returns the new row's id, or no row.
    """
    return _unless_there(connection.dialect.name, model)


@cache
def _unless_there(dialect: str, model: type[Base]) -> Insert:
    insert: Any = sqlite.insert if dialect == "sqlite" else postgresql.insert
    table = table_of(model)
    statement: Insert = insert(table).on_conflict_do_nothing().returning(table.c.id)
    return statement


def as_read(model: type[_Row], values: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> _Row:
    """Return a row with the values that were read for it, in no session.

    Without what the ORM does at each value of a new row, whose changes it would write.
    """
    row = model()
    instance_dict(row).update(values)
    return row


def adopted(session: Session, row: _Row) -> _Row:
    """Let a session know a row that a statement has just written, as if it had read it."""
    make_transient_to_detached(row)
    session.add(row)
    return row
