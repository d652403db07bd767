"""Files that are deleted at a time, unless they come to be used before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Index, delete, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from balie.store.base import Base, Id, Key, UtcDateTime
from balie.store.engine import Store
from balie.store.statements import table_of


class StrayFileRow(Base):
    """A file that nobody has used yet. It stands here before it stands in the media store."""

    __tablename__ = "stray_file"
    __table_args__ = (Index("ix_stray_file_until", "until"),)

    key: Mapped[str] = mapped_column(Key(64), primary_key=True)
    tenant_id: Mapped[int] = mapped_column(Id, ForeignKey("tenant.id"))
    until: Mapped[datetime] = mapped_column(UtcDateTime)


_STRAY = table_of(StrayFileRow)


@dataclass(frozen=True, slots=True)
class Strays:
    """What is written down of such files."""

    store: Store

    def note(self, key: str, tenant_id: int, until: datetime) -> None:
        """Let a file go at this time."""
        values = {"key": key, "tenant_id": tenant_id, "until": until}
        with self.store.writing() as session:
            session.execute(insert(_STRAY), values)

    def forget(self, keys: Sequence[str], tenant_id: int) -> None:
        """Keep a tenant's files for good, or let go what is gone."""
        with self.store.writing() as session:
            session.execute(
                delete(_STRAY).where(_STRAY.c.key.in_(keys), _STRAY.c.tenant_id == tenant_id)
            )

    def due(self, now: datetime, most: int) -> list[tuple[str, int]]:
        """Return keys of files that are to go, each with its tenant."""
        query = select(_STRAY.c.key, _STRAY.c.tenant_id).where(_STRAY.c.until <= now)
        with self.store.reading() as session:
            rows = session.execute(query.order_by(_STRAY.c.until).limit(most)).all()
        return [(key, tenant_id) for key, tenant_id in rows]
