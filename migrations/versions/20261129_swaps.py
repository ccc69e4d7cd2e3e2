"""Asks to swap, cover or drop a published seat, automatic calls that wait for a key, and lists behind
a link."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = '20261129_swaps'
down_revision = '20261129_own'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('swaps',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('campaign_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('seat_id', sa.Integer(), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('for_seat_id', sa.Integer(), nullable=True),
    sa.Column('for_sequence', sa.Integer(), nullable=True),
    sa.Column('from_at', core.db.UTCDateTime(), nullable=True),
    sa.Column('to_at', core.db.UTCDateTime(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('heard', sa.Text(), nullable=False),
    sa.Column('passes', sa.Boolean(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('asked_at', core.db.UTCDateTime(), nullable=False),
    sa.Column('asked_by', sa.Text(), nullable=False),
    sa.Column('asked_by_id', sa.Integer(), nullable=True),
    sa.Column('expires_at', core.db.UTCDateTime(), nullable=False),
    sa.Column('taker_id', sa.Integer(), nullable=True),
    sa.Column('closed_at', core.db.UTCDateTime(), nullable=True),
    sa.Column('closed_by', sa.Text(), nullable=False),
    sa.Column('closing_note', sa.Text(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=True),
    sa.CheckConstraint("(kind = 'swap') = (for_seat_id IS NOT NULL)", name=op.f('ck_swaps_in_return')),
    sa.CheckConstraint("kind IN ('swap', 'cover', 'drop')", name=op.f('ck_swaps_kind_known')),
    sa.CheckConstraint("state IN ('asked', 'accepted', 'approved', 'declined', 'rejected', 'cancelled', 'expired', 'void')", name=op.f('ck_swaps_state_known')),
    sa.CheckConstraint('(from_at IS NULL) = (to_at IS NULL)', name=op.f('ck_swaps_part')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['people.id'], name=op.f('fk_swaps_asked_by_id_people')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_swaps_campaign_id_campaigns')),
    sa.ForeignKeyConstraint(['for_seat_id'], ['seats.id'], name=op.f('fk_swaps_for_seat_id_seats')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_swaps_person_id_people')),
    sa.ForeignKeyConstraint(['seat_id'], ['seats.id'], name=op.f('fk_swaps_seat_id_seats')),
    sa.ForeignKeyConstraint(['taker_id'], ['people.id'], name=op.f('fk_swaps_taker_id_people')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_swaps_unit_id_units')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_swaps')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('swaps', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_swaps_campaign_id'), ['campaign_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_swaps_expires_at'), ['expires_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_swaps_for_seat_id'), ['for_seat_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_swaps_person_id'), ['person_id'], unique=False)
        batch_op.create_index('uq_swaps_open', ['seat_id'], unique=True, sqlite_where=sa.text("state IN ('asked', 'accepted')"), postgresql_where=sa.text("state IN ('asked', 'accepted')"))

    op.create_table('swap_asked',
    sa.Column('swap_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('turn_at', core.db.UTCDateTime(), nullable=False),
    sa.Column('told_at', core.db.UTCDateTime(), nullable=True),
    sa.Column('reached', sa.Boolean(), nullable=False),
    sa.Column('nudged_at', core.db.UTCDateTime(), nullable=True),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.Column('answered_at', core.db.UTCDateTime(), nullable=True),
    sa.Column('answered_by', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.CheckConstraint("answer IN ('accepted', 'declined')", name=op.f('ck_swap_asked_answer_known')),
    sa.CheckConstraint('(answer IS NULL) = (answered_at IS NULL)', name=op.f('ck_swap_asked_answered')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_swap_asked_person_id_people')),
    sa.ForeignKeyConstraint(['swap_id'], ['swaps.id'], name=op.f('fk_swap_asked_swap_id_swaps'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('swap_id', 'person_id', name=op.f('pk_swap_asked'))
    )
    with op.batch_alter_table('swap_asked', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_swap_asked_person_id'), ['person_id'], unique=False)

    with op.batch_alter_table('campaigns', schema=None) as batch_op:
        batch_op.add_column(sa.Column('swaps_pass', sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table('shifts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('parted_from', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_shifts_parted_from_shifts'), 'shifts', ['parted_from'], ['id'])

    op.create_table('spoken_asks',
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('swap_id', sa.Integer(), nullable=True),
    sa.Column('seen', sa.JSON(), nullable=False),
    sa.Column('made_at', core.db.UTCDateTime(), nullable=False),
    sa.Column('expires_at', core.db.UTCDateTime(), nullable=False),
    sa.CheckConstraint("(kind = 'swap') = (swap_id IS NOT NULL)", name=op.f('ck_spoken_asks_about')),
    sa.CheckConstraint("kind IN ('confirm', 'swap')", name=op.f('ck_spoken_asks_kind_known')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_spoken_asks_person_id_people')),
    sa.ForeignKeyConstraint(['swap_id'], ['swaps.id'], name=op.f('fk_spoken_asks_swap_id_swaps'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_spoken_asks'))
    )
    with op.batch_alter_table('spoken_asks', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_spoken_asks_person_id'), ['person_id'], unique=False)

    op.create_table('shared_lists',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('sealed', sa.Text(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=False),
    sa.Column('made_at', core.db.UTCDateTime(), nullable=False),
    sa.Column('made_by', sa.Text(), nullable=False),
    sa.Column('owner', sa.Text(), nullable=False),
    sa.Column('expires_at', core.db.UTCDateTime(), nullable=False),
    sa.Column('ended_at', core.db.UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_shared_lists_unit_id_units')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shared_lists')),
    sa.UniqueConstraint('digest', name=op.f('uq_shared_lists_digest')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('shared_lists', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_shared_lists_unit_id'), ['unit_id'], unique=False)


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
