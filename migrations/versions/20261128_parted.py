"""What is history keeps the name of whoever was removed: what was done after incidents, old versions of policies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261128_parted"
down_revision = "20261128_noted"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("policy_versions", sa.Column("catch_all_gone", sa.JSON(), nullable=False, server_default="[]"))
    _owners()
    _targets()


def _owners() -> None:
    with op.batch_alter_table("review_actions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("owner_name", sa.Text(), nullable=False, server_default=""))
        batch_op.alter_column("owner_id", existing_type=sa.Integer(), nullable=True)
        batch_op.create_check_constraint(op.f("ck_review_actions_somebody"), "owner_id IS NOT NULL OR owner_name <> ''")


def _targets() -> None:
    """Made anew: a check that changes is lost when SQLite copies a table. Nothing points here."""
    named = ("policy_id", "position", "place", "duty", "person_id", "head")
    before = sa.table("policy_targets", *(sa.column(name) for name in named))
    kept = [dict(row) for row in op.get_bind().execute(sa.select(before)).mappings()]
    op.drop_table("policy_targets")
    meanings = " + ".join(
        f"(CASE WHEN {name} IS NULL THEN 0 ELSE 1 END)" for name in ("duty", "person_id", "head", "gone")
    )
    made = op.create_table(
        "policy_targets",
        sa.Column("policy_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("head", sa.Text(), nullable=True),
        sa.Column("gone", sa.Text(), nullable=True),
        sa.CheckConstraint(f"{meanings} = 1", name=op.f("ck_policy_targets_one_meaning")),
        sa.CheckConstraint("head IN ('own', 'parent', 'all', 'each')", name=op.f("ck_policy_targets_head_known")),
        sa.ForeignKeyConstraint(["duty"], ["duty_kinds.code"], name=op.f("fk_policy_targets_duty_duty_kinds")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_policy_targets_person_id_people")),
        sa.ForeignKeyConstraint(
            ["policy_id", "position"],
            ["policy_steps.policy_id", "policy_steps.position"],
            name=op.f("fk_policy_targets_policy_id_position_policy_steps"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("policy_id", "position", "place", name=op.f("pk_policy_targets")),
    )
    if made is not None and kept:
        op.bulk_insert(made, kept)


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
