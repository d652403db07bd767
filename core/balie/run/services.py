"""Everything put together, once, for a process."""

from dataclasses import dataclass, field

import structlog

from balie.api import Capabilities, Clock
from balie.desk.commands.moving import Moving
from balie.desk.elsewhere.codes import HopCodes
from balie.desk.elsewhere.readers import Readers
from balie.desk.files.fetching import MediaFetching
from balie.desk.inbound.actions import Timers
from balie.desk.inbound.filing import Filing
from balie.desk.inbound.reading import Reading
from balie.desk.outbound.absent import Absences
from balie.desk.outbound.enclosures import Enclosures
from balie.desk.outbound.send import Sending
from balie.desk.privacy.aftermath import Aftermath
from balie.desk.privacy.erasing import Erasing
from balie.desk.privacy.requests import ErasureRequests
from balie.desk.privacy.retention import LOOK_SECONDS as RETENTION_SECONDS
from balie.desk.privacy.retention import Retention
from balie.desk.reconcile import Reconciling
from balie.desk.relay import Relay
from balie.desk.templates.sync import LOOK_SECONDS, TemplateSync
from balie.desk.window.reminder import Reminding
from balie.hooks import Hooks, Registry, discover
from balie.ledger.door import Door
from balie.ledger.drain import Drainer
from balie.ledger.leases import Leases
from balie.run import models as _models  # noqa: F401 -- whose tables belong to the schema
from balie.run.bus.choice import bus_of
from balie.run.bus.local import LocalBus
from balie.run.ear import Ear
from balie.run.health import ConnectionHealth
from balie.run.metrics import Metrics
from balie.run.opening import LOOK_SECONDS as OPENING_SECONDS
from balie.run.opening import Opening
from balie.run.queue import LaneQueue
from balie.run.queue_choice import wakes_of
from balie.run.roles import Role
from balie.run.rounds import Rounds
from balie.run.schedule import Schedule
from balie.run.seams import SeamMaker
from balie.run.settings import Settings
from balie.run.tidying import LOOK_SECONDS as TIDY_SECONDS
from balie.run.tidying import Tidying
from balie.run.time import SharedClock, SystemClock
from balie.store import Store
from balie.store.files import FileStore
from balie.store.stray import Strays
from balie.tenants.contexts import Contexts
from balie.tenants.directory import Directory
from balie.tenants.file_links import FileLink, FileLinks
from balie.tenants.secrets import SecretBox

WORKERS = 32
"""Lanes worked at the same time in one process; they mostly wait for vendors."""

_log = structlog.get_logger("services")


@dataclass(slots=True)
class Services:
    """The parts of a running Balie. Making them opens no connection and starts nothing."""

    settings: Settings
    clock: Clock = field(default_factory=SystemClock)
    metrics: Metrics = field(default_factory=Metrics)
    workers: int = WORKERS
    store: Store = field(init=False)
    registry: Registry = field(init=False)
    directory: Directory = field(init=False)
    contexts: Contexts = field(init=False)
    hooks: Hooks = field(init=False)
    leases: Leases = field(init=False)
    drainer: Drainer = field(init=False)
    queue: LaneQueue = field(init=False)
    bus: LocalBus = field(init=False)
    codes: HopCodes = field(init=False)
    door: Door = field(init=False)
    reconciling: Reconciling = field(init=False)
    schedule: Schedule = field(init=False)
    templates: TemplateSync = field(init=False)
    erasures: ErasureRequests = field(init=False)
    files: FileStore = field(init=False)
    file_links: FileLinks = field(init=False)
    retention: Retention = field(init=False)
    ear: Ear = field(init=False)

    def __post_init__(self) -> None:
        """Wire the parts."""
        self.store = Store(self.settings.database_url, pool_size=self.settings.database_connections)
        if isinstance(self.clock, SystemClock) and not self.store.is_sqlite:
            self.clock = SharedClock(self.store, self.clock)
        self.registry = Registry(discover(plugins_dir=self.settings.plugins_dir))
        box = SecretBox(self.settings.secret_keys)
        self.codes = HopCodes(box)
        self.directory = Directory(self.store, self.registry, box, self.clock)
        files = self._keep_files(box)
        self.bus = bus_of(self.settings)
        self.door = Door(self.store, self.clock, self._wake)
        seams = self._seams()
        self.contexts = Contexts(
            self.store, self.directory, self.clock, files, self.settings.public_url, seams.of
        )
        self.hooks = Hooks(self.registry, self.metrics.hooks, is_enabled=self.contexts.is_enabled)
        self.leases = Leases(self.store, self.clock, self.settings.lease_seconds)
        health = ConnectionHealth(self.directory, self.contexts)
        self.drainer = Drainer(
            self.store,
            self.clock,
            self.leases,
            self._wake,
            health,
        )
        self.queue = LaneQueue(self.drainer.drain, self.workers, wakes_of(self.settings))
        self.door = Door(self.store, self.clock, self._wake, self.leases.remember)
        self.reconciling = Reconciling(
            self.store, self.hooks, self.contexts, self.door, self.clock, health
        )
        rounds = Rounds(self.store, self.registry, self.reconciling, self.clock)
        self.schedule = Schedule(
            self.store, self.clock, self.leases, self._wake, self.queue, rounds
        )
        self.templates = TemplateSync(self.store, self.hooks, self.contexts, self.clock)
        self.schedule.also(self.templates.look, LOOK_SECONDS)
        self.schedule.also(Opening(self.store, self.contexts, health).look, OPENING_SECONDS)
        self.schedule.also(Tidying(self.store, files, self.clock).look, TIDY_SECONDS)
        self.ear = Ear(self.store, self.clock, self.clock.now())
        self._keep_privacy(files, box)
        media = MediaFetching(self.hooks, self.contexts)
        enclosures = Enclosures(media, self.contexts)
        reading = Reading(self.hooks, self.contexts)
        readers = Readers(seams.bus_of)
        self.drainer.use(
            {
                **Relay(self.hooks, self.contexts, self.codes, readers).handlers(),
                **Filing(self.hooks, self.contexts, media, reading, readers).handlers(),
                **reading.handlers(),
                **media.handlers(),
                **Sending(self.hooks, self.contexts, enclosures, self.ear.hearing).handlers(),
                **Timers().handlers(),
                **Absences(self.hooks, self.contexts, self.codes).handlers(),
                **Reminding(self.hooks, self.contexts).handlers(),
                **Moving(self.hooks, self.contexts, self.codes).handlers(),
                **Erasing(self.hooks, self.contexts).handlers(),
                **Aftermath(box).handlers(),
            }
        )

    def _seams(self) -> SeamMaker:
        parts = (self.store, self.clock, self.door, self.bus, self.codes, self.metrics)
        return SeamMaker(*parts, self._helpdesk_of)

    def _helpdesk_of(self, connection_id: int) -> Capabilities:
        """Return the abilities of the helpdesk that a connection files into."""
        helpdesk = self.contexts.get(connection_id).files_into
        if helpdesk is None:
            return Capabilities()
        return self.hooks.capabilities(self.contexts.get(helpdesk).ctx)

    def _keep_files(self, box: SecretBox) -> FileStore:
        self.file_links = FileLinks(box, self.clock, self.settings.file_url)
        self.files = FileStore(
            self.settings.media_url,
            self.clock,
            Strays(self.store),
            self._link if self.settings.file_url else None,
        )
        return self.files

    def _link(self, tenant_id: int, key: str, name: str, mime: str, days: float) -> str:
        return self.file_links.make(FileLink(tenant_id, key, name, mime), days)

    def _keep_privacy(self, files: FileStore, box: SecretBox) -> None:
        self.erasures = ErasureRequests(
            self.store, self.hooks, self.contexts, files, box, self.clock, self._wake
        )
        self.retention = Retention(
            self.store,
            self.clock,
            files,
            self.settings.keep_payload_days,
            self.settings.keep_message_days,
        )
        self.schedule.also(self.retention.look, RETENTION_SECONDS)

    def start(self, role: Role = Role.SERVE) -> None:
        """Start what this role does beside the web: workers, clock, wake-ups, signs of life."""
        if self.store.is_sqlite:
            self.store.claim()
            # Alone on this file: whatever is leased was leased by a process that died.
            self.leases.clear()
        self.schedule.follow()
        for plugin in self.registry.report.plugins:
            _log.info("plugin", id=plugin.id, state=plugin.state, reason=plugin.reason)
        self.queue.start(works=role.works)
        self.schedule.start(role)
        self.ear.begun = True

    def stop(self) -> None:
        """Finish the items in hand, hand the leases back, and stop."""
        self.bus.close()
        self.drainer.finish()
        self.queue.stop()  # the clock goes on meanwhile, and renews leases
        self.schedule.stop()
        self.store.close()

    def _wake(self, lane_id: int, priority: int = 0, /) -> None:
        self.queue.wake(lane_id, priority)
