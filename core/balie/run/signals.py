"""Waiting for the end."""

import signal
import time

_LOOK_SECONDS = 0.2


def until_told_to_stop() -> None:
    """Return when this process gets SIGTERM or SIGINT; a second SIGINT ends it at once."""
    told = []

    def stop(number: int, _frame: object) -> None:
        # Nothing that could wait: under gevent this runs wherever the loop happens to be.
        if number == signal.SIGINT:
            signal.signal(number, signal.SIG_DFL)
        told.append(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    while not told:
        time.sleep(_LOOK_SECONDS)
