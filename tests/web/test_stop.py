"""Stopping as an operator does: promptly, and with everything in its place."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
import requests
from tests.e2e.whole import Whole, free_port, new_customer, running, wait_until

#: Far less than the time that gunicorn would give idle connections.
PROMPT_SECONDS = 15.0


@pytest.fixture(scope="module")
def whole_to_stop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    with running(tmp_path_factory.mktemp("stop"), log="info") as started:
        yield started


def test_stop_does_not_wait_for_idle_connections(whole_to_stop):
    with requests.Session() as idle:
        assert idle.get(f"{whole_to_stop.stage.url}/healthz", timeout=5).ok
        started = time.monotonic()
        whole_to_stop.stage.stop_balie()
        took = time.monotonic() - started
    whole_to_stop.stage.start_balie()

    assert took < PROMPT_SECONDS
    assert "Traceback" not in whole_to_stop.log()


def test_stop_in_the_middle_of_work_finishes_it(whole_to_stop):
    number = new_customer()
    whole_to_stop.fault("zendesk", "slow", method="POST", path="/tickets$", seconds=1.0, count=1)
    whole_to_stop.write(number, "Midden in het werk")
    wait_until(lambda: whole_to_stop.struck() == [1])

    whole_to_stop.stage.stop_balie()

    assert whole_to_stop.comments(number) == ["Midden in het werk"]
    [item] = [one for one in whole_to_stop.items() if one.kind == "file"]
    assert item.state == "delivered"
    whole_to_stop.stage.start_balie()
    assert "Traceback" not in whole_to_stop.log()


def test_messages_that_came_while_stopped_arrive_after_the_start(whole_to_stop):
    number = new_customer()
    whole_to_stop.stage.stop_balie()
    for turn in range(3):
        whole_to_stop.write(number, f"Nummer {turn}.")

    whole_to_stop.stage.start_balie()

    wait_until(lambda: "\n".join(whole_to_stop.comments(number)).count("Nummer") == 3)


def test_second_server_on_one_sqlite_file_is_refused_and_harms_nothing(whole_to_stop):
    command = [sys.executable, "-m", "balie.cli", "serve", "--port", str(free_port())]
    done = subprocess.run(
        command,
        env={**os.environ, **whole_to_stop.stage.environment()},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )

    assert done.returncode != 0
    assert "another balie serve runs on" in done.stderr
    assert "Traceback" not in done.stderr
    assert whole_to_stop.get("/readyz").status_code == 200
