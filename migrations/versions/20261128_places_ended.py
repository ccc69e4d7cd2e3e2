"""A unit that had settled how it hands over can follow those above it again, and take that back."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = '202611301_places_ended'
down_revision = '202611301_shared_incidents'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in a batch: the table is not copied and keeps its triggers.
    op.add_column('handover_places', sa.Column('ended_at', core.db.UTCDateTime(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
