"""The deaths at all points, died once for all tests."""

from contextlib import ExitStack

import pytest
from tests.crash.points_run import Deaths, Places, all_deaths
from tests.e2e.whole import database_of_its_own

SQLITE_RIGS, POSTGRESQL_RIGS = 3, 1
#: Every so many points of PostgreSQL; ``make bench-crash`` kills at each.
SPREAD = 9


@pytest.fixture(scope="session")
def deaths(tmp_path_factory: pytest.TempPathFactory, postgresql: str) -> Deaths:
    """A Balie killed at every point on SQLite, and at a spread of them on PostgreSQL."""
    with ExitStack() as stack:
        urls = [
            stack.enter_context(database_of_its_own(postgresql)) for _ in range(POSTGRESQL_RIGS + 1)
        ]
        places = Places(sqlite=SQLITE_RIGS, postgresql=urls[:-1], waiting=urls[-1])
        return all_deaths(tmp_path_factory.mktemp("crash"), places, every=SPREAD)
