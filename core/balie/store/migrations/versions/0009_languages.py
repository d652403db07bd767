"""Which language a customer reads, where the channel told it."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "conversation", sa.Column("language", sa.String(10), nullable=False, server_default="")
    )


def downgrade() -> None:
    op.drop_column("conversation", "language")
