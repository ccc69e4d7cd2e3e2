"""Reviews and the shift diary."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_learning"
down_revision = "20261125_shared_desk"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "diary_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["diary_notes.id"], name=op.f("fk_diary_notes_corrects_id_diary_notes")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_diary_notes_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diary_notes")),
    )
    op.create_index("ix_diary_notes_when", "diary_notes", ["unit_id", "at"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
