"""Whether a policy tells those who were called how it ended; indexes of the messages that say so, and of what was last
asked of a person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261227_how_it_ended"
down_revision = "20261226_words_of_attempts"
branch_labels = None
depends_on = None

IS_ENDING = sa.text("rank = 4")


def upgrade() -> None:
    op.add_column(
        "policy_versions", sa.Column("tells_end", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    op.create_index("ix_pages_person", "pages", ["person_id", "created_at"])
    op.drop_index("ix_pages_person_id", table_name="pages")
    op.create_index(
        "ix_messages_endings",
        "messages",
        ["person_id", "sent_at"],
        sqlite_where=IS_ENDING,
        postgresql_where=IS_ENDING,
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
