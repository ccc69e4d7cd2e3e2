"""Of which hours somebody beside a seat was told last, so that they hear when it moves or is nobody's any more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db

revision = '20261130_shadows_told'
down_revision = '20261129_revisions'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in a batch: the table is not copied and keeps its triggers.
    op.add_column('shadows', sa.Column('told_starts_at', core.db.UTCDateTime(), nullable=True))
    op.add_column('shadows', sa.Column('told_ends_at', core.db.UTCDateTime(), nullable=True))
    held = "SELECT duties.{} FROM duties WHERE duties.seat_id = shadows.seat_id AND duties.cancelled_at IS NULL"
    op.execute(
        f"UPDATE shadows SET told_starts_at = ({held.format('starts_at')}), told_ends_at = ({held.format('ends_at')})"
        " WHERE ended_at IS NULL"
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
