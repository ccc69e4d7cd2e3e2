"""Hand-over minutes with what units settled about them, and unannounced checks of who is on duty."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db

revision = '20261129_handovers'
down_revision = '20261129_telling'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('handover_places',
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('duties', sa.JSON(), nullable=False),
    sa.Column('items', sa.JSON(), nullable=False),
    sa.Column('changed_at', core.db.UTCDateTime(), nullable=False),
    sa.Column('changed_by', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_handover_places_unit_id_units'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('unit_id', name=op.f('pk_handover_places'))
    )
    op.create_table('duty_checks',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('asked_at', core.db.UTCDateTime(), nullable=False),
    sa.Column('closes_at', core.db.UTCDateTime(), nullable=False),
    sa.Column('closed_at', core.db.UTCDateTime(), nullable=True),
    sa.Column('asked_by', sa.Text(), nullable=False),
    sa.Column('asked_by_person_id', sa.Integer(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('at_night', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('exercise', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.ForeignKeyConstraint(['asked_by_person_id'], ['people.id'], name=op.f('fk_duty_checks_asked_by_person_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_duty_checks')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('duty_checks', schema=None) as batch_op:
        batch_op.create_index('ix_duty_checks_open', ['closed_at', 'closes_at'], unique=False)

    op.create_table('handovers',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('duty', sa.Text(), nullable=False),
    sa.Column('seat_id', sa.Integer(), nullable=False),
    sa.Column('starts_at', core.db.UTCDateTime(), nullable=False),
    sa.Column('changes_at', core.db.UTCDateTime(), nullable=False),
    sa.Column('outgoing_id', sa.Integer(), nullable=True),
    sa.Column('outgoing_name', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('content_hash', sa.Text(), nullable=False),
    sa.Column('prepared_at', core.db.UTCDateTime(), nullable=False),
    sa.Column('prepared_by', sa.Text(), nullable=False),
    sa.Column('signed_at', core.db.UTCDateTime(), nullable=True),
    sa.Column('signed_by', sa.Text(), nullable=False),
    sa.Column('signed_via', sa.Text(), nullable=False),
    sa.Column('signed_how', sa.Text(), nullable=False),
    sa.Column('accepted_at', core.db.UTCDateTime(), nullable=True),
    sa.Column('accepted_by_id', sa.Integer(), nullable=True),
    sa.Column('accepted_name', sa.Text(), nullable=False),
    sa.Column('accepted_by', sa.Text(), nullable=False),
    sa.Column('accepted_via', sa.Text(), nullable=False),
    sa.Column('accepted_how', sa.Text(), nullable=False),
    sa.Column('moved', sa.JSON(), nullable=False),
    sa.CheckConstraint("(state = 'accepted') = (accepted_at IS NOT NULL)", name=op.f('ck_handovers_accepted')),
    sa.CheckConstraint("(state = 'prepared') = (signed_at IS NULL)", name=op.f('ck_handovers_signed')),
    sa.CheckConstraint("state IN ('prepared', 'signed', 'accepted')", name=op.f('ck_handovers_state_known')),
    sa.ForeignKeyConstraint(['accepted_by_id'], ['people.id'], name=op.f('fk_handovers_accepted_by_id_people')),
    sa.ForeignKeyConstraint(['outgoing_id'], ['people.id'], name=op.f('fk_handovers_outgoing_id_people')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_handovers_unit_id_units')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_handovers')),
    sa.UniqueConstraint('seat_id', 'outgoing_id', name=op.f('uq_handovers_seat_id_outgoing_id')),
    sa.UniqueConstraint('unit_id', 'year', 'number', name=op.f('uq_handovers_unit_id_year_number')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('handovers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_handovers_accepted_by_id'), ['accepted_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_handovers_outgoing_id'), ['outgoing_id'], unique=False)
        batch_op.create_index('ix_handovers_waiting', ['state', 'changes_at'], unique=False)

    op.create_table('duty_check_asks',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('check_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('duties', sa.JSON(), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('answered_at', core.db.UTCDateTime(), nullable=True),
    sa.Column('device_at', core.db.UTCDateTime(), nullable=True),
    sa.Column('via', sa.Text(), nullable=False),
    sa.Column('answered_by', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.CheckConstraint("via IN ('', 'page', 'link', 'phone', 'api')", name=op.f('ck_duty_check_asks_via_known')),
    sa.ForeignKeyConstraint(['check_id'], ['duty_checks.id'], name=op.f('fk_duty_check_asks_check_id_duty_checks'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_duty_check_asks_person_id_people')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_duty_check_asks_unit_id_units')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_duty_check_asks')),
    sa.UniqueConstraint('check_id', 'person_id', name=op.f('uq_duty_check_asks_check_id_person_id')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('duty_check_asks', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_duty_check_asks_person_id'), ['person_id'], unique=False)

    op.create_table('duty_check_units',
    sa.Column('check_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['check_id'], ['duty_checks.id'], name=op.f('fk_duty_check_units_check_id_duty_checks'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_duty_check_units_unit_id_units')),
    sa.PrimaryKeyConstraint('check_id', 'unit_id', name=op.f('pk_duty_check_units'))
    )
    op.create_table('handover_notes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('handover_id', sa.Integer(), nullable=False),
    sa.Column('at', core.db.UTCDateTime(), nullable=False),
    sa.Column('who', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.CheckConstraint("kind IN ('note', 'declined', 'late')", name=op.f('ck_handover_notes_kind_known')),
    sa.ForeignKeyConstraint(['handover_id'], ['handovers.id'], name=op.f('fk_handover_notes_handover_id_handovers'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_handover_notes')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('handover_notes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_handover_notes_handover_id'), ['handover_id'], unique=False)



def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
