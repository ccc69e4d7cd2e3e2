"""Days off and wishes that people ask for, and what was answered."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = '202611301_requests'
down_revision = '202611301_replies'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('day_requests',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('about', sa.Text(), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=False),
    sa.Column('template', sa.Text(), nullable=False),
    sa.Column('what', sa.Text(), nullable=False),
    sa.Column('is_withdrawal', sa.Boolean(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('reply', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('asked_at', core.db.UTCDateTime(), nullable=False),
    sa.Column('answered_at', core.db.UTCDateTime(), nullable=True),
    sa.Column('answered_by', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('told_at', core.db.UTCDateTime(), nullable=True),
    sa.CheckConstraint("about IN ('absence', 'wish')", name=op.f('ck_day_requests_about_known')),
    sa.CheckConstraint("state IN ('asked', 'returned', 'accepted', 'refused', 'withdrawn')", name=op.f('ck_day_requests_state_known')),
    sa.CheckConstraint('from_on <= to_on', name=op.f('ck_day_requests_ordered')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_day_requests_person_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_day_requests')),
    sa.UniqueConstraint('person_id', 'about', 'from_on', 'to_on', 'template', name=op.f('uq_day_requests_person_id_about_from_on_to_on_template')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('day_requests', schema=None) as batch_op:
        batch_op.create_index('ix_day_requests_state', ['state'], unique=False)


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
