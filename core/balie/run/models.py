"""Tables of the processes: who lives, who leads, and which lanes wait to be looked at."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from balie.store import Base, Id, Key, UtcDateTime


class ProcessRow(Base):
    """A process while it gave signs of life. It gives one every few seconds.

    ``ended_at`` is when it stopped and said so. One that was silent for a while and went on has a
    row for each part, so that the gap shows.
    """

    __tablename__ = "process"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(Key(200), unique=True)
    role: Mapped[str] = mapped_column(String(20))
    host: Mapped[str] = mapped_column(Key(100))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class LeaderRow(Base):
    """Who leads. ``beat`` goes up while the holder lives; no holder means that it stepped down."""

    __tablename__ = "leader"

    task: Mapped[str] = mapped_column(Key(50), primary_key=True)
    holder: Mapped[str | None] = mapped_column(Key(200))
    beat: Mapped[int] = mapped_column(BigInteger)


class WakeUpRow(Base):
    """A lane that a worker should look at, where wake-ups travel through PostgreSQL.

    ``rank`` is the priority with its sign turned, so that the first is the lowest. The rows are
    hints: losing them all costs a second.
    """

    __tablename__ = "wake_up"
    __table_args__ = (Index("ix_wake_up_rank_woken_at", "rank", "woken_at"),)

    lane_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    rank: Mapped[int]
    woken_at: Mapped[datetime] = mapped_column(UtcDateTime)
