"""Reconciliation: how far each connection's vendor has been asked."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "connection_cursor",
        sa.Column("connection_id", _ID, nullable=False),
        sa.Column("cursor", sa.String(length=2000), nullable=False),
        sa.Column("asked_at", _AT, nullable=True),
        sa.Column("next_at", _AT, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connection.id"], name="fk_connection_cursor_connection_id"
        ),
        sa.PrimaryKeyConstraint("connection_id", name="pk_connection_cursor"),
    )


def downgrade() -> None:
    op.drop_table("connection_cursor")
