"""What the demand asks for between two dates, as rows of shifts that belong to no campaign yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, cast

from sqlalchemy import select

from core.calendar.holidays import phase
from core.clock import at_local
from core.db import db
from people import queries as people
from planning.problem import Form
from roster.campaigns.models import Campaign
from roster.days import holiday_sets
from roster.days.points_table import Worth
from roster.sources.models import Demand, HolidaySet


def shift_as_asked(unit_id: int, duty: str, template: str, day: date, *, campaign: Campaign) -> dict[str, Any] | None:
    """The columns of the shift that today's demand of the unit asks for on the local ``day``; None where it asks for
    nothing of the kind."""
    tet = holiday_sets.known({campaign.tet_year, day.year})[campaign.tet_year]
    part = phase(day, tet.starts_on, tet.ends_on)
    row = db.session.scalar(select(Demand).filter_by(unit_id=unit_id, duty=duty, template=template, phase=part))
    return columns(day, row, Worth(day, day)) if row is not None else None


def demanded(campaign: Campaign) -> Sequence[Demand]:
    """Return what the campaign's units ask for; a shift that several phases have stands once."""
    found = {(row.unit_id, row.duty, row.template): row for row in below(campaign.unit_id)}
    return list(found.values())


def below(unit_id: int) -> Sequence[Demand]:
    """The demand of the unit and of those below it."""
    ids = people.subtree_ids(unit_id)
    return db.session.scalars(select(Demand).where(Demand.unit_id.in_(ids)).order_by(Demand.id)).all()


def shifts(unit_id: int, tet_year: int, starts_on: date, ends_on: date) -> list[dict[str, Any]]:
    """The shifts that the demand of the unit and of those below it asks for, by phase."""
    demand = below(unit_id)
    if not demand:
        return []
    tet = holiday_sets.known({tet_year, starts_on.year, ends_on.year})[tet_year]
    worth = Worth(starts_on, ends_on)
    dates = [starts_on + timedelta(days=n) for n in range((ends_on - starts_on).days + 1)]
    return [columns(day, row, worth) for day in dates for row in demand_on(day, tet, demand)]


def demand_on(day: date, tet: HolidaySet, demand: Sequence[Demand]) -> list[Demand]:
    """The rows of the phase that the local day belongs to."""
    part = phase(day, tet.starts_on, tet.ends_on)
    return [row for row in demand if row.phase == part]


def columns(day: date, demand: Demand, worth: Worth) -> dict[str, Any]:
    starts_at = at_local(day) + timedelta(minutes=demand.start_minute)
    ends_at = starts_at + timedelta(minutes=demand.minutes)
    points, points_by = worth.points_for(starts_at, ends_at, cast(Form, demand.form))
    return {
        "unit_id": demand.unit_id,
        "duty": demand.duty,
        "template": demand.template,
        "form": demand.form,
        "replaces_work": demand.replaces_work,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "local_on": day,
        "phase": demand.phase,
        "headcount": demand.headcount,
        "wanted": demand.wanted,
        "skills": dict(demand.skills),
        "points": points,
        "points_by": points_by,
        "legal_ground": demand.legal_ground,
    }
