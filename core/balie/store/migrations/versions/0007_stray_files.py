"""Files that are deleted unless they come to be used."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "stray_file",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("tenant_id", _ID, nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name="fk_stray_file_tenant_id"),
        sa.PrimaryKeyConstraint("key", name="pk_stray_file"),
    )
    op.create_index("ix_stray_file_until", "stray_file", ["until"], unique=False)


def downgrade() -> None:
    op.drop_table("stray_file")
