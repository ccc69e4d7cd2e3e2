"""Who of those on duty is there: which kinds of duty ask it, what was said, and whom nobody has seen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db

revision = '20261129_presence'
down_revision = '20261129_shadows'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('presences',
    sa.Column('duty_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('at', core.db.UTCDateTime(), nullable=False),
    sa.Column('said_at', core.db.UTCDateTime(), nullable=False),
    sa.Column('said_by', sa.Text(), nullable=False),
    sa.Column('via', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.CheckConstraint("kind IN ('check_in', 'check_out', 'ready')", name=op.f('ck_presences_kind_known')),
    sa.CheckConstraint("via IN ('page', 'link', 'phone', 'api')", name=op.f('ck_presences_via_known')),
    sa.ForeignKeyConstraint(['duty_id'], ['duties.id'], name=op.f('fk_presences_duty_id_duties'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('duty_id', 'kind', name=op.f('pk_presences'))
    )
    op.create_table('no_shows',
    sa.Column('duty_id', sa.Integer(), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('called_at', core.db.UTCDateTime(), nullable=False),
    sa.Column('deputy_at', core.db.UTCDateTime(), nullable=True),
    sa.Column('deputies', sa.JSON(), nullable=False),
    sa.Column('ended_at', core.db.UTCDateTime(), nullable=True),
    sa.Column('ended_as', sa.Text(), nullable=True),
    sa.CheckConstraint("ended_as IN ('arrived', 'excused', 'changed', 'over')", name=op.f('ck_no_shows_ended_as_known')),
    sa.ForeignKeyConstraint(['duty_id'], ['duties.id'], name=op.f('fk_no_shows_duty_id_duties'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('duty_id', name=op.f('pk_no_shows'))
    )
    with op.batch_alter_table('no_shows', schema=None) as batch_op:
        batch_op.create_index('ix_no_shows_ended', ['ended_at'], unique=False)

    op.create_table('no_show_incidents',
    sa.Column('duty_id', sa.Integer(), nullable=False),
    sa.Column('called_at', core.db.UTCDateTime(), nullable=False),
    sa.Column('incident_id', sa.Integer(), nullable=False),
    sa.Column('raised_at', core.db.UTCDateTime(), nullable=False),
    sa.Column('told_at', core.db.UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['duty_id'], ['duties.id'], name=op.f('fk_no_show_incidents_duty_id_duties'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['incident_id'], ['incidents.id'], name=op.f('fk_no_show_incidents_incident_id_incidents'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('duty_id', 'called_at', name=op.f('pk_no_show_incidents'))
    )
    with op.batch_alter_table('no_show_incidents', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_no_show_incidents_incident_id'), ['incident_id'], unique=False)

    op.add_column('duty_kinds', sa.Column('check_in_since', core.db.UTCDateTime(), nullable=True))
    op.add_column('duty_kinds', sa.Column('ready_since', core.db.UTCDateTime(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
