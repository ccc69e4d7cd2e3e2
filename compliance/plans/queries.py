"""Plans and backlogs of many units at once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from compliance.plans.models import Backlog, BacklogLimit, NetworkPlan
from core.calendar import lunar
from core.clock import local_date
from core.db import db
from people import reference


@dataclass(frozen=True)
class Submitted:
    """Of a Tết: how many units handed in a plan, and how many of these were accepted."""

    tet_year: int
    units: int
    submitted: int
    accepted: int
    missing: tuple[int, ...]
    at: datetime

    @property
    def holds(self) -> bool:
        return self.units > 0 and not self.missing


def tet_year(now: datetime) -> int:
    """Return the year of the Tết that is on (until the fifteenth of Giêng), or comes next."""
    return _year_on(local_date(now))


def year_of(since: date, until: date) -> int:
    """Return the year of the Tết in a season, else of the one that its first day belongs to."""
    within = (each for each in (since.year, until.year) if since <= lunar.tet(each) <= until)
    return next(within, _year_on(since))


def _year_on(day: date) -> int:
    return day.year if (day - lunar.tet(day.year)).days <= 15 else day.year + 1


def plans_of_year(unit_ids: Collection[int], year: int) -> dict[int, NetworkPlan]:
    wanted = select(NetworkPlan).where(NetworkPlan.unit_id.in_(unit_ids), NetworkPlan.tet_year == year)
    return {row.unit_id: row for row in db.session.scalars(wanted)}


def plan_submitted(unit_ids: Collection[int], now: datetime, year: int | None = None) -> Submitted:
    """Whether each of these units has handed in its plan, for the Tết that is on or comes next unless told."""
    year = year or tet_year(now)
    found = plans_of_year(unit_ids, year)
    handed = {unit_id for unit_id, row in found.items() if row.state in ("submitted", "accepted")}
    accepted = sum(row.state == "accepted" for row in found.values())
    missing = tuple(each for each in unit_ids if each not in handed)
    return Submitted(year, len(unit_ids), len(handed), accepted, missing, now)


def backlog(unit_ids: Collection[int], since: date, until: date) -> dict[date, int]:
    """Items of all these units by day; a day that nobody told is not there."""
    wanted = (
        select(Backlog.day, func.sum(Backlog.items))
        .where(Backlog.unit_id.in_(unit_ids), Backlog.day >= since, Backlog.day <= until)
        .group_by(Backlog.day)
        .order_by(Backlog.day)
    )
    return {day: int(items) for day, items in db.session.execute(wanted)}


def backlog_rows(unit_ids: Collection[int], day: date) -> dict[int, int]:
    wanted = select(Backlog.unit_id, Backlog.items).where(Backlog.unit_id.in_(unit_ids), Backlog.day == day)
    return dict(db.session.execute(wanted).tuples().all())


def limit_of(unit_id: int) -> int | None:
    """Return from how many items on the unit is overloaded: as it says, or the nearest unit above it."""
    above = reference.ancestors_of(frozenset([unit_id]))[unit_id]
    wanted = select(BacklogLimit.unit_id, BacklogLimit.items).where(BacklogLimit.unit_id.in_(above))
    own = dict(db.session.execute(wanted).tuples().all())
    return next((own[each] for each in above if each in own), None)
