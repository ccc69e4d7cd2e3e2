"""A step met a duty that nobody serves: one coverage incident per gap, and it resolves itself when somebody does.

What steps met is written down by ``escalation.unserved``. Seats whose people are recorded absent or have left need not
be met: see ``seats_at_risk``.
"""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy import select

from core.actor import SYSTEM
from core.db import db, transaction
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.escalation.models import CoverageGap
from incidents.escalation.unserved import CATEGORY, is_served
from incidents.record import states
from incidents.record.models import Incident
from incidents.response import lifecycle
from people import queries as people
from people.models import DutyKind

log = logging.getLogger(__name__)


def look(now: datetime) -> int:
    """Raise an incident for each gap that has none, and resolve those of gaps that are filled; how many were raised."""
    raised = 0
    met_gaps = select(CoverageGap.id).where(CoverageGap.filled_at.is_(None), CoverageGap.ends_at.is_(None))
    for gap_id in db.session.scalars(met_gaps).all():
        try:
            raised += _look(gap_id, now)
        except Exception:
            db.session.rollback()
            log.exception("coverage gap %s could not be dealt with", gap_id)
    return raised


def _look(gap_id: int, now: datetime) -> bool:
    with transaction() as session:
        gap = session.scalar(
            select(CoverageGap)
            .where(CoverageGap.id == gap_id, CoverageGap.filled_at.is_(None))
            .with_for_update(skip_locked=True)
            .execution_options(populate_existing=True)
        )
        if gap is None:
            return False
        if is_served(gap.unit_id, gap.duty, now):
            end(gap, "Đã có người trực.", now)
            return False
        if gap.incident_id is not None:
            return False
        kind = session.get_one(DutyKind, gap.duty)
        unit = people.unit_by_id(gap.unit_id)
        incident, created = creation.log(
            IncidentReport(
                title=f"Không có người trực: {kind.name_vi} · {unit.name}",
                category=CATEGORY,
                unit_id=gap.unit_id,
                description=f"Sự cố {gap.met_by} không có ai của loại trực này để gọi; hệ thống chuyển bước sau.",
                dedup_key=f"coverage/{gap.unit_id}/{gap.duty}/{gap.gap_from}",
                actor=SYSTEM,
                by_source=True,
            ),
            now=now,
        )
        gap.incident_id = incident.id
        return created


def end(gap: CoverageGap, note: str, now: datetime) -> None:
    """It is no gap any more; nor is its incident one, if anybody still works on it. Caller's transaction."""
    gap.filled_at = now
    incident = db.session.get(Incident, gap.incident_id) if gap.incident_id is not None else None
    if incident is not None and incident.status in states.UNFINISHED:
        lifecycle.resolve(incident.id, actor=SYSTEM, now=now, note=note)
