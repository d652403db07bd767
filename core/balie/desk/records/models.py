"""Tables of the domain: people, conversations, messages, tickets."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from balie.api import Status, TicketState
from balie.store import Base, Id, Json, Key, UtcDateTime, Words

ADDRESS_LENGTH = 200
CHANNEL_ID_LENGTH = 250
THREAD_LENGTH = 64
LANGUAGE_LENGTH = 10
ID_DIGITS = 18
"""Digits of the greatest id of our own; a number with more names nothing."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Direction(StrEnum):
    """Who said it to whom. A note is Balie's, to the agents."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    NOTE = "note"


class PersonRow(Base):
    """A customer."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenant.id"))
    name: Mapped[str] = mapped_column(Words(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AddressRow(Base):
    """One way in which a person is known, and what shows that it is this person.

    ``scope`` is the helpdesk connection's id for helpdesk users, else empty. A link that has
    ended, because the customer moved to another number, keeps its row under a scope of its own.
    """

    __tablename__ = "address"
    __table_args__ = (
        UniqueConstraint("tenant_id", "kind", "scope", "value"),
        Index("ix_address_person_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenant.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(20))
    scope: Mapped[str] = mapped_column(String(40), default="")
    value: Mapped[str] = mapped_column(Key(ADDRESS_LENGTH))
    evidence: Mapped[str] = mapped_column(Words(500))
    linked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ConversationRow(Base):
    """One person on one channel connection. ``last_inbound_at`` starts the service window.

    ``shut_at`` is set while answers are held because that window is closed.

    Where customers read with us, one person may have several, told apart by ``thread``; each is
    seen by the address ``begun_by``, and ``place`` is the last one given to a message in it.
    ``files_with`` is the conversation whose ticket this one shares, since the customer went on
    here; there ``goes_on_in`` says in which of those the customer wrote last, if not in itself.
    ``language`` is the customer's, as the channel last told it; empty where it did not.
    """

    __tablename__ = "conversation"
    __table_args__ = (
        UniqueConstraint("connection_id", "person_id", "thread"),
        Index(
            "ix_conversation_begun_by",
            "connection_id",
            "begun_by",
            sqlite_where=text("begun_by != ''"),
            postgresql_where=text("begun_by != ''"),
        ),
        Index(
            "ix_conversation_files_with",
            "files_with",
            sqlite_where=text("files_with IS NOT NULL"),
            postgresql_where=text("files_with IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenant.id"))
    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id"))
    helpdesk_id: Mapped[int] = mapped_column(ForeignKey("connection.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_inbound_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    shut_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    thread: Mapped[str] = mapped_column(Key(THREAD_LENGTH), default="")
    begun_by: Mapped[str] = mapped_column(Key(ADDRESS_LENGTH), default="")
    place: Mapped[int] = mapped_column(default=0)
    files_with: Mapped[int | None] = mapped_column(ForeignKey("conversation.id"))
    goes_on_in: Mapped[int | None] = mapped_column(ForeignKey("conversation.id"))
    language: Mapped[str] = mapped_column(String(LANGUAGE_LENGTH), default="")

    @property
    def reference(self) -> str:
        """What helpdesks know it by: unlike the id, another database's is another one."""
        return f"{self.id}-{(self.opened_at - _EPOCH) // timedelta(microseconds=1):x}"


class TicketRow(Base):
    """A ticket in a helpdesk. A conversation is filed in one at a time: the current one."""

    __tablename__ = "ticket"
    __table_args__ = (
        UniqueConstraint("helpdesk_id", "remote_id"),
        Index(
            "uq_ticket_current",
            "conversation_id",
            unique=True,
            sqlite_where=text("is_current"),
            postgresql_where=text("is_current"),
        ),
        Index("ix_ticket_conversation_id", "conversation_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenant.id"))
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    helpdesk_id: Mapped[int] = mapped_column(ForeignKey("connection.id"))
    remote_id: Mapped[str] = mapped_column(Key(100))
    is_current: Mapped[bool]
    state: Mapped[str] = mapped_column(String(10), default=TicketState.OPEN)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MessageRow(Base):
    """Something said. ``channel_id`` is the channel's id for it, ``comment_id`` its comment's row.

    ``place`` orders what happened in a thread that its customer reads with us: it is given anew
    whenever the message changes, and is empty for what is not to be seen (yet).

    ``quotes`` is the channel's id of the message that this one is about. ``sent_at`` is when the
    channel took one of ours. ``speaker_id`` is who spoke where the conversation is not theirs
    alone, as in a group; of a note, whom it tells of there.
    A note is keyed by ``note_key`` within its conversation, so that it is said once.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("connection_id", "channel_id"),
        UniqueConstraint("conversation_id", "note_key"),
        Index("ix_message_conversation_id_at", "conversation_id", "at"),
        Index(
            "ix_message_sent",
            "conversation_id",
            "sent_at",
            sqlite_where=text("sent_at IS NOT NULL"),
            postgresql_where=text("sent_at IS NOT NULL"),
        ),
        Index(
            "ix_message_place",
            "conversation_id",
            "place",
            sqlite_where=text("place IS NOT NULL"),
            postgresql_where=text("place IS NOT NULL"),
        ),
        Index(
            "ix_message_speaker_id",
            "speaker_id",
            sqlite_where=text("speaker_id IS NOT NULL"),
            postgresql_where=text("speaker_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenant.id"))
    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id"))
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    direction: Mapped[str] = mapped_column(String(10))
    channel_id: Mapped[str | None] = mapped_column(Key(CHANNEL_ID_LENGTH))
    note_key: Mapped[str | None] = mapped_column(Key(100))
    quotes: Mapped[str | None] = mapped_column(Key(CHANNEL_ID_LENGTH))
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"))
    author: Mapped[str] = mapped_column(Words(200), default="")
    parts: Mapped[Any] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    status: Mapped[str] = mapped_column(String(10), default=Status.QUEUED)
    error: Mapped[str] = mapped_column(Words(1000), default="")
    place: Mapped[int | None]
    speaker_id: Mapped[int | None] = mapped_column(Id)  # a person's: see migration 0008


class HopRow(Base):
    """A one-time code with which a customer goes on elsewhere. Only its digest is kept."""

    __tablename__ = "hop"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenant.id"))
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class NoticeRow(Base):
    """Something the vendor told of the account. The newest of a topic stands."""

    __tablename__ = "notice"
    __table_args__ = (UniqueConstraint("connection_id", "key"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenant.id"))
    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id"))
    key: Mapped[str] = mapped_column(Key(250))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    topic: Mapped[str] = mapped_column(Words(100))
    severity: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Words(1000))


class StatusRow(Base):
    """A status as the channel reported it, kept even when its message is not known yet."""

    __tablename__ = "message_status"
    __table_args__ = (UniqueConstraint("connection_id", "channel_id", "status"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenant.id"))
    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id"))
    channel_id: Mapped[str] = mapped_column(Key(CHANNEL_ID_LENGTH))
    status: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    code: Mapped[str] = mapped_column(Words(50), default="")
    text: Mapped[str] = mapped_column(Words(1000), default="")


class CommentRow(Base):
    """A comment that Balie wrote or relayed. What stands here is never relayed again.

    ``opened`` is the comment that a ticket was made with.
    """

    __tablename__ = "comment"
    __table_args__ = (
        UniqueConstraint("helpdesk_id", "remote_id"),
        Index("ix_comment_helpdesk_id_at", "helpdesk_id", "at"),
        Index("ix_comment_ticket_id_at", "ticket_id", "at"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenant.id"))
    helpdesk_id: Mapped[int] = mapped_column(ForeignKey("connection.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    remote_id: Mapped[str] = mapped_column(Key(100))
    is_ours: Mapped[bool]
    opened: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
