"""Meta's side of the sandbox: its state."""

from balie_sandbox.clock import Clock
from balie_sandbox.delivery import Delivery
from balie_sandbox.faults import Faults
from balie_sandbox.ids import Ids


class GraphAccount:
    """Apps, numbers, phones and messages."""

    def __init__(self, clock: Clock, delivery: Delivery, faults: Faults, ids: Ids) -> None:
        self.clock = clock
        self.delivery = delivery
        self.faults = faults
        self.ids = ids
        self.reset()

    def reset(self) -> None:
        """Return to the state of a fresh start."""
