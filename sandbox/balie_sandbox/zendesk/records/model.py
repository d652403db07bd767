"""What a kind of record is made of, and the records of one kind."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from balie_sandbox.zendesk.clock_source import ClockSource
from balie_sandbox.zendesk.errors import Json, blank, invalid, not_found
from balie_sandbox.zendesk.timestamps import stamp

Reader = Callable[[Json, str], Any]


@dataclass(frozen=True, slots=True)
class Column:
    """How a value is read from a client's JSON, and what it is when nobody sent one."""

    read: Reader
    default: Any = None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record. `derive` adds what follows from the values when they are shown."""

    plural: str
    singular: str
    columns: dict[str, Column]
    required: tuple[str, ...] = ()
    unique: tuple[str, ...] = ()
    derive: Callable[[Json], Json] = lambda _: {}
    #: The name of a list of them, where it is not the path.
    rows: str = ""


@dataclass(slots=True)
class Record:
    """One record; `values` has every column of its kind."""

    id: int
    created_at: datetime
    updated_at: datetime
    values: Json = field(default_factory=dict)


class Records:
    """All records of one kind, by id, in the order they were made."""

    def __init__(self, kind: Kind, source: ClockSource) -> None:
        self.kind = kind
        self._source = source
        self._records: dict[int, Record] = {}

    def __iter__(self) -> Iterator[Record]:
        return iter(list(self._records.values()))

    def find(self, key: int | None) -> Record | None:
        return self._records.get(key) if key is not None else None

    def get(self, key: int) -> Record:
        """Raises ApiError (404)."""
        record = self._records.get(key)
        if record is None:
            raise not_found()
        return record

    def create(self, data: Json, key: int | None = None) -> Record:
        """Raises ApiError (422)."""
        values = {name: deepcopy(one.default) for name, one in self.kind.columns.items()}
        values |= self._read(data)
        for name in self.kind.required:
            if values[name] in (None, "", []):
                raise blank(name)
        self._check_unique(values, None)
        now = self._source.now()
        record = Record(key or self._source.new_id(), now, now, values)
        self._records[record.id] = record
        return record

    def update(self, record: Record, data: Json) -> Record:
        """Raises ApiError (422)."""
        values = record.values | self._read(data)
        for name in self.kind.required:
            if values[name] in (None, "", []):
                raise blank(name)
        self._check_unique(values, record)
        record.values, record.updated_at = values, self._source.now()
        return record

    def delete(self, record: Record) -> None:
        self._records.pop(record.id, None)

    def where(self, name: str, value: Any) -> list[Record]:
        return [one for one in self if one.values[name] == value]

    def shape(self, record: Record, api: str) -> Json:
        """The record as the API at `api` shows it."""
        return {
            "url": f"{api}/{self.kind.plural}/{record.id}.json",
            "id": record.id,
            **record.values,
            **self.kind.derive(record.values),
            "created_at": stamp(record.created_at),
            "updated_at": stamp(record.updated_at),
        }

    def _read(self, data: Json) -> Json:
        return {
            name: one.read(data, name) for name, one in self.kind.columns.items() if name in data
        }

    def _check_unique(self, values: Json, record: Record | None) -> None:
        for name in self.kind.unique:
            wanted = str(values[name] or "").lower()
            for other in self:
                taken = wanted and str(other.values[name] or "").lower() == wanted
                if taken and other is not record:
                    label = name.replace("_", " ").capitalize()
                    text = f"{label}: {values[name]} has already been taken"
                    raise invalid(name, text, "DuplicateValue")
