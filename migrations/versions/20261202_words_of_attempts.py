"""The words that each attempt handed over: the gateway is chosen, and its wording filled, at sending."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261226_words_of_attempts"
down_revision = "20261223_refused_at_the_door"
branch_labels = None
depends_on = None

HAS_WORDS = sa.text("words <> ''")


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("words", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_deliveries_words", "deliveries", ["at"], sqlite_where=HAS_WORDS, postgresql_where=HAS_WORDS)


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
