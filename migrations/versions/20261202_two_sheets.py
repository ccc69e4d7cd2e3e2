"""A sheet of the counter's own beside the public one; photos and days by a sheet wait until somebody accepts them.

Sheets of before carry one code for both: until a unit has printed its counter's sheet they still open its page, and what
they say waits. Photos that came by a sheet were taken as proof: from now on they wait too. What somebody who was signed in
sent stays.
"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from core.db import UTCDateTime

revision = "20270102_two_sheets"
down_revision = "20261231_slips"
branch_labels = None
depends_on = None

WAITING = sa.text("accepted_at IS NULL AND withdrawn_at IS NULL AND photo_sha256 <> ''")
BY_SHEET = "(said_by = 'Mã QR' OR said_by LIKE '%(mã QR)')"
"""How the page of the sheet signs."""


def upgrade() -> None:
    op.create_table(
        "counter_codes",
        sa.Column("unit_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("old_generation", sa.Integer(), nullable=False),
        sa.Column("printed_generation", sa.Integer(), nullable=False),
        sa.Column("printed_at", UTCDateTime(), nullable=True),
        sa.Column("printed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_counter_codes_unit_id_units")),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_counter_codes")),
    )
    op.add_column("postings", sa.Column("sheet", sa.Text(), nullable=False, server_default=""))
    op.add_column("postings", sa.Column("code_read", sa.Text(), nullable=False, server_default=""))
    op.add_column("postings", sa.Column("accepted_at", UTCDateTime(), nullable=True))
    op.add_column("postings", sa.Column("accepted_by", sa.Text(), nullable=False, server_default=""))
    op.create_index(
        "ix_postings_waiting", "postings", ["unit_id", "what"], sqlite_where=WAITING, postgresql_where=WAITING
    )
    for table in ("point_days", "parcel_findings"):
        op.add_column(table, sa.Column("waits", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("parcel_findings", sa.Column("refused_by", sa.Text(), nullable=False, server_default=""))
    op.add_column("point_days", sa.Column("accepted_by", sa.Text(), nullable=False, server_default=""))
    op.add_column("parcel_checks", sa.Column("by_old_sheet", sa.Boolean(), nullable=False, server_default=sa.false()))
    _carry_over()


def _carry_over() -> None:
    bind = op.get_bind()
    bind.execute(
        sa.text(
            "INSERT INTO counter_codes (unit_id, generation, old_generation, printed_generation, printed_by, changed_at,"
            " changed_by) SELECT units.id, 1, COALESCE(report_codes.generation, 1), 0, '', :now, ''"
            " FROM units LEFT JOIN report_codes ON report_codes.unit_id = units.id"
        ).bindparams(sa.bindparam("now", datetime.now(UTC), UTCDateTime()))
    )
    bind.execute(sa.text(f"UPDATE postings SET sheet = 'old' WHERE {BY_SHEET}"))  # noqa: S608 - words of our own
    bind.execute(
        sa.text(
            "UPDATE postings SET accepted_at = said_at, accepted_by = said_by WHERE photo_sha256 <> '' AND sheet = ''"
        )
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
