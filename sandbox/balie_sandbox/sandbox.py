"""Everything the sandbox holds, in memory."""

from .clock import Clock
from .delivery import DEFAULT_RETRY_SCALE, Delivery
from .faults import Faults
from .graph.account import GraphAccount
from .ids import Ids
from .shop.model import Shop
from .zendesk.account import ZendeskAccount


class Sandbox:
    """The two vendors' state and what they share. One instance a process."""

    def __init__(self, retry_scale: float = DEFAULT_RETRY_SCALE) -> None:
        self.clock = Clock()
        self.ids = Ids()
        self.faults = Faults()
        self.delivery = Delivery(self.clock, self.faults, retry_scale)
        self.shop = Shop()
        self.phones = GraphAccount(self.clock, self.delivery, self.faults, self.ids)
        self.zendesk = ZendeskAccount(self.clock, self.delivery, self.faults, self.ids)

    def reset(self) -> None:
        """Return to the state of a fresh start, webhooks under way included."""
        self.delivery.reset()
        self.faults.clear()
        self.clock.reset()
        self.ids.reset()
        self.shop.reset()
        self.phones.reset()
        self.zendesk.reset()
