"""Many deaths, on several rigs at the same time."""

import queue
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

from tests.crash.rig import Rig, rig

Work = TypeVar("Work")
Result = TypeVar("Result")


@contextmanager
def rigs(folder: Path, databases: Sequence[str]) -> Iterator[list[Rig]]:
    """Set up a rig for each database's address; an empty one is SQLite.

    One after another: Alembic, which makes their schema, keeps its state in the module.
    """
    with ExitStack() as stack:
        yield [
            stack.enter_context(rig(folder / f"rig{number}", url))
            for number, url in enumerate(databases)
        ]


def sweep(
    ready: Sequence[Rig], works: Sequence[Work], do: Callable[[Rig, Work], Result]
) -> Iterator[Result]:
    """Do each work on whichever rig is free; return the results as they come."""
    free: queue.SimpleQueue[Rig] = queue.SimpleQueue()
    for one in ready:
        free.put(one)

    def on_a_free_one(work: Work) -> Result:
        taken = free.get()
        try:
            return do(taken, work)
        finally:
            free.put(taken)

    with ThreadPoolExecutor(len(ready)) as pool:
        under_way = [pool.submit(partial(on_a_free_one, work)) for work in works]
        try:
            for done in as_completed(under_way):
                yield done.result()
        finally:
            for one in under_way:
                one.cancel()
