"""The service window, templates, and what messages cost."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("conversation", sa.Column("shut_at", _AT, nullable=True))
    op.add_column("message", sa.Column("sent_at", _AT, nullable=True))
    op.create_index(
        "ix_message_sent",
        "message",
        ["conversation_id", "sent_at"],
        unique=False,
        sqlite_where=sa.text("sent_at IS NOT NULL"),
        postgresql_where=sa.text("sent_at IS NOT NULL"),
    )
    op.create_table(
        "template",
        sa.Column("id", _ID, nullable=False),
        sa.Column("tenant_id", _ID, nullable=False),
        sa.Column("connection_id", _ID, nullable=False),
        sa.Column("remote_id", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=512), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("quality", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("text", sa.String(length=8000), nullable=False),
        sa.Column("variables", sa.Text(), nullable=False),
        sa.Column("components", sa.Text(), nullable=False),
        sa.Column("seen_at", _AT, nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name="fk_template_tenant_id"),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connection.id"], name="fk_template_connection_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_template"),
        sa.UniqueConstraint(
            "connection_id", "name", "language", name="uq_template_connection_id_name_language"
        ),
    )
    op.create_table(
        "template_sync",
        sa.Column("connection_id", _ID, nullable=False),
        sa.Column("synced_at", _AT, nullable=True),
        sa.Column("due_at", _AT, nullable=False),
        sa.Column("problem", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connection.id"], name="fk_template_sync_connection_id"
        ),
        sa.PrimaryKeyConstraint("connection_id", name="pk_template_sync"),
    )


def downgrade() -> None:
    op.drop_table("template_sync")
    op.drop_table("template")
    op.drop_index("ix_message_sent", "message")
    op.drop_column("message", "sent_at")
    op.drop_column("conversation", "shut_at")
