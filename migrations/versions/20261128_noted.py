"""When absences of before were noted: as the audit says, else now. A shift that was over by then stays as it was."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

import core.db
from core import clock

revision = "20261128_noted"
down_revision = "20261127_plans"
branch_labels = None
depends_on = None

absences = sa.table(
    "absences",
    sa.column("id", sa.Integer),
    sa.column("person_id", sa.Integer),
    sa.column("from_on", sa.Date),
    sa.column("to_on", sa.Date),
    sa.column("recorded_at", core.db.UTCDateTime()),
)
audit = sa.table(
    "audit_entries",
    sa.column("id", sa.Integer),
    sa.column("at", core.db.UTCDateTime()),
    sa.column("action", sa.Text),
    sa.column("thing", sa.Text),
    sa.column("thing_id", sa.Text),
    sa.column("detail", sa.JSON),
)
Days = tuple[str, str, str]
"""Person, first and last day."""


def upgrade() -> None:
    connection = op.get_bind()
    unknown = connection.execute(sa.select(absences).where(absences.c.recorded_at.is_(None))).all()
    if not unknown:
        return
    entries = sa.select(audit.c.at, audit.c.action, audit.c.thing_id, audit.c.detail).where(
        audit.c.thing == "person", audit.c.action.in_(("absence.add", "absence.remove"))
    )
    noted, now = _noted(connection.execute(entries.order_by(audit.c.id))), clock.now()
    connection.execute(
        sa.update(absences).where(absences.c.id == sa.bindparam("row")).values(recorded_at=sa.bindparam("moment")),
        [
            {"row": row.id, "moment": noted.get((str(row.person_id), str(row.from_on), str(row.to_on)), now)}
            for row in unknown
        ],
    )


def _noted(entries: Iterable[Any]) -> dict[Days, datetime]:
    """When the days that stand were first noted; the same days noted again changed kind and note."""
    found: dict[Days, datetime] = {}
    for at, action, person, detail in entries:
        days = person, str(detail.get("from_on")), str(detail.get("to_on"))
        if action == "absence.remove":
            found.pop(days, None)
        else:
            found.setdefault(days, at)
    return found


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
