"""Who spoke, where a conversation is not theirs alone."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INDEX = "ix_message_speaker_id"
_SPOKEN = sa.text("speaker_id IS NOT NULL")


def upgrade() -> None:
    # Without a foreign key: on SQLite that would copy the whole table, here and on the way back.
    op.add_column("message", sa.Column("speaker_id", _ID, nullable=True))
    op.create_index(
        _INDEX, "message", ["speaker_id"], sqlite_where=_SPOKEN, postgresql_where=_SPOKEN
    )


def downgrade() -> None:
    op.drop_index(_INDEX, "message")
    op.drop_column("message", "speaker_id")
