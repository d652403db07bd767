"""Processes: who lives, who leads, and wake-ups between them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "process",
        sa.Column("id", _ID, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("host", sa.String(length=100), nullable=False),
        sa.Column("started_at", _AT, nullable=False),
        sa.Column("seen_at", _AT, nullable=False),
        sa.Column("ended_at", _AT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_process"),
        sa.UniqueConstraint("name", name="uq_process_name"),
    )
    op.create_table(
        "leader",
        sa.Column("task", sa.String(length=50), nullable=False),
        sa.Column("holder", sa.String(length=200), nullable=True),
        sa.Column("beat", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("task", name="pk_leader"),
    )
    # Hints only: PostgreSQL need not write them to its log, nor to disk before it answers.
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.create_table(
        "wake_up",
        sa.Column("lane_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("woken_at", _AT, nullable=False),
        sa.PrimaryKeyConstraint("lane_id", name="pk_wake_up"),
        prefixes=[] if is_sqlite else ["UNLOGGED"],
    )
    op.create_index("ix_wake_up_rank_woken_at", "wake_up", ["rank", "woken_at"], unique=False)


def downgrade() -> None:
    op.drop_table("wake_up")
    op.drop_table("leader")
    op.drop_table("process")
