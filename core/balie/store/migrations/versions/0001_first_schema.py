"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "tenant",
        sa.Column("id", _ID, nullable=False),
        sa.Column("slug", sa.String(length=63), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("region", sa.String(length=2), nullable=False),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tenant"),
        sa.UniqueConstraint("slug", name="uq_tenant_slug"),
    )
    op.create_table(
        "connection",
        sa.Column("id", _ID, nullable=False),
        sa.Column("tenant_id", _ID, nullable=False),
        sa.Column("slug", sa.String(length=63), nullable=False),
        sa.Column("plugin", sa.String(length=63), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("state_reason", sa.String(length=1000), nullable=False),
        sa.Column("alarm", sa.String(length=1000), nullable=False),
        sa.Column("files_into", _ID, nullable=True),
        sa.Column("created_at", _AT, nullable=False),
        sa.ForeignKeyConstraint(["files_into"], ["connection.id"], name="fk_connection_files_into"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name="fk_connection_tenant_id"),
        sa.PrimaryKeyConstraint("id", name="pk_connection"),
        sa.UniqueConstraint("tenant_id", "slug", name="uq_connection_tenant_id_slug"),
    )
    op.create_table(
        "person",
        sa.Column("id", _ID, nullable=False),
        sa.Column("tenant_id", _ID, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name="fk_person_tenant_id"),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
    )
    op.create_table(
        "address",
        sa.Column("id", _ID, nullable=False),
        sa.Column("tenant_id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("scope", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.Column("evidence", sa.String(length=500), nullable=False),
        sa.Column("linked_at", _AT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_address_person_id"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name="fk_address_tenant_id"),
        sa.PrimaryKeyConstraint("id", name="pk_address"),
        sa.UniqueConstraint(
            "tenant_id", "kind", "scope", "value", name="uq_address_tenant_id_kind_scope_value"
        ),
    )
    op.create_index("ix_address_person_id", "address", ["person_id"], unique=False)
    op.create_table(
        "connection_value",
        sa.Column("connection_id", _ID, nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", _AT, nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connection.id"], name="fk_connection_value_connection_id"
        ),
        sa.PrimaryKeyConstraint("connection_id", "key", name="pk_connection_value"),
    )
    op.create_table(
        "conversation",
        sa.Column("id", _ID, nullable=False),
        sa.Column("tenant_id", _ID, nullable=False),
        sa.Column("connection_id", _ID, nullable=False),
        sa.Column("helpdesk_id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("opened_at", _AT, nullable=False),
        sa.Column("last_inbound_at", _AT, nullable=True),
        sa.Column("thread", sa.String(length=64), nullable=False),
        sa.Column("files_with", _ID, nullable=True),
        sa.Column("goes_on_in", _ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["files_with"], ["conversation.id"], name="fk_conversation_files_with"
        ),
        sa.ForeignKeyConstraint(
            ["goes_on_in"], ["conversation.id"], name="fk_conversation_goes_on_in"
        ),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connection.id"], name="fk_conversation_connection_id"
        ),
        sa.ForeignKeyConstraint(
            ["helpdesk_id"], ["connection.id"], name="fk_conversation_helpdesk_id"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_conversation_person_id"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name="fk_conversation_tenant_id"),
        sa.PrimaryKeyConstraint("id", name="pk_conversation"),
        sa.UniqueConstraint(
            "connection_id",
            "person_id",
            "thread",
            name="uq_conversation_connection_id_person_id_thread",
        ),
    )
    op.create_table(
        "ledger_lane",
        sa.Column("id", _ID, nullable=False),
        sa.Column("tenant_id", _ID, nullable=False),
        sa.Column("connection_id", _ID, nullable=False),
        sa.Column("name", sa.String(length=250), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("due_at", _AT, nullable=True),
        sa.Column("lease_token", sa.String(length=32), nullable=True),
        sa.Column("lease_until", _AT, nullable=True),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connection.id"], name="fk_ledger_lane_connection_id"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name="fk_ledger_lane_tenant_id"),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_lane"),
        sa.UniqueConstraint("connection_id", "name", name="uq_ledger_lane_connection_id_name"),
    )
    op.create_index(
        "ix_ledger_lane_due_at",
        "ledger_lane",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_table(
        "ledger_receipt",
        sa.Column("id", _ID, nullable=False),
        sa.Column("tenant_id", _ID, nullable=False),
        sa.Column("connection_id", _ID, nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("duplicates", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connection.id"], name="fk_ledger_receipt_connection_id"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name="fk_ledger_receipt_tenant_id"),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_receipt"),
    )
    op.create_index(
        "ix_ledger_receipt_tenant_id_at", "ledger_receipt", ["tenant_id", "at"], unique=False
    )
    op.create_table(
        "notice",
        sa.Column("id", _ID, nullable=False),
        sa.Column("tenant_id", _ID, nullable=False),
        sa.Column("connection_id", _ID, nullable=False),
        sa.Column("key", sa.String(length=250), nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.Column("topic", sa.String(length=100), nullable=False),
        sa.Column("severity", sa.String(length=10), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connection.id"], name="fk_notice_connection_id"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name="fk_notice_tenant_id"),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
        sa.UniqueConstraint("connection_id", "key", name="uq_notice_connection_id_key"),
    )
    op.create_table(
        "message_status",
        sa.Column("id", _ID, nullable=False),
        sa.Column("tenant_id", _ID, nullable=False),
        sa.Column("connection_id", _ID, nullable=False),
        sa.Column("channel_id", sa.String(length=250), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.Column("code", sa.String(length=50), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connection.id"], name="fk_message_status_connection_id"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name="fk_message_status_tenant_id"),
        sa.PrimaryKeyConstraint("id", name="pk_message_status"),
        sa.UniqueConstraint(
            "connection_id",
            "channel_id",
            "status",
            name="uq_message_status_connection_id_channel_id_status",
        ),
    )
    op.create_table(
        "ledger_item",
        sa.Column("id", _ID, nullable=False),
        sa.Column("tenant_id", _ID, nullable=False),
        sa.Column("connection_id", _ID, nullable=False),
        sa.Column("lane_id", _ID, nullable=True),
        sa.Column("root_id", _ID, nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("dedupe", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("order_at", _AT, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", _AT, nullable=True),
        sa.Column("attempted_at", _AT, nullable=True),
        sa.Column("batch", sa.String(length=64), nullable=True),
        sa.Column("accepted_at", _AT, nullable=False),
        sa.Column("ended_at", _AT, nullable=True),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connection.id"], name="fk_ledger_item_connection_id"
        ),
        sa.ForeignKeyConstraint(["lane_id"], ["ledger_lane.id"], name="fk_ledger_item_lane_id"),
        sa.ForeignKeyConstraint(["root_id"], ["ledger_item.id"], name="fk_ledger_item_root_id"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name="fk_ledger_item_tenant_id"),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_item"),
        sa.UniqueConstraint("connection_id", "dedupe", name="uq_ledger_item_connection_id_dedupe"),
    )
    op.create_index(
        "ix_ledger_item_attempted",
        "ledger_item",
        ["connection_id", "attempted_at"],
        unique=False,
        sqlite_where=sa.text("state = 'pending' AND attempted_at IS NOT NULL"),
        postgresql_where=sa.text("state = 'pending' AND attempted_at IS NOT NULL"),
    )
    op.create_index(
        "ix_ledger_item_parked",
        "ledger_item",
        ["tenant_id"],
        unique=False,
        sqlite_where=sa.text("state = 'parked'"),
        postgresql_where=sa.text("state = 'parked'"),
    )
    op.create_index("ix_ledger_item_root_id", "ledger_item", ["root_id"], unique=False)
    op.create_index(
        "ix_ledger_item_tenant_id_accepted_at",
        "ledger_item",
        ["tenant_id", "accepted_at"],
        unique=False,
    )
    op.create_index(
        "ix_ledger_item_waiting",
        "ledger_item",
        ["lane_id", "order_at", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_table(
        "ticket",
        sa.Column("id", _ID, nullable=False),
        sa.Column("tenant_id", _ID, nullable=False),
        sa.Column("conversation_id", _ID, nullable=False),
        sa.Column("helpdesk_id", _ID, nullable=False),
        sa.Column("remote_id", sa.String(length=100), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("opened_at", _AT, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_ticket_conversation_id"
        ),
        sa.ForeignKeyConstraint(["helpdesk_id"], ["connection.id"], name="fk_ticket_helpdesk_id"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name="fk_ticket_tenant_id"),
        sa.PrimaryKeyConstraint("id", name="pk_ticket"),
        sa.UniqueConstraint("helpdesk_id", "remote_id", name="uq_ticket_helpdesk_id_remote_id"),
    )
    op.create_index("ix_ticket_conversation_id", "ticket", ["conversation_id"], unique=False)
    op.create_index(
        "uq_ticket_current",
        "ticket",
        ["conversation_id"],
        unique=True,
        sqlite_where=sa.text("is_current"),
        postgresql_where=sa.text("is_current"),
    )
    op.create_table(
        "comment",
        sa.Column("id", _ID, nullable=False),
        sa.Column("tenant_id", _ID, nullable=False),
        sa.Column("helpdesk_id", _ID, nullable=False),
        sa.Column("ticket_id", _ID, nullable=False),
        sa.Column("remote_id", sa.String(length=100), nullable=False),
        sa.Column("is_ours", sa.Boolean(), nullable=False),
        sa.Column("opened", sa.Boolean(), nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.ForeignKeyConstraint(["helpdesk_id"], ["connection.id"], name="fk_comment_helpdesk_id"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name="fk_comment_tenant_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_comment_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_comment"),
        sa.UniqueConstraint("helpdesk_id", "remote_id", name="uq_comment_helpdesk_id_remote_id"),
    )
    op.create_index("ix_comment_helpdesk_id_at", "comment", ["helpdesk_id", "at"], unique=False)
    op.create_index("ix_comment_ticket_id_at", "comment", ["ticket_id", "at"], unique=False)
    op.create_table(
        "message",
        sa.Column("id", _ID, nullable=False),
        sa.Column("tenant_id", _ID, nullable=False),
        sa.Column("connection_id", _ID, nullable=False),
        sa.Column("conversation_id", _ID, nullable=False),
        sa.Column("direction", sa.String(length=10), nullable=False),
        sa.Column("channel_id", sa.String(length=250), nullable=True),
        sa.Column("note_key", sa.String(length=100), nullable=True),
        sa.Column("quotes", sa.String(length=250), nullable=True),
        sa.Column("comment_id", _ID, nullable=True),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("parts", sa.Text(), nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("error", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name="fk_message_comment_id"),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connection.id"], name="fk_message_connection_id"
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_message_conversation_id"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name="fk_message_tenant_id"),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
        sa.UniqueConstraint(
            "connection_id", "channel_id", name="uq_message_connection_id_channel_id"
        ),
        sa.UniqueConstraint(
            "conversation_id", "note_key", name="uq_message_conversation_id_note_key"
        ),
    )
    op.create_index(
        "ix_message_conversation_id_at", "message", ["conversation_id", "at"], unique=False
    )
