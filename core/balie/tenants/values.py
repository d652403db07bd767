"""A plugin's small values per connection: tokens and the like, encrypted, until they expire."""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from balie.api import Clock
from balie.store import Store
from balie.tenants.models import ValueRow
from balie.tenants.secrets import SealBroken, SecretBox


class ConnectionValues:
    """The key-value store of one connection (:class:`balie.api.KeyValue`)."""

    def __init__(self, store: Store, box: SecretBox, clock: Clock, connection_id: int) -> None:
        self._store = store
        self._box = box
        self._clock = clock
        self._connection_id = connection_id

    def get(self, key: str) -> str | None:
        """Return the value, or None where there is none or its time has passed.

        One that no key opens any more is none: a plugin gets itself a new token.
        """
        with self._store.reading() as session:
            row = session.execute(
                select(ValueRow.sealed, ValueRow.expires_at).where(*self._is(key))
            ).first()
        if row is None or row.expires_at <= self._clock.now():
            return None
        try:
            return self._box.open(row.sealed).decode()
        except SealBroken:
            return None

    def set(self, key: str, value: str, *, seconds: float) -> None:
        """Keep the value for so long, in place of an earlier one."""
        insert: Any = sqlite.insert if self._store.is_sqlite else postgresql.insert
        statement = insert(ValueRow).values(
            connection_id=self._connection_id,
            key=key,
            sealed=self._box.seal(value.encode()),
            expires_at=self._clock.now() + timedelta(seconds=seconds),
        )
        fresh = {name: statement.excluded[name] for name in ("sealed", "expires_at")}
        with self._store.writing() as session:
            # In one statement: several lanes may get themselves a token at the same moment.
            session.execute(
                statement.on_conflict_do_update(index_elements=["connection_id", "key"], set_=fresh)
            )

    def delete(self, key: str) -> None:
        """Forget the value, if it is there."""
        with self._store.writing() as session:
            session.execute(delete(ValueRow).where(*self._is(key)))

    def _is(self, key: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        return ValueRow.connection_id == self._connection_id, ValueRow.key == key
