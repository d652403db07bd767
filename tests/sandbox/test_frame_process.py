"""The sandbox as a process: how it starts and how it ends."""

import signal
import subprocess
import sys

import pytest


def start(port):
    command = [sys.executable, "-m", "balie_sandbox", "--port", str(port)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_process_on_a_taken_port_says_so(sandbox):
    port = sandbox.url.rpartition(":")[2]

    with start(port) as process:
        output, errors = process.communicate()

    sentence = f"Cannot listen on 127.0.0.1:{port}: Address already in use.\n"
    assert (process.returncode, output, errors) == (1, "", sentence)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_process_ends_quietly_on_a_signal(free_port, is_up, wait_until, number):
    with start(free_port) as process:
        wait_until(lambda: is_up(f"http://127.0.0.1:{free_port}"))
        process.send_signal(number)
        output = process.communicate()

    assert (process.returncode, output) == (0, ("", ""))
