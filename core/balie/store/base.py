"""The declarative base and the column types that every table uses."""

from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import BigInteger, DateTime, Dialect, Integer, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from balie.store.plain import as_json, fitted, plain

# SQLite counts upwards by itself only in a plain INTEGER primary key.
Id = BigInteger().with_variant(Integer, "sqlite")


_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """Base of all tables; constraints get names that a migration can speak of."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime. SQLite keeps no time zone, so it is taken off and put back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive datetimes; give SQLite the naive UTC it can sort."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime was given; use an aware one")
        try:
            utc = value.astimezone(UTC)
        except OverflowError:  # within hours of the first year's beginning, or of the last's end
            utc = _FIRST if value.year == 1 else _LAST
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Put UTC back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Key(TypeDecorator[str]):
    """A short text to be found again, such as a vendor's id: fitted alike on writing and asking."""

    impl = String
    cache_ok = True

    def __init__(self, length: int) -> None:
        super().__init__(length)
        self.length = length

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 -- SQLAlchemy's signature
        """Fit the key; see :func:`balie.store.plain.fitted`."""
        return None if value is None else fitted(value, self.length)


class Words(TypeDecorator[str]):
    """A short text for people: what is too long is cut off."""

    impl = String
    cache_ok = True

    def __init__(self, length: int) -> None:
        super().__init__(length)
        self.length = length

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 -- SQLAlchemy's signature
        """Cut the text, and take out what databases refuse."""
        return None if value is None else plain(value)[: self.length]


class Json(TypeDecorator[Any]):
    """JSON as text, the same bytes on both databases; Balie never queries inside it."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:  # noqa: ARG002 -- SQLAlchemy's signature
        """Write JSON; None is JSON's null, as in a refused event, whose body is not kept."""
        return as_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002 -- SQLAlchemy's signature
        """Read JSON."""
        return None if value is None else orjson.loads(value)
