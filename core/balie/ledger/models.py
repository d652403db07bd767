"""Tables of the ledger: items of work, their lanes, and receipts of what came in."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from balie.store import Base, Id, Json, Key, UtcDateTime, Words

DEDUPE_LENGTH = 300
LANE_LENGTH = 250


class State(StrEnum):
    """Where an item is. It leaves ``pending`` once, unless a person replays it."""

    PENDING = "pending"
    DELIVERED = "delivered"
    REFUSED = "refused"
    PARKED = "parked"


class Item(Base):
    """One piece of work.

    An event that came in has ``root_id`` NULL; what follows from it names it as root, so that
    an event counts as delivered only when all that follows from it is. ``attempted_at`` is
    written before a call whose effect cannot be undone, and cleared when its outcome is known.
    ``batch`` names the items that were attempted together.
    """

    __tablename__ = "ledger_item"
    __table_args__ = (
        UniqueConstraint("connection_id", "dedupe"),
        Index(
            "ix_ledger_item_waiting",
            "lane_id",
            "order_at",
            "id",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        # What was attempted and is not settled: few at any time, and asked for at each answer.
        Index(
            "ix_ledger_item_attempted",
            "connection_id",
            "attempted_at",
            sqlite_where=text("state = 'pending' AND attempted_at IS NOT NULL"),
            postgresql_where=text("state = 'pending' AND attempted_at IS NOT NULL"),
        ),
        Index("ix_ledger_item_tenant_id_accepted_at", "tenant_id", "accepted_at"),
        Index("ix_ledger_item_root_id", "root_id"),
        Index(
            "ix_ledger_item_parked",
            "tenant_id",
            sqlite_where=text("state = 'parked'"),
            postgresql_where=text("state = 'parked'"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenant.id"))
    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id"))
    lane_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_lane.id"))
    root_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_item.id"))
    kind: Mapped[str] = mapped_column(String(20))
    dedupe: Mapped[str] = mapped_column(Key(DEDUPE_LENGTH))
    state: Mapped[str] = mapped_column(String(10), default=State.PENDING)
    reason: Mapped[str] = mapped_column(Words(1000), default="")
    order_at: Mapped[datetime] = mapped_column(UtcDateTime)
    body: Mapped[Any] = mapped_column(Json)
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    batch: Mapped[str | None] = mapped_column(String(64))
    accepted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Lane(Base):
    """The queue of one conversation in one direction. ``due_at`` is NULL when nothing waits."""

    __tablename__ = "ledger_lane"
    __table_args__ = (
        UniqueConstraint("connection_id", "name"),
        Index(
            "ix_ledger_lane_due_at",
            "due_at",
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenant.id"))
    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id"))
    name: Mapped[str] = mapped_column(Key(LANE_LENGTH))
    priority: Mapped[int] = mapped_column(SmallInteger)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease_token: Mapped[str | None] = mapped_column(String(32))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class LedgerReceipt(Base):
    """What webhooks brought a connection in one commit, counted then and never changed.

    The other half of the balance.
    """

    __tablename__ = "ledger_receipt"
    __table_args__ = (Index("ix_ledger_receipt_tenant_id_at", "tenant_id", "at"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenant.id"))
    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    accepted: Mapped[int]
    duplicates: Mapped[int]
