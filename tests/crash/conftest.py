"""The deaths of all points, died once for all tests, and a line on how many they were."""

from contextlib import ExitStack

import pytest
from tests.crash.points_run import Deaths, Places, all_deaths
from tests.e2e.whole import database_of_its_own

SQLITE_RIGS, POSTGRESQL_RIGS = 3, 1
#: Every so many points of PostgreSQL; ``make bench-crash`` kills at each.
SPREAD = 9

_COUNTED: pytest.StashKey[list[str]] = pytest.StashKey()


@pytest.fixture(scope="session")
def deaths(
    tmp_path_factory: pytest.TempPathFactory, postgresql: str, request: pytest.FixtureRequest
) -> Deaths:
    """A Balie killed at every point on SQLite, and at a spread of them on PostgreSQL."""
    with ExitStack() as stack:
        urls = [
            stack.enter_context(database_of_its_own(postgresql)) for _ in range(POSTGRESQL_RIGS + 1)
        ]
        places = Places(sqlite=SQLITE_RIGS, postgresql=urls[:-1], waiting=urls[-1])
        found = all_deaths(tmp_path_factory.mktemp("crash"), places, every=SPREAD)
    request.config.stash[_COUNTED] = found.summary()
    return found


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say how many points there are."""
    for line in config.stash.get(_COUNTED, []):
        terminalreporter.write_line(line)
