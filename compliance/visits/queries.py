"""Reading inspections and their recommendations."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from compliance.visits.models import Inspection, Recommendation
from core.db import db
from core.errors import NotFound


def statement(unit_ids: Collection[int] | None) -> Select[tuple[Inspection]]:
    """Select them in no order; ``None``: of all units."""
    wanted = select(Inspection).options(joinedload(Inspection.unit), selectinload(Inspection.recommendations))
    return wanted if unit_ids is None else wanted.where(Inspection.unit_id.in_(unit_ids))


def listed(unit_ids: Collection[int] | None) -> list[Inspection]:
    newest = statement(unit_ids).order_by(Inspection.began_at.desc(), Inspection.id.desc())
    return list(db.session.scalars(newest.limit(500)))


def begun(unit_ids: Collection[int], since: datetime, until: datetime) -> list[Inspection]:
    """By the moment at which they came, between two moments."""
    wanted = select(Inspection).where(
        Inspection.unit_id.in_(unit_ids), Inspection.began_at >= since, Inspection.began_at < until
    )
    return list(db.session.scalars(wanted.order_by(Inspection.began_at, Inspection.id)))


def overdue(unit_ids: Collection[int], on: date) -> list[Recommendation]:
    """Recommendations that should have been followed before a day and are not."""
    wanted = (
        select(Recommendation)
        .join(Inspection)
        .where(Inspection.unit_id.in_(unit_ids), Recommendation.done_at.is_(None), Recommendation.due_on < on)
    )
    return list(db.session.scalars(wanted.order_by(Recommendation.due_on, Recommendation.id)))


def one(inspection_id: int) -> Inspection:
    """Raises ``NotFound``."""
    row = db.session.get(Inspection, inspection_id)
    if row is None:
        raise NotFound("visit.unknown")
    return row


def recommendation(inspection_id: int, recommendation_id: int) -> Recommendation:
    """Raises ``NotFound``."""
    row = db.session.get(Recommendation, recommendation_id)
    if row is None or row.inspection_id != inspection_id:
        raise NotFound("visit.unknown")
    return row
