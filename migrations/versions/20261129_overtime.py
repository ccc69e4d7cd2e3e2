"""Who agrees to the overtime in their published duty, and who does not."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db

revision = '20261129_overtime'
down_revision = '20261129_presence'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('overtime_consents',
    sa.Column('duty_id', sa.Integer(), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('via', sa.Text(), nullable=False),
    sa.Column('answered_at', core.db.UTCDateTime(), nullable=False),
    sa.Column('answered_by', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.CheckConstraint("state IN ('agreed', 'refused')", name=op.f('ck_overtime_consents_state_known')),
    sa.CheckConstraint("via IN ('page', 'link', 'phone', 'paper', 'api')", name=op.f('ck_overtime_consents_via_known')),
    sa.CheckConstraint('minutes > 0', name=op.f('ck_overtime_consents_minutes_positive')),
    sa.ForeignKeyConstraint(['duty_id'], ['duties.id'], name=op.f('fk_overtime_consents_duty_id_duties'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('duty_id', name=op.f('pk_overtime_consents'))
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
