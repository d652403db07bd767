"""Threads that customers read with us, and codes to go on elsewhere."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column(
        "conversation",
        sa.Column("begun_by", sa.String(length=200), nullable=False, server_default=""),
    )
    op.add_column(
        "conversation", sa.Column("place", sa.Integer(), nullable=False, server_default="0")
    )
    _index("ix_conversation_begun_by", "conversation", ["connection_id", "begun_by"], "!= ''")
    _index("ix_conversation_files_with", "conversation", ["files_with"], "IS NOT NULL")
    op.add_column("message", sa.Column("place", sa.Integer(), nullable=True))
    _index("ix_message_place", "message", ["conversation_id", "place"], "IS NOT NULL")
    op.create_table(
        "hop",
        sa.Column("id", _ID, nullable=False),
        sa.Column("tenant_id", _ID, nullable=False),
        sa.Column("conversation_id", _ID, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("expires_at", _AT, nullable=False),
        sa.Column("used_at", _AT, nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name="fk_hop_tenant_id"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_hop_conversation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_hop"),
        sa.UniqueConstraint("digest", name="uq_hop_digest"),
    )


def downgrade() -> None:
    op.drop_table("hop")
    op.drop_index("ix_message_place", "message")
    op.drop_column("message", "place")
    op.drop_index("ix_conversation_files_with", "conversation")
    op.drop_index("ix_conversation_begun_by", "conversation")
    op.drop_column("conversation", "place")
    op.drop_column("conversation", "begun_by")


def _index(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(f"{columns[-1]} {condition}")
    op.create_index(name, table, columns, unique=False, sqlite_where=where, postgresql_where=where)
