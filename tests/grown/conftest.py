"""Balie in parts, with wake-ups over Redis and over PostgreSQL alone."""

from collections.abc import Iterator

import pytest
from tests.e2e.whole import Whole, database_of_its_own
from tests.grown.apart import Redis, running_apart


@pytest.fixture(scope="session")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    """A Redis server."""
    server = Redis(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def on_redis(
    tmp_path_factory: pytest.TempPathFactory, postgresql: str, redis: Redis
) -> Iterator[Whole]:
    """The parts, woken over Redis."""
    folder = tmp_path_factory.mktemp("redis")
    with (
        database_of_its_own(postgresql) as url,
        running_apart(folder, url, redis.url, by_command=False) as whole,
    ):
        yield whole


@pytest.fixture(scope="module")
def on_postgresql(tmp_path_factory: pytest.TempPathFactory, postgresql: str) -> Iterator[Whole]:
    """The parts on PostgreSQL alone, as they are when nothing is set."""
    folder = tmp_path_factory.mktemp("postgresql")
    with database_of_its_own(postgresql) as url, running_apart(folder, url, "") as whole:
        yield whole


@pytest.fixture(params=["redis", "postgresql"])
def whole(request: pytest.FixtureRequest) -> Whole:
    """Each of them in turn."""
    found: Whole = request.getfixturevalue(f"on_{request.param}")
    return found
