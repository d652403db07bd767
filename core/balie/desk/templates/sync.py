"""Reading templates from the vendor: by the clock, and when an admin asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from balie.api import BalieError, Clock, Template
from balie.desk.templates.catalogue import (
    LANGUAGE_LENGTH,
    NAME_LENGTH,
    TemplateRow,
    TemplateSyncRow,
    all_of,
)
from balie.hooks import Hooks
from balie.store import Store, StoreUnavailable, Unstorable, as_json, exclusively, fitted
from balie.tenants.contexts import Contexts
from balie.tenants.models import ConnectionRow, State

EVERY = timedelta(hours=1)
AFTER_FAILURE = timedelta(minutes=15)
LOOK_SECONDS = 60.0
HOOK = "templates_list"

_log = structlog.get_logger("templates")


@dataclass(frozen=True, slots=True)
class TemplateSync:
    """Brings what we know of templates to what the vendors have."""

    store: Store
    hooks: Hooks
    contexts: Contexts
    clock: Clock

    def look(self) -> None:
        """Read anew where it is time to. A vendor that fails is asked again a while later."""
        try:
            for connection_id in self._due():
                self._try(connection_id)
        except StoreUnavailable as error:
            _log.warning("template_sync_waits", error=str(error))

    def sync(self, connection_id: int) -> int:
        """Read a connection's templates now; return how many there are.

        Raises what the hook raises; then what is known stays.
        """
        live = self.contexts.get(connection_id)
        asked_at = self.clock.now()
        found = self.hooks.templates_list(live.ctx)
        with self.store.writing() as session:
            # An admin and the clock may read at the same moment.
            exclusively(session, f"templates {connection_id}")
            kept = _write(session, live.tenant_id, connection_id, found, asked_at)
            _note_down(session, connection_id, asked_at + EVERY, synced_at=asked_at)
        return kept

    def submit(self, connection_id: int, template: Template) -> Template:
        """Hand a new template to the vendor and keep it. Raises what the hook raises."""
        live = self.contexts.get(connection_id)
        taken = self.hooks.template_submit(live.ctx, template)
        with self.store.writing() as session:
            exclusively(session, f"templates {connection_id}")
            same = [row for row in all_of(session, connection_id) if _key(taken) == _key_of(row)]
            row = same[0] if same else _new(session, live.tenant_id, connection_id, taken)
            _copy(taken, row, self.clock.now())
        return taken

    def _try(self, connection_id: int) -> None:
        try:
            self.sync(connection_id)
        except BalieError as error:
            _log.info("template_sync_failed", connection=connection_id, error=str(error))
            due_at = self.clock.now() + AFTER_FAILURE
            with self.store.writing() as session:
                exclusively(session, f"templates {connection_id}")
                _note_down(session, connection_id, due_at, problem=str(error))

    def _due(self) -> list[int]:
        query = (
            select(ConnectionRow.id, ConnectionRow.plugin)
            .outerjoin(TemplateSyncRow, TemplateSyncRow.connection_id == ConnectionRow.id)
            .where(
                ConnectionRow.state != State.OFF,
                or_(TemplateSyncRow.due_at.is_(None), TemplateSyncRow.due_at <= self.clock.now()),
            )
            .order_by(ConnectionRow.id)
        )
        with self.store.reading() as session:
            rows = session.execute(query).all()
        function = self.hooks.registry.function
        return [row.id for row in rows if function(row.plugin, HOOK) is not None]


def _write(
    session: Session,
    tenant_id: int,
    connection_id: int,
    found: Sequence[Template],
    at: datetime,
) -> int:
    known = {_key_of(row): row for row in all_of(session, connection_id)}
    fresh = {_key(one): one for one in found if _storable(one)}
    for key, template in fresh.items():
        row = known.get(key)
        if row is None:
            row = _new(session, tenant_id, connection_id, template)
        elif row.seen_at > at:
            continue  # an event that is newer than this list changed it
        _copy(template, row, at)
    gone = [row.id for key, row in known.items() if key not in fresh]
    session.execute(delete(TemplateRow).where(TemplateRow.id.in_(gone)))
    return len(fresh)


def _key(template: Template) -> tuple[str, str]:
    return fitted(template.name, NAME_LENGTH), fitted(template.language, LANGUAGE_LENGTH)


def _key_of(row: TemplateRow) -> tuple[str, str]:
    return row.name, row.language


def _new(session: Session, tenant_id: int, connection_id: int, template: Template) -> TemplateRow:
    row = TemplateRow(tenant_id=tenant_id, connection_id=connection_id)
    row.name, row.language = _key(template)
    session.add(row)
    return row


def _copy(template: Template, row: TemplateRow, at: datetime) -> None:
    row.remote_id = template.id
    row.category, row.status = template.category, template.status
    row.quality, row.reason = template.quality, template.reason
    row.text = template.text
    row.variables = [list(variable) for variable in template.variables]
    row.components = template.components
    row.seen_at = at


def _storable(template: Template) -> bool:
    """Leave out the one that cannot be kept; those beside it must not suffer from it."""
    try:
        as_json(template.components)
    except Unstorable as error:
        _log.warning("template_left_out", name=template.name, error=str(error))
        return False
    return True


def _note_down(
    session: Session,
    connection_id: int,
    due_at: datetime,
    *,
    synced_at: datetime | None = None,
    problem: str = "",
) -> None:
    row = session.get(TemplateSyncRow, connection_id)
    if row is None:
        row = TemplateSyncRow(connection_id=connection_id, synced_at=None)
        session.add(row)
    row.due_at, row.problem = due_at, problem
    row.synced_at = synced_at or row.synced_at
