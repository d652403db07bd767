"""Tenants and connections in the database: add, find, change, switch."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from marshmallow import ValidationError
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from balie.api import BalieError, Clock, ConfigInvalid, Kind
from balie.hooks import Registry
from balie.store import Store
from balie.tenants.models import ConnectionRow, State, TenantRow
from balie.tenants.secrets import SealBroken, SecretBox

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


class NotThere(BalieError):
    """No tenant or connection of that name."""


class NotPossible(BalieError):
    """The wish contradicts what is there. The message says what to do."""


@dataclass(frozen=True, slots=True)
class Directory:
    """All that is known of tenants and connections. Settings pass through their plugin's schema."""

    store: Store
    registry: Registry
    box: SecretBox
    clock: Clock

    def add_tenant(self, slug: str, *, name: str, region: str, locale: str) -> TenantRow:
        """Make a tenant. Raises NotPossible for a bad or taken slug."""
        _checked(slug)
        if locale not in ("nl", "en"):
            raise NotPossible(f"{locale!r} is no language of Balie: choose nl or en")
        if not re.fullmatch("[A-Z]{2}", region):
            raise NotPossible(f"{region!r} is no country: give two capitals, such as NL")
        row = TenantRow(
            slug=slug, name=name, region=region, locale=locale, created_at=self.clock.now()
        )
        with self.store.writing() as session:
            if session.scalar(select(TenantRow.id).where(TenantRow.slug == slug)) is not None:
                raise NotPossible(f"a tenant {slug!r} exists already")
            session.add(row)
        return row

    def tenants(self) -> list[TenantRow]:
        """Return all tenants by slug."""
        with self.store.reading() as session:
            return list(session.scalars(select(TenantRow).order_by(TenantRow.slug)))

    def tenant(self, slug: str) -> TenantRow:
        """Return one tenant. Raises NotThere."""
        with self.store.reading() as session:
            row = session.scalar(select(TenantRow).where(TenantRow.slug == slug))
        if row is None:
            raise NotThere(f"there is no tenant {slug!r}; see: balie tenant list")
        return row

    def add_connection(
        self,
        tenant: str,
        slug: str,
        *,
        plugin: str,
        config: Mapping[str, Any],
        files_into: str | None = None,
        name: str = "",
    ) -> ConnectionRow:
        """Make a connection.

        A channel needs ``files_into``, the slug of the helpdesk connection that its
        conversations are filed in. Raises ConfigInvalid, NotPossible, NotThere.
        """
        _checked(slug)
        owner = self.tenant(tenant)
        manifest = self.registry.get(plugin).manifest
        sealed = self._sealed(plugin, config)
        if (manifest.kind is Kind.CHANNEL) != bool(files_into):
            raise NotPossible(
                f"{plugin} is a {manifest.kind}: "
                + ("name the helpdesk it files into" if not files_into else "it files into nothing")
            )
        with self.store.writing() as session:
            target = self._helpdesk(session, owner.id, files_into) if files_into else None
            if session.scalar(_connection(tenant, slug)) is not None:
                raise NotPossible(f"tenant {tenant!r} has a connection {slug!r} already")
            row = ConnectionRow(
                tenant_id=owner.id,
                slug=slug,
                plugin=plugin,
                name=name or manifest.name,
                sealed=sealed,
                state=State.CONNECTED,
                state_reason="",
                files_into=target,
                created_at=self.clock.now(),
            )
            session.add(row)
        return row

    def connections(self, tenant: str) -> list[ConnectionRow]:
        """Return a tenant's connections by slug."""
        with self.store.reading() as session:
            return list(
                session.scalars(
                    select(ConnectionRow)
                    .join(TenantRow, TenantRow.id == ConnectionRow.tenant_id)
                    .where(TenantRow.slug == tenant)
                    .order_by(ConnectionRow.slug)
                )
            )

    def connection(self, tenant: str, slug: str) -> ConnectionRow:
        """Return one connection of a tenant. Raises NotThere."""
        with self.store.reading() as session:
            row = session.scalar(_connection(tenant, slug))
        if row is None:
            raise NotThere(f"tenant {tenant!r} has no connection {slug!r}")
        return row

    def set_config(self, tenant: str, slug: str, changes: Mapping[str, Any]) -> None:
        """Change settings; what is not named stays. A ConfigInvalid changes nothing.

        Where no key opens the settings any more, they are to be given anew, all of them.
        """
        with self.store.writing() as session:
            row = session.scalar(_connection(tenant, slug).with_for_update(of=ConnectionRow))
            if row is None:
                raise NotThere(f"tenant {tenant!r} has no connection {slug!r}")
            row.sealed = self._sealed(row.plugin, {**self._opened(row), **changes})
            if row.state == State.SIGNED_OUT:
                row.state, row.state_reason = State.CONNECTED, ""

    def set_state(
        self, connection_id: int, state: State, reason: str = "", *, unless: State | None = None
    ) -> bool:
        """Set what a connection is able to do, unless it is in that state. Returns whether it did.

        What was so already is not set again.
        """
        reason = reason[:1000]
        with self.store.writing() as session:
            row = session.get_one(ConnectionRow, connection_id, with_for_update=True)
            if row.state == unless or (row.state == state and row.state_reason == reason):
                return False
            row.state, row.state_reason = state, reason
        return True

    def config(self, row: ConnectionRow) -> dict[str, Any]:
        """Return a connection's settings, secrets included. Raises SealBroken, ConfigInvalid."""
        return self._validated(row.plugin, orjson.loads(self.box.open(row.sealed)))

    def _validated(self, plugin: str, config: Mapping[str, Any]) -> dict[str, Any]:
        schema = self.registry.get(plugin).manifest.config()
        try:
            loaded = schema.load(config)
        except ValidationError as error:
            raise ConfigInvalid(_sentences(error)) from error
        assert isinstance(loaded, dict)  # noqa: S101 -- ConfigSchema loads into a dict; for mypy
        return loaded

    def _opened(self, row: ConnectionRow) -> dict[str, Any]:
        try:
            opened = orjson.loads(self.box.open(row.sealed))
        except SealBroken:
            return {}
        return dict(opened)

    def _sealed(self, plugin: str, config: Mapping[str, Any]) -> bytes:
        self._validated(plugin, config)
        return self.box.seal(orjson.dumps(dict(config)))

    def _helpdesk(self, session: Session, tenant_id: int, slug: str) -> int:
        row = session.scalar(
            select(ConnectionRow).where(
                ConnectionRow.tenant_id == tenant_id, ConnectionRow.slug == slug
            )
        )
        if row is None or self.registry.get(row.plugin).manifest.kind is not Kind.HELPDESK:
            raise NotPossible(f"{slug!r} is no helpdesk connection of this tenant; add that first")
        return row.id


def _connection(tenant: str, slug: str) -> Select[ConnectionRow]:
    return (
        select(ConnectionRow)
        .join(TenantRow, TenantRow.id == ConnectionRow.tenant_id)
        .where(TenantRow.slug == tenant, ConnectionRow.slug == slug)
    )


def _checked(slug: str) -> None:
    if not _SLUG.fullmatch(slug):
        raise NotPossible(f"{slug!r} cannot be a name in an address: use a-z, 0-9 and dashes")


def _sentences(error: ValidationError) -> dict[str, str]:
    messages = error.messages
    if isinstance(messages, list):
        return {"settings": " ".join(str(message) for message in messages)}
    return {
        str(field): " ".join(str(text) for text in texts) if isinstance(texts, list) else str(texts)
        for field, texts in messages.items()
    }
