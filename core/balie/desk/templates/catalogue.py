"""The templates that vendors have for us: kept, found, changed."""

import difflib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from balie.api import Template, TemplateChanged, TemplateUse
from balie.desk.templates.values import Facts, TemplateUnusable, filled, render
from balie.store import Base, Id, Json, Key, UtcDateTime, Words

NAME_LENGTH = 512
LANGUAGE_LENGTH = 20


class TemplateRow(Base):
    """A template of a connection, as the vendor had it at ``seen_at``."""

    __tablename__ = "template"
    __table_args__ = (UniqueConstraint("connection_id", "name", "language"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenant.id"))
    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id"))
    remote_id: Mapped[str] = mapped_column(Key(100))
    name: Mapped[str] = mapped_column(Key(NAME_LENGTH))
    language: Mapped[str] = mapped_column(Key(LANGUAGE_LENGTH))
    category: Mapped[str] = mapped_column(Words(40))
    status: Mapped[str] = mapped_column(Words(40))
    quality: Mapped[str] = mapped_column(Words(40))
    reason: Mapped[str] = mapped_column(Words(1000))
    text: Mapped[str] = mapped_column(Words(8000))
    variables: Mapped[Any] = mapped_column(Json)
    components: Mapped[Any] = mapped_column(Json)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)

    def as_template(self) -> Template:
        """Return it as plugins know it."""
        return Template(
            id=self.remote_id,
            name=self.name,
            language=self.language,
            category=self.category,
            status=self.status,
            text=self.text,
            variables=tuple((str(name), str(example)) for name, example in self.variables),
            quality=self.quality,
            reason=self.reason,
            components=self.components,
        )


class TemplateSyncRow(Base):
    """When a connection's templates were read, and when they are to be read next."""

    __tablename__ = "template_sync"

    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id"), primary_key=True)
    synced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    problem: Mapped[str] = mapped_column(Words(1000))


def all_of(session: Session, connection_id: int) -> Sequence[TemplateRow]:
    """Return a connection's templates by name and language."""
    return session.scalars(
        select(TemplateRow)
        .where(TemplateRow.connection_id == connection_id)
        .order_by(TemplateRow.name, TemplateRow.language)
    ).all()


def were_read(session: Session, connection_id: int) -> bool:
    """Say whether the vendor has told its templates, so that one we miss is missing there."""
    row = session.get(TemplateSyncRow, connection_id)
    return row is not None and row.synced_at is not None


def usable(
    session: Session, connection_id: int, name: str, *, language: str = "", locale: str = "en"
) -> Template:
    """Return a template that can be sent. Raises TemplateUnusable, saying why it cannot.

    Without ``language``, one in the tenant's is taken before others.
    """
    template = named(session, connection_id, name, language=language, locale=locale)
    if not template.is_usable:
        raise TemplateUnusable(
            "unusable",
            name=template.name,
            language=template.language,
            status=template.status,
            reason=f" ({template.reason})" if template.reason else "",
        )
    return template


def named(
    session: Session, connection_id: int, name: str, *, language: str = "", locale: str = "en"
) -> Template:
    """Return a template by name, usable or not. Raises TemplateUnusable where there is none."""
    rows = all_of(session, connection_id)
    same = [row.as_template() for row in rows if row.name == name]
    if not same:
        near = difflib.get_close_matches(name, {row.name for row in rows}, n=3, cutoff=0.5)
        if near:
            raise TemplateUnusable("misspelt", name=name, near=", ".join(near))
        raise TemplateUnusable("missing", name=name)
    fits = [template for template in same if language in ("", template.language)]
    if not fits:
        languages = ", ".join(template.language for template in same)
        raise TemplateUnusable("language", name=name, language=language, languages=languages)
    return min(fits, key=lambda one: (not one.is_usable, not one.language.startswith(locale)))


def use(template: Template, given: dict[str, str], facts: Facts) -> TemplateUse:
    """Return a template filled in, ready to be sent. Raises TemplateUnusable."""
    return made_use(template, filled(template.name, template.variables, given, facts))


def made_use(template: Template, values: dict[str, str]) -> TemplateUse:
    """Return a template with these values, by its own names."""
    return TemplateUse(
        text=render(template.text, values),
        name=template.name,
        language=template.language,
        values=values,
    )


def changed(session: Session, connection_id: int, event: TemplateChanged, now: datetime) -> str:
    """Follow a change at the vendor. Returns the reason where it changes nothing here.

    Of a template that is not known here, or that was read since, all of them are to be read anew.
    """
    row = session.scalar(
        select(TemplateRow)
        .where(
            TemplateRow.connection_id == connection_id,
            TemplateRow.name == event.name,
            TemplateRow.language == event.language,
        )
        .with_for_update()
    )
    if row is None:
        _read_anew(session, connection_id, now)
        return f"template {event.name} ({event.language}) is not known here yet"
    # Vendors tell whole seconds.
    if event.at < row.seen_at.replace(microsecond=0):
        # By our clock. Should it be ahead of the vendor's, the list is right again soon.
        _read_anew(session, connection_id, now)
        return f"template {event.name} ({event.language}) was read since"
    for field in ("status", "category", "quality"):
        setattr(row, field, getattr(event, field) or getattr(row, field))
    if event.reason or event.status:
        row.reason = event.reason
    row.seen_at = event.at
    return ""


def _read_anew(session: Session, connection_id: int, now: datetime) -> None:
    sync = session.get(TemplateSyncRow, connection_id)
    if sync is not None:
        sync.due_at = min(sync.due_at, now)
