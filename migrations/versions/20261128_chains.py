"""Two asks that move together or not at all."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '202611301_chains'
down_revision = "202611301_places_ended"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('swap_chains',
    sa.Column('first_id', sa.Integer(), nullable=False),
    sa.Column('second_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['first_id'], ['swaps.id'], name=op.f('fk_swap_chains_first_id_swaps'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(
        ['second_id'], ['swaps.id'], name=op.f('fk_swap_chains_second_id_swaps'), ondelete='CASCADE'
    ),
    sa.PrimaryKeyConstraint('first_id', name=op.f('pk_swap_chains')),
    sa.UniqueConstraint('second_id', name=op.f('uq_swap_chains_second_id'))
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
