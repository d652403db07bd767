"""What plugins reach of the core through their context, made for one connection."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from balie.api import (
    Accepted,
    BalieError,
    Capabilities,
    Clock,
    RawEvent,
    Subscription,
    TransientError,
)
from balie.desk.elsewhere.codes import HopCodes
from balie.desk.elsewhere.hops import HopDesk
from balie.desk.elsewhere.threads import ThreadReader
from balie.desk.elsewhere.typing import TypingDesk
from balie.desk.elsewhere.workload import WorkloadCount
from balie.desk.inbound.arrivals import event_item
from balie.ledger.door import Door, Submission
from balie.run.bus.local import LocalBus
from balie.run.metrics import Metrics
from balie.store import Store, StoreUnavailable
from balie.tenants.contexts import Seams
from balie.tenants.models import ConnectionRow, TenantRow


@dataclass(frozen=True, slots=True)
class SeamMaker:
    """Makes the seams of connections. None reaches beyond its own."""

    store: Store
    clock: Clock
    door: Door
    bus: LocalBus
    codes: HopCodes
    metrics: Metrics
    helpdesk: Callable[[int], Capabilities]

    def of(self, tenant: TenantRow, connection: ConnectionRow) -> Seams:
        """Return the seams of a connection."""
        entrance = Entrance(self.door, self.metrics, tenant.id, connection.id, connection.plugin)
        return Seams(
            accept=entrance,
            bus=self.bus_of(connection.id),
            threads=ThreadReader(self.store, connection.id),
            hops=HopDesk(self.store, self.clock, self.codes, connection.id),
            workload=WorkloadCount(self.store, self.clock, connection.id),
            helpdesk=partial(self._helpdesk, connection.id),
            typing=TypingDesk(self.store, self.bus_of, connection.id),
        )

    def _helpdesk(self, connection_id: int) -> Capabilities:
        try:
            return self.helpdesk(connection_id)
        except (BalieError, StoreUnavailable):
            return Capabilities()

    def bus_of(self, connection_id: int) -> "ConnectionBus":
        """Return the bus of a connection."""
        return ConnectionBus(self.bus, f"{connection_id}:")


@dataclass(frozen=True, slots=True)
class Entrance:
    """The door, for one connection (:class:`balie.api.Accept`)."""

    door: Door
    metrics: Metrics
    tenant_id: int
    connection_id: int
    plugin: str

    def __call__(self, events: Sequence[RawEvent], /) -> Accepted:
        """Commit what is new, then let it be worked."""
        items = tuple(event_item(self.tenant_id, self.connection_id, event) for event in events)
        try:
            accepted = self.door.accept(
                Submission(tenant_id=self.tenant_id, connection_id=self.connection_id, items=items)
            )
        except StoreUnavailable as error:
            raise TransientError(str(error)) from error
        for outcome, count in (("new", accepted.new), ("duplicate", accepted.duplicates)):
            if count:
                self.metrics.events.labels(self.plugin, outcome).inc(count)
        return accepted


@dataclass(frozen=True, slots=True)
class ConnectionBus:
    """The bus, for the topics of one connection (:class:`balie.api.Bus`)."""

    bus: LocalBus
    prefix: str

    def publish(self, topic: str, text: str = "", /) -> None:
        """Wake all who listen to this topic."""
        self.bus.publish(self.prefix + topic, text)

    def subscribe(self, topics: Sequence[str], /, *, seconds: float) -> Subscription:
        """Return an ear for these topics, to which so many seconds are a silence."""
        return self.bus.subscribe(topics, seconds=seconds, prefix=self.prefix)
