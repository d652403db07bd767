"""Tables of tenants and connections."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from balie.store import Base, Id, Key, UtcDateTime, Words


class State(StrEnum):
    """What a connection is able to do."""

    CONNECTED = "connected"
    DEGRADED = "degraded"
    SIGNED_OUT = "signed out"
    OFF = "off"


class TenantRow(Base):
    """An organisation. ``slug`` stands in its webhook addresses."""

    __tablename__ = "tenant"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    slug: Mapped[str] = mapped_column(Key(63), unique=True)
    name: Mapped[str] = mapped_column(Words(200))
    region: Mapped[str] = mapped_column(String(2))
    locale: Mapped[str] = mapped_column(String(5))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ConnectionRow(Base):
    """A tenant's use of one plugin. ``sealed`` is its settings, encrypted as a whole.

    ``alarm`` is what the vendor warns of and has not taken back, beside what state it is in.
    """

    __tablename__ = "connection"
    __table_args__ = (UniqueConstraint("tenant_id", "slug"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenant.id"))
    slug: Mapped[str] = mapped_column(Key(63))
    plugin: Mapped[str] = mapped_column(Key(63))
    name: Mapped[str] = mapped_column(Words(200))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(20), default=State.CONNECTED)
    state_reason: Mapped[str] = mapped_column(Words(1000), default="")
    alarm: Mapped[str] = mapped_column(Words(1000), default="")
    files_into: Mapped[int | None] = mapped_column(ForeignKey("connection.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ValueRow(Base):
    """A plugin's own small value within a connection, encrypted, for a limited time."""

    __tablename__ = "connection_value"

    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id"), primary_key=True)
    key: Mapped[str] = mapped_column(Key(200), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
