"""What the tests of the whole share: a whole for those that leave it tidy."""

from collections.abc import Generator, Iterator

import pytest
from tests.e2e.on_time import OnTime, running_on_time
from tests.e2e.whole import Whole

_LINES = 200


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Function,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show with a failure what Balie logged last."""
    report = yield
    if report.failed:
        for whole in [one for one in item.funcargs.values() if isinstance(one, Whole)]:
            said = whole.log().splitlines()[-_LINES:]
            report.sections.append(("Balie's log", "\n".join(said)))
    return report


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OnTime]:
    """A running whole, whose limits are wide and whose time the tests move."""
    with running_on_time(tmp_path_factory.mktemp("shared")) as whole:
        limits = {"account_update_limit": 10_000, "plan_limit": 100_000}
        whole.stage.control("POST", "zendesk/settings", limits)
        yield whole
