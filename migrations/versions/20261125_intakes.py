"""Sources that report by themselves, and what they sent."""

import sqlalchemy as sa
from alembic import op

revision = '20261125_intakes'
down_revision = '20261125_keep_best'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('intakes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('category', sa.Text(), nullable=False),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.Text(), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('due_by', sa.Text(), nullable=True),
    sa.Column('every_minutes', sa.Integer(), nullable=True),
    sa.Column('heard_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('alarmed_for', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(kind = 'heartbeat') = (due_by IS NOT NULL OR every_minutes IS NOT NULL)", name=op.f('ck_intakes_when_heard')),
    sa.CheckConstraint("kind IN ('pagerduty', 'alertmanager', 'generic', 'heartbeat')", name=op.f('ck_intakes_kind_known')),
    sa.CheckConstraint('due_by IS NULL OR every_minutes IS NULL', name=op.f('ck_intakes_one_rhythm')),
    sa.ForeignKeyConstraint(['category'], ['incident_categories.code'], name=op.f('fk_intakes_category_incident_categories')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_intakes_unit_id_units')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_intakes')),
    sa.UniqueConstraint('digest', name=op.f('uq_intakes_digest'))
    )
    with op.batch_alter_table('intakes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_intakes_unit_id'), ['unit_id'], unique=False)

    op.create_table('intake_events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('intake_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('action', sa.Text(), nullable=False),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('dedup_key', sa.Text(), nullable=False),
    sa.Column('incident_id', sa.Integer(), nullable=True),
    sa.Column('payload', sa.Text(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['incident_id'], ['incidents.id'], name=op.f('fk_intake_events_incident_id_incidents'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['intake_id'], ['intakes.id'], name=op.f('fk_intake_events_intake_id_intakes'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_intake_events'))
    )
    with op.batch_alter_table('intake_events', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_intake_events_incident_id'), ['incident_id'], unique=False)
        batch_op.create_index('ix_intake_events_recent', ['intake_id', 'at'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('intake_events', schema=None) as batch_op:
        batch_op.drop_index('ix_intake_events_recent')
        batch_op.drop_index(batch_op.f('ix_intake_events_incident_id'))

    op.drop_table('intake_events')
    with op.batch_alter_table('intakes', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_intakes_unit_id'))

    op.drop_table('intakes')
