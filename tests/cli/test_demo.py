"""``balie demo`` as people start it: it opens in the middle of a talk, and ends on Ctrl-C."""

import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import requests
from tests.e2e.whole import free_port

from balie.cli.ports import is_free

PATIENCE_SECONDS = 60


def test_demo_opens_with_every_kind_between_phone_and_ticket(tmp_path: Path):
    port, sandbox_port = free_port(), free_port()
    where = ["--port", str(port), "--sandbox-port", str(sandbox_port), "--folder", str(tmp_path)]
    with subprocess.Popen(
        [sys.executable, "-m", "balie.cli", "demo", "--locale", "en", *where],
        stdout=subprocess.PIPE,
        text=True,
        # What runs in the background is told by its shell to ignore Ctrl-C, and passes that on.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 -- as said
    ) as demo:
        assert demo.stdout is not None
        said = iter(demo.stdout.readline, "")
        assert any(line.startswith(f"Open http://127.0.0.1:{port}") for line in said)
        control = f"http://127.0.0.1:{sandbox_port}/control"
        phone = asked(f"{control}/whatsapp/phones/31655501234")["messages"]
        [ticket] = asked(f"{control}/zendesk/tickets")["tickets"]
        demo.send_signal(signal.SIGINT)
        try:
            ended = demo.wait(PATIENCE_SECONDS)
        finally:
            demo.kill()
        assert ended == 0

    assert Counter((one["direction"], one["type"]) for one in phone) == {
        ("out", "text"): 1,
        ("out", "image"): 1,
        ("in", "template"): 1,
        ("out", "button"): 1,
        ("in", "interactive"): 1,
        ("out", "interactive"): 1,
        ("out", "location"): 1,
        ("out", "audio"): 1,
        ("in", "text"): 1,
    }
    told = "\n".join(one["body"] for one in ticket["comments"])
    for line in ("[Image]", "[Button] Change delivery", "[Choice] Somewhere else", "[Location]"):
        assert line in told
    files = [file["content_type"] for one in ticket["comments"] for file in one["attachments"]]
    assert [kind.partition(";")[0] for kind in files] == ["image/jpeg", "audio/ogg"]
    assert ticket["requester"]["name"] == "S. de Wit"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_demo_that_is_told_to_end_leaves_nothing_running(tmp_path: Path, number: int):
    port, sandbox_port = free_port(), free_port()
    where = ["--port", str(port), "--sandbox-port", str(sandbox_port), "--folder", str(tmp_path)]
    with subprocess.Popen(
        [sys.executable, "-m", "balie.cli", "demo", "--empty", *where],
        stdout=subprocess.PIPE,
        text=True,
    ) as demo:
        assert demo.stdout is not None
        said = iter(demo.stdout.readline, "")
        assert any(line.startswith(f"Open http://127.0.0.1:{port}") for line in said)
        demo.send_signal(number)
        try:
            ended = demo.wait(PATIENCE_SECONDS)
        finally:
            demo.kill()

    assert ended == 0
    assert [is_free("127.0.0.1", one) for one in (port, sandbox_port)] == [True, True]


def asked(url: str) -> Any:
    return requests.get(url, timeout=10).json()
