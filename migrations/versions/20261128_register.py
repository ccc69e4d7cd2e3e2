"""Letters, what they require, how units stand to it, evidence, links of inspectors; and the letters to begin with."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op

from core.db import UTCDateTime

revision = "20261211_register"
down_revision = "20261210_documents"
branch_labels = None
depends_on = None

DATA = Path(__file__).parents[2] / "compliance" / "register" / "data"
ENTERED = datetime(2026, 12, 11, tzinfo=UTC)
OWN = ("body_file", "relations", "requirements")
"""Of a letter in the file, what is no column of its row."""


def upgrade() -> None:
    op.create_table(
        "directives",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=True),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("signed_by", sa.Text(), nullable=False),
        sa.Column("abstract", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("addressed_to", sa.Text(), nullable=False),
        sa.Column("recipients", sa.JSON(), nullable=False),
        sa.Column("season_from", sa.Date(), nullable=True),
        sa.Column("season_to", sa.Date(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("received_by", sa.Text(), nullable=False),
        sa.Column("acknowledged_at", UTCDateTime(), nullable=True),
        sa.Column("acknowledged_by", sa.Text(), nullable=False),
        sa.Column("spread_at", UTCDateTime(), nullable=True),
        sa.Column("spread_by", sa.Text(), nullable=False),
        sa.Column("reminded_at", UTCDateTime(), nullable=True),
        sa.Column("reminded_by", sa.Text(), nullable=False),
        sa.Column("copied_from_id", sa.Integer(), nullable=True),
        sa.Column("entered_at", UTCDateTime(), nullable=False),
        sa.Column("entered_by", sa.Text(), nullable=False),
        sa.CheckConstraint("season_from <= season_to", name=op.f("ck_directives_season_in_order")),
        sa.ForeignKeyConstraint(
            ["copied_from_id"],
            ["directives.id"],
            name=op.f("fk_directives_copied_from_id_directives"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directives")),
        sa.UniqueConstraint("seed", name=op.f("uq_directives_seed")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_directives_dated_on"), "directives", ["dated_on"], unique=False)

    op.create_table(
        "directive_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("directive_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("sent_sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", UTCDateTime(), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["directive_id"],
            ["directives.id"],
            name=op.f("fk_directive_files_directive_id_directives"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directive_files")),
        sa.UniqueConstraint("directive_id", "sent_sha256", name=op.f("uq_directive_files_directive_id_sent_sha256")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "directive_relations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("directive_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('basis', 'follows', 'replaces')", name=op.f("ck_directive_relations_kind_known")),
        sa.ForeignKeyConstraint(
            ["directive_id"],
            ["directives.id"],
            name=op.f("fk_directive_relations_directive_id_directives"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["to_id"], ["directives.id"], name=op.f("fk_directive_relations_to_id_directives"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directive_relations")),
        sa.UniqueConstraint(
            "directive_id", "kind", "to_id", name=op.f("uq_directive_relations_directive_id_kind_to_id")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_directive_relations_to_id"), "directive_relations", ["to_id"], unique=False)

    op.create_table(
        "requirements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("directive_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("excerpt", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("wants", sa.JSON(), nullable=False),
        sa.Column("computed", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("off_kinds", sa.JSON(), nullable=False),
        sa.CheckConstraint("phase IN ('before', 'during', 'after', 'all')", name=op.f("ck_requirements_phase_known")),
        sa.CheckConstraint("scope IN ('all', 'some')", name=op.f("ck_requirements_scope_known")),
        sa.ForeignKeyConstraint(
            ["directive_id"],
            ["directives.id"],
            name=op.f("fk_requirements_directive_id_directives"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requirements")),
        sa.UniqueConstraint("directive_id", "key", name=op.f("uq_requirements_directive_id_key")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("requirement_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("sent_sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("thumbnail", sa.LargeBinary(), nullable=True),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("numbers", sa.JSON(), nullable=False),
        sa.Column("internal", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("added_at", UTCDateTime(), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("accepted_at", UTCDateTime(), nullable=True),
        sa.Column("accepted_by", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=True),
        sa.Column("withdrawn_by", sa.Text(), nullable=False),
        sa.Column("withdrawn_why", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('photo', 'file', 'link', 'computed')", name=op.f("ck_evidence_kind_known")),
        sa.ForeignKeyConstraint(
            ["requirement_id"],
            ["requirements.id"],
            name=op.f("fk_evidence_requirement_id_requirements"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_evidence_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_evidence_point", "evidence", ["requirement_id", "unit_id", "id"], unique=False)
    op.create_index(op.f("ix_evidence_unit_id"), "evidence", ["unit_id"], unique=False)
    op.create_index(
        "uq_evidence_sent",
        "evidence",
        ["requirement_id", "unit_id", "sent_sha256"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL AND sent_sha256 <> ''"),
        postgresql_where=sa.text("withdrawn_at IS NULL AND sent_sha256 <> ''"),
    )

    op.create_table(
        "inspector_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("directive_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("made_for", sa.Text(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["directive_id"],
            ["directives.id"],
            name=op.f("fk_inspector_links_directive_id_directives"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_inspector_links_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspector_links")),
        sa.UniqueConstraint("digest", name=op.f("uq_inspector_links_digest")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_inspector_links_directive_id"), "inspector_links", ["directive_id"], unique=False)
    op.create_index(op.f("ix_inspector_links_unit_id"), "inspector_links", ["unit_id"], unique=False)

    op.create_table(
        "requirement_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("requirement_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("numbers", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["requirement_id"],
            ["requirements.id"],
            name=op.f("fk_requirement_events_requirement_id_requirements"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_requirement_events_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requirement_events")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_requirement_events_point", "requirement_events", ["requirement_id", "unit_id", "id"], unique=False
    )
    op.create_index(op.f("ix_requirement_events_unit_id"), "requirement_events", ["unit_id"], unique=False)

    op.create_table(
        "requirement_points",
        sa.Column("requirement_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=True),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("holds", sa.Boolean(), nullable=True),
        sa.Column("numbers", sa.JSON(), nullable=False),
        sa.Column("judged_at", UTCDateTime(), nullable=True),
        sa.Column("reopened_at", UTCDateTime(), nullable=True),
        sa.Column("reopened_why", sa.Text(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("remarked_at", UTCDateTime(), nullable=True),
        sa.Column("remarked_by", sa.Text(), nullable=False),
        sa.Column("accepted_at", UTCDateTime(), nullable=True),
        sa.Column("accepted_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state <> 'not_applicable' OR reason <> ''", name=op.f("ck_requirement_points_reason_given")
        ),
        sa.CheckConstraint(
            "state IN ('todo', 'doing', 'done', 'not_applicable')", name=op.f("ck_requirement_points_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["requirement_id"],
            ["requirements.id"],
            name=op.f("fk_requirement_points_requirement_id_requirements"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_requirement_points_unit_id_units")),
        sa.PrimaryKeyConstraint("requirement_id", "unit_id", name=op.f("pk_requirement_points")),
    )
    op.create_index(op.f("ix_requirement_points_unit_id"), "requirement_points", ["unit_id"], unique=False)

    op.create_table(
        "requirement_units",
        sa.Column("requirement_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["requirement_id"],
            ["requirements.id"],
            name=op.f("fk_requirement_units_requirement_id_requirements"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_requirement_units_unit_id_units")),
        sa.PrimaryKeyConstraint("requirement_id", "unit_id", name=op.f("pk_requirement_units")),
    )
    op.create_index(op.f("ix_requirement_units_unit_id"), "requirement_units", ["unit_id"], unique=False)

    op.create_table(
        "inspector_visits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_id"],
            ["inspector_links.id"],
            name=op.f("fk_inspector_visits_link_id_inspector_links"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspector_visits")),
        sa.UniqueConstraint("digest", name=op.f("uq_inspector_visits_digest")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_inspector_visits_link_id"), "inspector_visits", ["link_id"], unique=False)

    op.create_table(
        "inspector_looks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["inspector_visits.id"],
            name=op.f("fk_inspector_looks_visit_id_inspector_visits"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspector_looks")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_inspector_looks_visit_id"), "inspector_looks", ["visit_id"], unique=False)
    _seed()


def _seed() -> None:
    """Letter 77 word for word with what it asks, and the two that it names, whose text is missing."""
    letters = json.loads((DATA / "letters.json").read_text(encoding="utf-8"))
    metadata = sa.MetaData()
    metadata.reflect(op.get_bind(), only=["directives", "directive_relations", "requirements"])
    table = {name: metadata.tables[name] for name in ("directives", "directive_relations", "requirements")}
    for each in letters:
        op.get_bind().execute(table["directives"].insert(), _letter(each))
    named = sa.select(table["directives"].c.seed, table["directives"].c.id)
    ids = dict(op.get_bind().execute(named).tuples().all())
    for each in letters:
        mine = {"directive_id": ids[each["seed"]]}
        for relation in each["relations"]:
            row = {**mine, "kind": relation["kind"], "to_id": ids[relation["to"]]}
            op.get_bind().execute(table["directive_relations"].insert(), row)
        for position, asked in enumerate(each["requirements"], 1):
            row = {**mine, **asked, "position": position, "scope": "all", "off_kinds": []}
            op.get_bind().execute(table["requirements"].insert(), row)


def _letter(each: dict[str, Any]) -> dict[str, Any]:
    body = (DATA / each["body_file"]).read_text(encoding="utf-8").strip("\n") if "body_file" in each else ""
    row = {name: value for name, value in each.items() if name not in OWN}
    empty = dict.fromkeys(("received_by", "acknowledged_by", "spread_by", "reminded_by"), "")
    # Reflected columns know no time zones of their own: SQLite keeps a fixed-width text in UTC.
    entered = ENTERED.replace(tzinfo=None) if op.get_bind().dialect.name == "sqlite" else ENTERED
    return {
        **empty,
        **row,
        "body": body,
        "dated_on": date.fromisoformat(each["dated_on"]),
        "entered_at": entered,
        "entered_by": "Trực Tết",
    }


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
