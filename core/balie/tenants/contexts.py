"""From a connection in the database to the context that its plugin's hooks get."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog
from sqlalchemy import select

from balie.api import (
    Accept,
    AuthFailed,
    Bus,
    Capabilities,
    Clock,
    ConfigInvalid,
    Connection,
    Context,
    Hops,
    Tenant,
    Threads,
    Workload,
)
from balie.api.fields import hosts
from balie.hooks import UnknownPlugin
from balie.store import Store
from balie.store.files import FileStore
from balie.tenants.directory import Directory
from balie.tenants.http import VendorSession, frozen
from balie.tenants.models import ConnectionRow, State, TenantRow
from balie.tenants.secrets import SealBroken
from balie.tenants.values import ConnectionValues

FRESH_SECONDS = 1.0
"""How long a changed setting may take to be noticed by a running process."""


_log = structlog.get_logger("connections")


class SettingsUnusable(AuthFailed):
    """No key opens a connection's settings, or its plugin refuses them: it signs out and waits."""

    @staticmethod
    def beginning(slug: str) -> str:
        """Return how each of these begins that is about the connection of this slug."""
        return f"the settings of {slug} cannot be used: "


@dataclass(frozen=True, slots=True)
class Live:
    """A connection, ready for use."""

    ctx: Context
    tenant_id: int
    files_into: int | None
    state: State
    sealed: bytes
    seen: float


@dataclass(frozen=True, slots=True)
class Seams:
    """What a connection's context holds of the rooms above this one."""

    accept: Accept
    bus: Bus
    threads: Threads
    hops: Hops
    workload: Workload
    helpdesk: Callable[[], Capabilities]
    typing: Callable[[str], None]


class Contexts:
    """Makes and keeps contexts, each under its own connection's id: none crosses tenants."""

    def __init__(
        self,
        store: Store,
        directory: Directory,
        clock: Clock,
        files: FileStore,
        public_url: str,
        seams: Callable[[TenantRow, ConnectionRow], Seams],
    ) -> None:
        """``public_url`` is where vendors reach this installation."""
        self._store = store
        self._directory = directory
        self._clock = clock
        self._files = files
        self._public_url = public_url
        self._seams = seams
        self._by_id: dict[int, Live] = {}
        self._rosters: dict[int, tuple[float, Sequence[int]]] = {}
        self._by_slugs: dict[tuple[str, str], int] = {}
        self._lock = threading.Lock()

    def find(self, tenant: str, slug: str) -> Live | None:
        """Return the connection of that address, or None."""
        known = self._by_slugs.get((tenant, slug))
        if known is not None:
            return self.get(known)
        with self._store.aside() as session:
            found = session.scalar(
                select(ConnectionRow.id)
                .join(TenantRow, TenantRow.id == ConnectionRow.tenant_id)
                .where(TenantRow.slug == tenant, ConnectionRow.slug == slug)
            )
        if found is None:
            return None
        self._by_slugs[tenant, slug] = found
        return self.get(found)

    def get(self, connection_id: int) -> Live:
        """Return a connection by id. Raises SettingsUnusable, UnknownPlugin."""
        live = self._fresh(connection_id)
        if live is not None:
            return live
        with self._lock:
            live = self._fresh(connection_id)
            if live is None:  # who waited for the lock finds it loaded
                live = self._load(connection_id, self._by_id.get(connection_id))
                self._by_id[connection_id] = live
            return live

    def roster(self, tenant_id: int) -> list[Context]:
        """Return a tenant's contexts in the tenant's order: as connections were added.

        One that cannot be used is left out: it must not stop what the others do.
        """
        found = []
        for connection_id in self._connections(tenant_id):
            try:
                found.append(self.get(connection_id).ctx)
            except (SettingsUnusable, UnknownPlugin) as error:
                _log.warning("connection_left_out", connection=connection_id, error=str(error))
        return found

    def _connections(self, tenant_id: int) -> Sequence[int]:
        known = self._rosters.get(tenant_id)
        if known is not None and time.monotonic() - known[0] < FRESH_SECONDS:
            return known[1]
        with self._store.aside() as session:
            ids = session.scalars(
                select(ConnectionRow.id)
                .where(ConnectionRow.tenant_id == tenant_id)
                .order_by(ConnectionRow.id)
            ).all()
        self._rosters[tenant_id] = (time.monotonic(), ids)
        return ids

    def is_enabled(self, ctx: Context) -> bool:
        """Say whether the tenant has this connection switched on."""
        return self.get(ctx.connection.id).state is not State.OFF

    def changed_since(self, live: Live) -> Live | None:
        """Return the connection as it is now, or None where its settings are still the same."""
        with self._store.aside() as session:
            sealed = session.scalar(
                select(ConnectionRow.sealed).where(ConnectionRow.id == live.ctx.connection.id)
            )
        if sealed is None or sealed == live.sealed:
            return None
        self.forget(live.ctx.connection.id)
        return self.get(live.ctx.connection.id)

    def forget(self, connection_id: int) -> None:
        """Read this connection anew when it is next asked for."""
        self._by_id.pop(connection_id, None)

    def _fresh(self, connection_id: int) -> Live | None:
        live = self._by_id.get(connection_id)
        fresh = live is not None and time.monotonic() - live.seen < FRESH_SECONDS
        return live if fresh else None

    def _load(self, connection_id: int, old: Live | None) -> Live:
        with self._store.aside() as session:
            row, tenant = session.execute(
                select(ConnectionRow, TenantRow)
                .join(TenantRow, TenantRow.id == ConnectionRow.tenant_id)
                .where(ConnectionRow.id == connection_id)
            ).one()
        unchanged = old is not None and old.sealed == row.sealed
        return Live(
            ctx=old.ctx if old is not None and unchanged else self._context(row, tenant),
            tenant_id=tenant.id,
            files_into=row.files_into,
            state=State(row.state),
            sealed=row.sealed,
            seen=time.monotonic(),
        )

    def _context(self, row: ConnectionRow, tenant: TenantRow) -> Context:
        try:
            config = self._directory.config(row)
        except (SealBroken, ConfigInvalid) as error:
            raise SettingsUnusable(
                f"{SettingsUnusable.beginning(row.slug)}{error}; "
                f"see: balie connection set {tenant.slug} {row.slug}"
            ) from error
        schema = self._directory.registry.get(row.plugin).manifest.config()
        seams = self._seams(tenant, row)
        return Context(
            tenant=Tenant(
                slug=tenant.slug, name=tenant.name, region=tenant.region, locale=tenant.locale
            ),
            connection=Connection(id=row.id, slug=row.slug, plugin=row.plugin, name=row.name),
            config=frozen(config),
            http=VendorSession(hosts(schema, config)),
            files=self._files.of_tenant(tenant.id),
            kv=ConnectionValues(self._store, self._directory.box, self._clock, row.id),
            clock=self._clock,
            log=structlog.get_logger("plugin." + row.plugin).bind(
                tenant=tenant.slug, connection=row.slug
            ),
            hook_url=f"{self._public_url}/hooks/{tenant.slug}/{row.slug}",
            accept=seams.accept,
            bus=seams.bus,
            threads=seams.threads,
            hops=seams.hops,
            workload=seams.workload,
            helpdesk=seams.helpdesk,
            typing=seams.typing,
        )
