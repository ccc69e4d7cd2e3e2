"""Richer escalation policies and what moves a running incident."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_policies"
down_revision = "20261125_legal"
branch_labels = None
depends_on = None

WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    _policies()
    _steps()
    _running()
    _asks()


def _policies() -> None:
    for column in (
        sa.Column("slot", sa.Integer(), server_default="0", nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("conditions", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("repeat_most_seconds", sa.Integer()),
        sa.Column("urgent_most_seconds", sa.Integer(), server_default="300", nullable=False),
        sa.Column("alive_seconds", sa.Integer()),
        sa.Column("snooze_most", sa.JSON(), server_default="[]", nullable=False),
    ):
        op.add_column("policy_versions", column)
    # The enterprise's defaults back off; a unit's own policy goes on as its manager wrote it.
    op.execute("UPDATE policy_versions SET repeat_most_seconds = 300 WHERE unit_id IS NULL AND band = 'urgent'")
    op.execute("UPDATE policy_versions SET repeat_most_seconds = 900 WHERE unit_id IS NULL AND band = 'normal'")


def _steps() -> None:
    """A step calls several targets: the table is made anew, nothing else points to it."""
    kept = op.get_bind().execute(
        sa.text("SELECT policy_id, position, duty, person_id, after_seconds FROM policy_steps")
    ).all()
    op.drop_table("policy_steps")
    steps = op.create_table(
        "policy_steps",
        sa.Column("policy_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("after_seconds", sa.Integer(), nullable=False),
        sa.Column("all_must", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["policy_versions.id"], name="fk_policy_steps_policy_id_policy_versions", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("policy_id", "position", name="pk_policy_steps"),
    )
    targets = op.create_table(
        "policy_targets",
        sa.Column("policy_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("duty", sa.Text()),
        sa.Column("person_id", sa.Integer()),
        sa.Column("head", sa.Text()),
        sa.CheckConstraint(
            "(CASE WHEN duty IS NULL THEN 0 ELSE 1 END) + (CASE WHEN person_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN head IS NULL THEN 0 ELSE 1 END) = 1",
            name="ck_policy_targets_one_meaning",
        ),
        sa.CheckConstraint("head IN ('own', 'parent', 'all', 'each')", name="ck_policy_targets_head_known"),
        sa.ForeignKeyConstraint(["duty"], ["duty_kinds.code"], name="fk_policy_targets_duty_duty_kinds"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_policy_targets_person_id_people"),
        sa.ForeignKeyConstraint(
            ["policy_id", "position"], ["policy_steps.policy_id", "policy_steps.position"],
            name="fk_policy_targets_policy_id_position_policy_steps", ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("policy_id", "position", "place", name="pk_policy_targets"),
    )
    for policy_id, position, duty, person_id, after_seconds in kept:
        place = {"policy_id": policy_id, "position": position}
        op.bulk_insert(steps, [{**place, "after_seconds": after_seconds, "all_must": False}])
        op.bulk_insert(targets, [{**place, "place": 0, "duty": duty, "person_id": person_id, "head": None}])


def _running() -> None:
    op.add_column("escalations", sa.Column("since", sa.Integer(), server_default="1", nullable=False))
    # A column with a check, added in place: both databases read this SQL.
    op.execute(
        "ALTER TABLE escalations ADD COLUMN waits_for TEXT DEFAULT 'step' NOT NULL "
        "CONSTRAINT ck_escalations_waits_for_known "
        "CHECK (waits_for IN ('step', 'taken', 'alive', 'snooze', 'grace'))"
    )
    for column in (
        sa.Column("held_duty", sa.Text()),
        sa.Column("snoozed_until", WHEN),
        sa.Column("snooze_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("snoozed_by", sa.Text(), server_default="", nullable=False),
        sa.Column("arrives_at", WHEN),
        sa.Column("arrived_at", WHEN),
    ):
        op.add_column("escalations", column)
    op.execute("UPDATE escalations SET since = cycle")
    op.execute(
        "UPDATE escalations SET waits_for = 'taken' "
        "WHERE incident_id IN (SELECT id FROM incidents WHERE status = 'acknowledged')"
    )
    op.add_column("pages", sa.Column("purpose", sa.Text(), server_default="call", nullable=False))
    op.add_column("pages", sa.Column("ask_id", sa.Integer()))
    op.create_table(
        "unit_heads",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name="fk_unit_heads_unit_id_units", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_unit_heads_person_id_people", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("unit_id", name="pk_unit_heads"),
    )
    op.create_index("ix_unit_heads_person_id", "unit_heads", ["person_id"])


def _asks() -> None:
    op.create_table(
        "asks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("duty", sa.Text()),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("widened", sa.Integer(), nullable=False),
        sa.Column("next_at", WHEN),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answered_at", WHEN),
        sa.CheckConstraint(
            "kind IN ('handover', 'reassign', 'more', 'confirm', 'arrival')", name="ck_asks_kind_known"
        ),
        sa.CheckConstraint("state IN ('open', 'accepted', 'declined', 'ended')", name="ck_asks_state_known"),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name="fk_asks_incident_id_incidents", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_asks_person_id_people"),
        sa.PrimaryKeyConstraint("id", name="pk_asks"),
        sa.UniqueConstraint(
            "incident_id", "kind", "occasion", "person_id", name="uq_asks_incident_id_kind_occasion_person_id"
        ),
    )
    op.create_index("ix_asks_due", "asks", ["state", "next_at"])
    op.create_index("ix_asks_person_id", "asks", ["person_id"])
    op.create_table(
        "coverage_gaps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("gap_from", sa.Text(), nullable=False),
        sa.Column("noticed_at", WHEN, nullable=False),
        sa.Column("met_by", sa.Text(), nullable=False),
        sa.Column("incident_id", sa.Integer()),
        sa.Column("filled_at", WHEN),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_coverage_gaps_unit_id_units"),
        sa.ForeignKeyConstraint(["duty"], ["duty_kinds.code"], name="fk_coverage_gaps_duty_duty_kinds"),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name="fk_coverage_gaps_incident_id_incidents", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_coverage_gaps"),
        sa.UniqueConstraint("unit_id", "duty", "gap_from", name="uq_coverage_gaps_unit_id_duty_gap_from"),
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
