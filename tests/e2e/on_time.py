"""The whole under a clock that the tests move: Balie and both stand-ins live at the same time."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.e2e.whole import Whole, running, wait_until

OFFSET_FILE = "TEST_CLOCK_OFFSET_FILE"
"""Names the file with the seconds that Balie's clock is ahead."""
HERE = ZoneInfo("Europe/Amsterdam")


@dataclass(frozen=True, slots=True)
class OnTime(Whole):
    """A running whole whose time can be set."""

    offset: Path

    def now(self) -> datetime:
        """Return the time at the counter, as its clock on the wall shows it."""
        told = self.stage.control("GET", "clock")["now"]
        return datetime.fromisoformat(told).astimezone(HERE)

    def go_on(self, seconds: float) -> None:
        """Let so much time pass."""
        # Put in its place whole: it may be read at any moment.
        fresh = self.offset.with_suffix(".new")
        fresh.write_text(str(float(self.offset.read_text()) + seconds))
        self.stage.control("POST", "clock", {"advance": seconds})
        fresh.replace(self.offset)

    def go_on_until(self, look: Callable[[], Any], step_seconds: float = 60) -> Any:
        """Let time pass, step by step, until ``look`` returns something true; return that."""

        def seen() -> Any:
            found = look()
            if not found:
                self.go_on(step_seconds)
                time.sleep(0.3)
            return found

        return wait_until(seen)

    def go_to(self, weekday: int, hour: int, minute: int) -> datetime:
        """Let time pass until the next such moment; Monday is 0."""
        now = self.now()
        day = now + timedelta(days=(weekday - now.weekday()) % 7)
        then = day.replace(hour=hour, minute=minute, second=0, microsecond=0)
        if then <= now:
            then += timedelta(days=7)
        self.go_on((then - now).total_seconds())
        return then


@contextmanager
def running_on_time(folder: Path, **settings: Any) -> Iterator[OnTime]:
    """Start the sandbox and a Balie whose clock follows it."""
    offset = folder / "offset"
    offset.write_text("0")
    kept = {"server": "tests.e2e.balie_on_time", "variables": {OFFSET_FILE: str(offset)}}
    with running(folder, **kept, **settings) as whole:
        whole.stage.control("POST", "zendesk/settings", {"signed_by_own_clock": True})
        yield OnTime(whole.stage, offset)


def balie(whole: Whole, *arguments: str) -> tuple[int, Any]:
    """Run the real command with ``--json`` on this Balie; return its exit code and its JSON."""
    done = subprocess.run(
        [sys.executable, "-m", "balie.cli", *arguments, "--json"],
        env=whole.stage.environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, json.loads(done.stdout or "null")
