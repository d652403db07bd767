"""What every write needs: the time, and fresh ids."""

from dataclasses import dataclass
from datetime import datetime

from balie_sandbox.clock import Clock
from balie_sandbox.ids import Ids


@dataclass(frozen=True, slots=True)
class ClockSource:
    """The sandbox's clock and ids, as the account uses them."""

    clock: Clock
    ids: Ids

    def now(self) -> datetime:
        return self.clock.now()

    def new_id(self) -> int:
        return self.ids.zendesk()

    def new_ticket_id(self) -> int:
        return self.ids.ticket()
