"""Links that show how one incident stands, for group chats."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = '202611301_shared_incidents'
down_revision = '202611301_days_fetched'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('shared_incidents',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('sealed', sa.Text(), nullable=False),
    sa.Column('incident_id', sa.Integer(), nullable=False),
    sa.Column('news_at', core.db.UTCDateTime(), nullable=True),
    sa.Column('made_at', core.db.UTCDateTime(), nullable=False),
    sa.Column('made_by', sa.Text(), nullable=False),
    sa.Column('owner', sa.Text(), nullable=False),
    sa.Column('ended_at', core.db.UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['incident_id'], ['incidents.id'], name=op.f('fk_shared_incidents_incident_id_incidents'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shared_incidents')),
    sa.UniqueConstraint('digest', name=op.f('uq_shared_incidents_digest')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('shared_incidents', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_shared_incidents_incident_id'), ['incident_id'], unique=False)


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
