"""Waiting for the end."""

import signal
import time
from collections.abc import Callable

_LOOK_SECONDS = 0.2


def until_told_to_stop(says_stop: Callable[[], bool] = lambda: False) -> None:
    """Return when this process gets SIGTERM or SIGINT; a second SIGINT ends it at once.

    Or when ``says_stop``, which is asked all the time.
    """
    told = []

    def stop(number: int, _frame: object) -> None:
        # Nothing that could wait: under gevent this runs wherever the loop happens to be.
        if number == signal.SIGINT:
            signal.signal(number, signal.SIG_DFL)
        told.append(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    while not told and not says_stop():
        time.sleep(_LOOK_SECONDS)
