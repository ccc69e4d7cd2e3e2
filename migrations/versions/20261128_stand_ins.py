"""Who stood in for somebody who had not come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db

revision = '202611301_stand_ins'
down_revision = '202611301_chains'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('stand_ins',
    sa.Column('duty_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('from_at', core.db.UTCDateTime(), nullable=False),
    sa.Column('until_at', core.db.UTCDateTime(), nullable=True),
    sa.Column('noted_at', core.db.UTCDateTime(), nullable=False),
    sa.Column('noted_by', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['duty_id'], ['duties.id'], name=op.f('fk_stand_ins_duty_id_duties'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_stand_ins_person_id_people')),
    sa.PrimaryKeyConstraint('duty_id', name=op.f('pk_stand_ins'))
    )
    op.create_index(op.f('ix_stand_ins_person_id'), 'stand_ins', ['person_id'], unique=False)


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
