"""What managers set for the engine: rules per campaign, points per hour, pairs; skills, shares, wanted numbers."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "20261125_rules"
down_revision = "20261125_solve_modes"
branch_labels = None
depends_on = None

POINTS = {
    "ordinary": 100, "weekly_rest": 150, "substitute": 150, "holiday": 200, "night": 150, "giao_thua_night": 200,
    "mung_1": 150, "mung_2_3": 125, "onsite": 100, "standby": 40, "command": 100,
}


def upgrade() -> None:
    _tables()
    _person_columns()
    _demand_columns()


def _tables() -> None:
    op.create_table(
        "campaign_rules",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=True),
        sa.Column("is_hard", sa.Boolean(), nullable=True),
        sa.Column("weight", sa.Integer(), nullable=True),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("pairs", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_campaign_rules_campaign_id_campaigns"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("campaign_id", "code", name=op.f("pk_campaign_rules")),
    )
    op.create_table(
        "person_pairs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('together', 'apart')", name=op.f("ck_person_pairs_kind_known")),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_person_pairs_ordered")),
        sa.ForeignKeyConstraint(["first_id"], ["people.id"], name=op.f("fk_person_pairs_first_id_people")),
        sa.ForeignKeyConstraint(["second_id"], ["people.id"], name=op.f("fk_person_pairs_second_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_pairs")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_person_pairs_first_id_second_id")),
    )
    op.create_index(op.f("ix_person_pairs_second_id"), "person_pairs", ["second_id"], unique=False)
    factors = op.create_table(
        "points_factors",
        sa.Column("factor", sa.Text(), nullable=False),
        sa.Column("hundredths", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.Text(), nullable=True),
        sa.CheckConstraint("hundredths >= 0", name=op.f("ck_points_factors_hundredths_not_negative")),
        sa.PrimaryKeyConstraint("factor", name=op.f("pk_points_factors")),
    )
    op.bulk_insert(factors, [{"factor": name, "hundredths": number} for name, number in POINTS.items()])


def _person_columns() -> None:
    # Columns are added in place: copying a table would drop it and cascade.
    percent = sa.CheckConstraint("share BETWEEN 1 AND 100", name=op.f("ck_people_share_percent"))
    op.add_column("people", sa.Column("min_shifts", sa.Integer(), nullable=True))
    op.add_column("people", sa.Column("share", sa.Integer(), percent, nullable=False, server_default="100"))
    op.add_column("people", _json("skills", "[]"))
    op.add_column("people", sa.Column("no_overtime", sa.Boolean(), nullable=False, server_default=sa.false()))


def _demand_columns() -> None:
    positive = sa.CheckConstraint("wanted > 0", name=op.f("ck_demand_wanted_positive"))
    op.add_column("demand", sa.Column("wanted", sa.Integer(), positive, nullable=True))
    op.add_column("demand", _json("skills", "{}"))
    op.add_column("shifts", sa.Column("wanted", sa.Integer(), nullable=True))
    op.add_column("shifts", _json("skills", "{}"))
    op.add_column("shifts", _json("points_by", "{}"))


def _json(name: str, empty: str) -> sa.Column[Any]:
    return sa.Column(name, sa.JSON(), nullable=False, server_default=sa.text(f"'{empty}'"))


def downgrade() -> None:
    for table, names in (("shifts", ("points_by", "skills", "wanted")), ("demand", ("skills",))):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name in names:
                batch_op.drop_column(name)
    with op.batch_alter_table("demand", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_demand_wanted_positive"), type_="check")
        batch_op.drop_column("wanted")
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_people_share_percent"), type_="check")
        for name in ("no_overtime", "skills", "share", "min_shifts"):
            batch_op.drop_column(name)
    op.drop_table("points_factors")
    op.drop_table("person_pairs")
    op.drop_table("campaign_rules")
