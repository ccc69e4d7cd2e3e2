"""Personal addresses, the browsers that are known there, and who has confirmed which published seat."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db

revision = '20261129_own'
down_revision = '20261128_parted'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('personal_links',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('sealed', sa.Text(), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('made_at', core.db.UTCDateTime(), nullable=False),
    sa.Column('first_used_at', core.db.UTCDateTime(), nullable=True),
    sa.Column('ended_at', core.db.UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_personal_links_person_id_people'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_personal_links')),
    sa.UniqueConstraint('digest', name=op.f('uq_personal_links_digest')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('personal_links', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_personal_links_person_id'), ['person_id'], unique=False)

    op.create_table('link_devices',
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('link_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('made_at', core.db.UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['link_id'], ['personal_links.id'], name=op.f('fk_link_devices_link_id_personal_links'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_link_devices'))
    )
    with op.batch_alter_table('link_devices', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_link_devices_link_id'), ['link_id'], unique=False)

    op.create_table('confirmations',
    sa.Column('duty_id', sa.Integer(), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('via', sa.Text(), nullable=False),
    sa.Column('answered_at', core.db.UTCDateTime(), nullable=False),
    sa.Column('answered_by', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.CheckConstraint("via IN ('page', 'link', 'phone', 'api')", name=op.f('ck_confirmations_via_known')),
    sa.CheckConstraint("state IN ('confirmed', 'refused')", name=op.f('ck_confirmations_state_known')),
    sa.ForeignKeyConstraint(['duty_id'], ['duties.id'], name=op.f('fk_confirmations_duty_id_duties'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('duty_id', name=op.f('pk_confirmations'))
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
