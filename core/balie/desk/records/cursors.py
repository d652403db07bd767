"""How far each connection's vendor has been asked what happened."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from balie.store import Base, UtcDateTime, Words, exclusively

CURSOR_LENGTH = 2000


class CursorRow(Base):
    """From where a connection's vendor is asked next, and when.

    ``asked_at`` is when the last question that was answered was put; ``problem`` is why the last
    one was not answered, after so many ``failures`` in a row.
    """

    __tablename__ = "connection_cursor"

    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id"), primary_key=True)
    cursor: Mapped[str] = mapped_column(String(CURSOR_LENGTH), default="")
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)
    failures: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str] = mapped_column(Words(1000), default="")


def found(session: Session, connection_id: int) -> CursorRow:
    """Return the connection's cursor, one at the start where there is none yet."""
    row = session.get(CursorRow, connection_id)
    return row or CursorRow(connection_id=connection_id, cursor="", failures=0, problem="")


def answered(
    session: Session, connection_id: int, *, was: str, cursor: str, at: datetime, next_at: datetime
) -> bool:
    """Move the cursor on, unless another process moved it from ``was`` meanwhile."""
    row = _kept(session, connection_id, next_at)
    if row.cursor != was:
        return False
    row.cursor, row.asked_at, row.next_at = cursor, at, next_at
    row.failures, row.problem = 0, ""
    return True


def refused(session: Session, connection_id: int, *, problem: str, next_at: datetime) -> None:
    """Write down why there was no answer; the cursor stays."""
    row = _kept(session, connection_id, next_at)
    row.failures, row.problem, row.next_at = row.failures + 1, problem, next_at


def _kept(session: Session, connection_id: int, next_at: datetime) -> CursorRow:
    exclusively(session, f"cursor {connection_id}")
    row = session.get(CursorRow, connection_id)
    if row is None:
        row = CursorRow(
            connection_id=connection_id, cursor="", next_at=next_at, failures=0, problem=""
        )
        session.add(row)
    return row
