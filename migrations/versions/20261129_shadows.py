"""Who stands beside the holder of a published seat."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db

revision = '20261129_shadows'
down_revision = '20261129_hours'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('shadows',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('seat_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('added_at', core.db.UTCDateTime(), nullable=False),
    sa.Column('added_by', sa.Text(), nullable=False),
    sa.Column('ended_at', core.db.UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_shadows_person_id_people')),
    sa.ForeignKeyConstraint(['seat_id'], ['seats.id'], name=op.f('fk_shadows_seat_id_seats'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shadows')),
    sqlite_autoincrement=True
    )
    runs = sa.text('ended_at IS NULL')
    with op.batch_alter_table('shadows', schema=None) as batch_op:
        batch_op.create_index('ix_shadows_one', ['seat_id', 'person_id'], unique=True, sqlite_where=runs, postgresql_where=runs)
        batch_op.create_index(batch_op.f('ix_shadows_person_id'), ['person_id'], unique=False)


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
