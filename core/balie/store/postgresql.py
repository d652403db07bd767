"""PostgreSQL: how its connections are prepared, and how long anybody waits for anybody there."""

from typing import Any

from sqlalchemy import Connection, Engine, event

FROZEN_SECONDS = 3
"""A transaction in which nothing was asked for so long is ended by the server, with its locks.

Ours never wait for the network, so whoever began it is frozen: stopped, paused, or cut off.
"""
LOCK_SECONDS = 4
"""So long a statement waits for what another transaction has locked: longer than a frozen one has,
and twice within the time that vendors wait for an answer."""
MOMENT_MS = 250
"""So long where one may come back later: longer than what has a row locked in ordinary traffic."""

# A server that is gone without a word is noticed before vendors give a webhook up. What the address
# says of these goes before it.
PATIENCE = {
    "connect_timeout": "5",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "2",
    "tcp_user_timeout": "10000",  # milliseconds
}

# Whatever a server, a database or a role says of these. What was committed is on disk; who has
# asked for more than that, such as a standby's word, keeps it. A day of the balance is one in UTC.
_PINNED = f"""
SELECT set_config('timezone', 'UTC', false),
    set_config('default_transaction_isolation', 'read committed', false),
    set_config('idle_in_transaction_session_timeout', '{FROZEN_SECONDS}s', false),
    set_config('lock_timeout', '{LOCK_SECONDS}s', false),
    CASE current_setting('synchronous_commit') WHEN 'off'
        THEN set_config('synchronous_commit', 'on', false) END
"""
_PASSING = "set_config('synchronous_commit', 'off', true)"
_BRIEF = f"set_config('lock_timeout', '{MOMENT_MS}ms', true)"
_PATIENT = """
SELECT set_config('lock_timeout', '0', true),
    set_config('idle_in_transaction_session_timeout', '0', true)
"""

# Another transaction had locked what this one wanted, changed it, or the two waited for each other.
_IN_THE_WAY = {"55P03", "40001", "40P01"}


def prepare(engine: Engine) -> None:
    """Let the engine's connections be made and begin as Balie wants it."""
    event.listen(engine, "connect", _connected)
    event.listen(engine, "begin", _begin)


def wait_for_all(connection: Connection) -> None:
    """Let this transaction wait for locks, and take its time, as long as it must."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_PATIENT)


def is_in_the_way(error: object) -> bool:
    """Say whether a driver's error means that another transaction was in the way, and no more."""
    return getattr(error, "sqlstate", None) in _IN_THE_WAY


def _connected(dbapi_connection: Any, _record: object) -> None:
    dbapi_connection.autocommit = True  # one exchange with the server instead of three
    dbapi_connection.execute(_PINNED)
    dbapi_connection.autocommit = False


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    wanted = [_PASSING] if options.get("balie_passing") else []
    if options.get("balie_brief"):
        wanted.append(_BRIEF)
    if wanted:
        connection.exec_driver_sql(f"SELECT {', '.join(wanted)}")
