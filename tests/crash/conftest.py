"""The deaths, died once for all tests."""

import pytest
from tests.crash.points_run import Deaths, spread_deaths
from tests.e2e.whole import database_of_its_own


@pytest.fixture(scope="session")
def deaths(tmp_path_factory: pytest.TempPathFactory, postgresql: str) -> Deaths:
    """A Balie killed at a spread of the story's points on both databases."""
    with database_of_its_own(postgresql) as url:
        return spread_deaths(tmp_path_factory.mktemp("crash"), url)
