"""Corrections of the ledger: why, when and by whom."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db

revision = '20261129_ledger'
down_revision = '20261129_overtime'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('ledger', sa.Column('reason', sa.Text(), server_default='', nullable=False))
    op.add_column('ledger', sa.Column('recorded_at', core.db.UTCDateTime(), nullable=True))
    op.add_column('ledger', sa.Column('recorded_by', sa.Text(), server_default='', nullable=False))


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
