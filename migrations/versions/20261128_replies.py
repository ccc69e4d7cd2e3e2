"""Texts and missed calls that come in, the choices texted back; automatic calls about anything that one key answers; how
an answer that was given for somebody was heard."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = '202611301_replies'
down_revision = '20261130_shadows_told'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('replies',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('gateway_id', sa.Integer(), nullable=False),
    sa.Column('report_id', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('came_at', core.db.UTCDateTime(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('said', sa.Text(), nullable=False),
    sa.Column('settled_at', core.db.UTCDateTime(), nullable=True),
    sa.Column('settled_by', sa.Text(), nullable=False),
    sa.CheckConstraint("kind IN ('text', 'call')", name=op.f('ck_replies_kind_known')),
    sa.CheckConstraint("state IN ('new', 'answered', 'asked', 'refused', 'unclear', 'settled', 'ignored')", name=op.f('ck_replies_state_known')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_replies_person_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_replies')),
    sa.UniqueConstraint('gateway_id', 'report_id', name=op.f('uq_replies_gateway_id_report_id')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('replies', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_replies_person_id'), ['person_id'], unique=False)
        batch_op.create_index('ix_replies_state', ['state', 'came_at'], unique=False)

    op.create_table('reply_choices',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('asks', sa.JSON(), nullable=False),
    sa.Column('asked_at', core.db.UTCDateTime(), nullable=False),
    sa.Column('expires_at', core.db.UTCDateTime(), nullable=False),
    sa.Column('ended_at', core.db.UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_reply_choices_person_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reply_choices')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('reply_choices', schema=None) as batch_op:
        batch_op.create_index('ix_reply_choices_number', ['number', 'expires_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_reply_choices_person_id'), ['person_id'], unique=False)

    # Not in a batch: the table is not copied and keeps its triggers.
    op.add_column('consents', sa.Column('note', sa.Text(), server_default='', nullable=False))
    known = "kind IN ('confirm', 'swap', 'ask')"
    if op.get_bind().dialect.name == 'postgresql':
        op.drop_constraint(op.f('ck_spoken_asks_kind_known'), 'spoken_asks', type_='check')
        op.create_check_constraint(op.f('ck_spoken_asks_kind_known'), 'spoken_asks', known)
        return
    # SQLite changes no constraint in place, and nothing refers to this table: it is made anew around its rows.
    with op.batch_alter_table('spoken_asks', copy_from=_spoken_asks(known), recreate='always'):
        pass


def _spoken_asks(known: str) -> sa.Table:
    asks = sa.Table('spoken_asks', sa.MetaData(),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('swap_id', sa.Integer(), nullable=True),
    sa.Column('seen', sa.JSON(), nullable=False),
    sa.Column('made_at', core.db.UTCDateTime(), nullable=False),
    sa.Column('expires_at', core.db.UTCDateTime(), nullable=False),
    sa.CheckConstraint("(kind = 'swap') = (swap_id IS NOT NULL)", name=op.f('ck_spoken_asks_about')),
    sa.CheckConstraint(known, name=op.f('ck_spoken_asks_kind_known')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_spoken_asks_person_id_people')),
    sa.ForeignKeyConstraint(['swap_id'], ['swaps.id'], name=op.f('fk_spoken_asks_swap_id_swaps'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_spoken_asks'))
    )
    sa.Index(op.f('ix_spoken_asks_person_id'), asks.c.person_id)
    return asks


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
