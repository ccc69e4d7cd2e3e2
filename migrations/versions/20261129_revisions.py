"""Approvals of drafts; revisions that withdraw others or hold duty entered afterwards; their number on paper."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db

revision = "20261129_revisions"
down_revision = '20261129_handovers'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('approvals',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('campaign_id', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('draft_version', sa.Integer(), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('content_hash', sa.Text(), nullable=False),
    sa.Column('gaps', sa.JSON(), nullable=False),
    sa.Column('accept_gaps', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('submitted_by', sa.Text(), nullable=False),
    sa.Column('submitter_id', sa.Integer(), nullable=True),
    sa.Column('submitted_at', core.db.UTCDateTime(), nullable=False),
    sa.Column('approver_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('answered_at', core.db.UTCDateTime(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('published_as', sa.Integer(), nullable=True),
    sa.CheckConstraint("state IN ('submitted', 'approved', 'returned', 'replaced')", name=op.f('ck_approvals_state_known')),
    sa.ForeignKeyConstraint(['approver_id'], ['people.id'], name=op.f('fk_approvals_approver_id_people')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_approvals_campaign_id_campaigns'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['submitter_id'], ['people.id'], name=op.f('fk_approvals_submitter_id_people'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approvals')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('approvals', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_approvals_campaign_id'), ['campaign_id'], unique=False)
        batch_op.create_index('ix_approvals_of_person', ['approver_id', 'state'], unique=False)

    with op.batch_alter_table('campaigns', schema=None) as batch_op:
        batch_op.add_column(sa.Column('needs_approval', sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table('revisions', schema=None) as batch_op:
        batch_op.add_column(sa.Column('kind', sa.Text(), server_default='published', nullable=False))
        batch_op.add_column(sa.Column('withdraws', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('attested_by', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('attested_as', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('document_number', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('signed_on', sa.Date(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
