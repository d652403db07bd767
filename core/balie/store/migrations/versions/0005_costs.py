"""What messages cost, and budgets."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "message_cost",
        sa.Column("id", _ID, nullable=False),
        sa.Column("tenant_id", _ID, nullable=False),
        sa.Column("connection_id", _ID, nullable=False),
        sa.Column("channel_id", sa.String(length=250), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("category", sa.String(length=60), nullable=False),
        sa.Column("type", sa.String(length=60), nullable=False),
        sa.Column("billable", sa.Boolean(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name="fk_message_cost_tenant_id"),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connection.id"], name="fk_message_cost_connection_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_message_cost"),
        sa.UniqueConstraint(
            "connection_id", "channel_id", name="uq_message_cost_connection_id_channel_id"
        ),
    )
    op.create_index(
        "ix_message_cost_connection_id_month",
        "message_cost",
        ["connection_id", "month"],
        unique=False,
    )
    op.create_table(
        "cost_budget",
        sa.Column("connection_id", _ID, nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connection.id"], name="fk_cost_budget_connection_id"
        ),
        sa.PrimaryKeyConstraint("connection_id", name="pk_cost_budget"),
    )


def downgrade() -> None:
    op.drop_table("cost_budget")
    op.drop_table("message_cost")
