"""A plugin's small values per connection: tokens and the like, encrypted, until they expire."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Insert, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from balie.api import Clock
from balie.store import Store, run, table_of
from balie.tenants.models import ValueRow
from balie.tenants.secrets import SealBroken, SecretBox

FRESH_SECONDS = 2.0
"""How long a value that was read is taken to be still the same."""
_MOST_SEEN = 500
_VALUES = table_of(ValueRow)
_VALUE = select(_VALUES.c.sealed, _VALUES.c.expires_at).where(
    _VALUES.c.connection_id == bindparam("connection"), _VALUES.c.key == bindparam("key")
)


@cache
def _insert(*, is_sqlite: bool, in_place: bool) -> Insert:
    """Return what writes a value; where one is that counts, ``in_place`` of it or not at all."""
    insert: Any = sqlite.insert if is_sqlite else postgresql.insert
    statement = insert(_VALUES).values(
        connection_id=bindparam("connection"),
        key=bindparam("called"),
        sealed=bindparam("to_sealed"),
        expires_at=bindparam("to_expires_at"),
    )
    made: Insert = statement.on_conflict_do_update(
        index_elements=["connection_id", "key"],
        set_={name: statement.excluded[name] for name in ("sealed", "expires_at")},
        where=None if in_place else _VALUES.c.expires_at <= bindparam("now"),
    ).returning(_VALUES.c.key)
    return made


_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Seen:
    value: str | None = None
    expires_at: datetime = _NEVER
    at: float = field(default_factory=time.monotonic)


class ConnectionValues:
    """The key-value store of one connection (:class:`balie.api.KeyValue`)."""

    def __init__(self, store: Store, box: SecretBox, clock: Clock, connection_id: int) -> None:
        self._store = store
        self._box = box
        self._clock = clock
        self._connection_id = connection_id
        self._seen: dict[str, _Seen] = {}
        self._changes = 0

    def get(self, key: str, *, fresh: bool = False) -> str | None:
        """Return the value, or None where there is none or its time has passed.

        One that no key opens any more is none: a plugin gets itself a new token. What another
        process has changed is seen within :data:`FRESH_SECONDS`, and at once if ``fresh``.
        """
        seen = None if fresh else self._seen.get(key)
        if seen is None or time.monotonic() - seen.at > FRESH_SECONDS:
            seen = self._looked_up(key)
        if seen.value is None or seen.expires_at <= self._clock.now():
            return None
        return seen.value

    def _looked_up(self, key: str) -> _Seen:
        self._forget_old()
        changes = self._changes
        seen = self._read(key)
        if self._changes == changes:  # else it may be older than what was set meanwhile
            self._seen[key] = seen
        return seen

    def _changed(self, key: str) -> None:
        """Forget what was seen, when all who read from now on read what is new."""
        self._changes += 1
        self._seen.pop(key, None)

    def _forget_old(self) -> None:
        """Keep no more than so many: a plugin may have a value for each of its visitors."""
        if len(self._seen) >= _MOST_SEEN:
            fresh = time.monotonic() - FRESH_SECONDS
            self._seen = {key: seen for key, seen in list(self._seen.items()) if seen.at > fresh}

    def _read(self, key: str) -> "_Seen":
        with self._store.looking() as connection:
            asked = {"connection": self._connection_id, "key": key}
            rows = run(connection, _VALUE, asked)
        if not rows:
            return _Seen()
        sealed, expires_at = rows[0]
        try:
            return _Seen(self._box.open(sealed).decode(), expires_at)
        except SealBroken:
            return _Seen()

    def set(self, key: str, value: str, *, seconds: float) -> None:
        """Keep the value for so long, in place of an earlier one."""
        self._written(key, value, seconds, in_place=True)
        self._changed(key)

    def add(self, key: str, value: str, *, seconds: float) -> bool:
        """Keep the value for so long unless one is there; return whether it is ours."""
        added = self._written(key, value, seconds, in_place=False)
        if added:
            self._changes += 1
            self._seen.clear()
        return added

    def delete(self, key: str) -> None:
        """Forget the value, if it is there."""
        with self._store.writing() as session:
            session.execute(delete(ValueRow).where(*self._is(key)))
        self._changed(key)

    def _written(self, key: str, value: str, seconds: float, *, in_place: bool) -> bool:
        # In one statement: several lanes may get themselves a token at the same moment.
        statement = _insert(is_sqlite=self._store.is_sqlite, in_place=in_place)
        now = self._clock.now()
        values = {
            "connection": self._connection_id,
            "called": key,
            "to_sealed": self._box.seal(value.encode()),
            "to_expires_at": now + timedelta(seconds=seconds),
        }
        with self._store.statement() as connection:
            return bool(run(connection, statement, values if in_place else {**values, "now": now}))

    def _is(self, key: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        return ValueRow.connection_id == self._connection_id, ValueRow.key == key
