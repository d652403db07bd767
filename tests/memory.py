"""A folder in memory for what tests write: on a disk they wait for it at every commit.

Nothing is proved less by it. What survives a killed process survives it in memory too, and what
survives a power cut no test can tell.
"""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

_MEMORY = Path("/dev/shm")
_PREFIX = "balie-tests-"
_ENOUGH_BYTES = 2 * 1024**3
"""A whole run writes a quarter of it. A container's usual 64 MB are refused."""


def work_in_memory(config: pytest.Config) -> None:
    """Let a run that was given no folder work in memory, if there is room; tidied up at its end."""
    if config.option.basetemp is not None or not _has_room():
        return
    _forget_the_dead()
    folder = _MEMORY / f"{_PREFIX}{os.getpid()}"
    config.option.basetemp = str(folder)
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


def folder_of_this_process() -> Path:
    """Make a folder that no other run tidies up while this one lasts; in memory, if there is room.

    A later run tidies up what a killed one left; a PostgreSQL whose folder is gone ends by itself.
    """
    prefix = f"{_PREFIX}{os.getpid()}-"
    return Path(tempfile.mkdtemp(prefix=prefix, dir=_MEMORY if _has_room() else None))


def _has_room() -> bool:
    try:
        return os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ENOUGH_BYTES
    except OSError:
        return False


def _forget_the_dead() -> None:
    for folder in _MEMORY.glob(f"{_PREFIX}*"):
        process = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if not Path(f"/proc/{process}").exists():
            shutil.rmtree(folder, ignore_errors=True)
