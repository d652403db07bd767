"""How much memory a process holds, from Linux's own books."""

from contextlib import suppress
from pathlib import Path

_MEGABYTE = 1024


def megabytes(process_id: int) -> float:
    """Return a process's resident memory in megabytes."""
    for line in Path(f"/proc/{process_id}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / _MEGABYTE
    return 0.0


def worker_of(address: str) -> int:
    """Return the process that does the work of the server at ``host:port``: its largest one."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if address.encode() in (folder / "cmdline").read_bytes().split(b"\0"):
                found.append((megabytes(int(folder.name)), int(folder.name)))
    return max(found)[1]
