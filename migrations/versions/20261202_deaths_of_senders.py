"""How often a sender died with a message: of all, and of these those that carried nothing else."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261229_deaths_of_senders"
down_revision = "20261227_how_it_ended"
branch_labels = None
depends_on = None

HAS_DIED = sa.text("deaths > 0")


def upgrade() -> None:
    for name in ("deaths", "deaths_alone"):
        op.add_column("messages", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_messages_deaths", "messages", ["deaths"], sqlite_where=HAS_DIED, postgresql_where=HAS_DIED)


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
