"""The parts that a process may play, and what it is called."""

import os
import socket
import uuid
from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """What a process does."""

    SERVE = "serve"
    """Everything, in one process."""
    WEB = "web"
    """Takes in webhooks and answers them; works no lane."""
    WORKER = "worker"
    """Works lanes."""
    SCHEDULER = "scheduler"
    """Drives the clock, if it leads."""

    @property
    def is_apart(self) -> bool:
        """Say whether it needs other processes beside it."""
        return self is not Role.SERVE

    @property
    def works(self) -> bool:
        """Say whether it works lanes."""
        return self in (Role.SERVE, Role.WORKER)


@dataclass(frozen=True, slots=True)
class Identity:
    """What this process is called, as no other ever was."""

    host: str = field(default_factory=socket.gethostname)
    pid: int = field(default_factory=os.getpid)
    mark: str = field(default_factory=lambda: uuid.uuid4().hex[:12])

    @property
    def name(self) -> str:
        """Return the name as one text."""
        return f"{self.host}:{self.pid}:{self.mark}"
