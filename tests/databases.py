"""PostgreSQL databases for tests, one after another: to empty one is quicker than to make one."""

from collections import Counter, deque
from dataclasses import dataclass, field
from uuid import uuid4

import psycopg
import pytest
from psycopg import Connection, sql

#: For tests of what is decided before a database is asked: it is decided alike on both.
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

_MOST_USES = 100
"""The catalogues grow with each use."""
_AT_REST = 4
"""So many rest before one is taken again: what a test leaves running ends meanwhile."""

_EMPTY = """
DO $$
DECLARE one text;
BEGIN
    -- Not DELETE: what comes next would stand in the gaps, in another order than in a new one.
    SELECT string_agg(oid::regclass::text, ',') INTO one FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
        AND relname <> 'alembic_version' AND pg_relation_size(oid) > 0;
    IF one IS NOT NULL THEN
        EXECUTE format('TRUNCATE %s CASCADE', one);
    END IF;
    FOR one IN SELECT oid::regclass::text FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'S'
    LOOP
        PERFORM setval(one, 1, false);
    END LOOP;
END $$
"""
_SHAPE = """
SELECT (SELECT string_agg(version_num, ',') FROM alembic_version),
    (SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace),
    (SELECT count(*) FROM pg_attribute WHERE attrelid >= 16384 AND NOT attisdropped),
    (SELECT count(*) FROM pg_constraint), (SELECT count(*) FROM pg_trigger),
    (SELECT count(*) FROM pg_db_role_setting)
"""


@dataclass(slots=True)
class Databases:
    """The migrated databases of one server. Who takes one has it alone, and empty."""

    server: str
    _resting: deque[str] = field(default_factory=deque)
    _uses: Counter[str] = field(default_factory=Counter)
    _shape: object = None

    def take(self) -> str:
        """Return the URL of an empty database."""
        name = self._emptied() if len(self._resting) >= _AT_REST else None
        name = name or self._made()
        self._uses[name] += 1
        return self._url(name)

    def give_back(self, url: str) -> None:
        """Keep a database for a later test. Who still works on it is shown out."""
        name = url.partition("?")[0].rpartition("/")[2]
        self._show_out(name)
        self._resting.append(name)

    def _emptied(self) -> str | None:
        """Return the one that rested longest, unless it is worn or no longer what it was."""
        name = self._resting.popleft()
        self._show_out(name)
        if self._uses[name] < _MOST_USES and self._is_emptied(name):
            return name
        drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
        with self._connection() as server:
            server.execute(drop.format(sql.Identifier(name)))
        return None

    def _show_out(self, name: str) -> None:
        end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
        with self._connection() as server:
            server.execute(end, [name])

    def _made(self) -> str:
        name = f"t{uuid4().hex}"
        make = sql.SQL("CREATE DATABASE {} TEMPLATE template_balie STRATEGY file_copy")
        with self._connection() as server:
            server.execute(make.format(sql.Identifier(name)))
        if self._shape is None:
            with self._connection(name) as made:
                self._shape = made.execute(_SHAPE).fetchone()
        return name

    def _is_emptied(self, name: str) -> bool:
        try:
            with self._connection(name) as used:
                if used.execute(_SHAPE).fetchone() != self._shape:
                    return False
                used.execute(_EMPTY)
        except psycopg.Error:  # made read-only, or a table is gone
            return False
        return True

    def _connection(self, name: str = "postgres") -> Connection[tuple[object, ...]]:
        return psycopg.connect(self._url(name), autocommit=True)

    def _url(self, name: str) -> str:
        return self.server.replace("/postgres?", f"/{name}?")
