"""The enterprise's table of points per hour, and what shifts are worth by it.

A change counts for campaigns that were never published; published duties and the ledger keep what they were worth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta

from sqlalchemy import select, update

from core import audit
from core.actor import Actor
from core.calendar.holidays import DayClass
from core.calendar.lunar import tet
from core.clock import at_local
from core.db import db, transaction
from core.errors import FieldError, Invalid
from core.fast_path import shared_cache
from people.access.guard import ensure
from planning.problem import Form
from planning.time.points import PointsTable, factors, hourly, pieces, points
from roster.campaigns.models import Campaign
from roster.days.day_classes import by_pattern, listed
from roster.models import Shift
from roster.sources.models import PointsFactor

FACTORS: tuple[str, ...] = tuple(field.name for field in fields(PointsTable))
MOST = 100_00
"""No factor is above a hundred: somebody who types 150 means 1,5."""


@dataclass(frozen=True)
class Factor:
    """One row of the table in hundredths; ``changed_at`` is None while nobody has touched it."""

    name: str
    value: int
    default: int
    changed_at: datetime | None
    changed_by: str | None


def rows() -> list[Factor]:
    """Every factor, in the order of the contract."""
    kept = {row.factor: row for row in db.session.scalars(select(PointsFactor))}
    default = PointsTable()
    found = []
    for name in FACTORS:
        standard, row = round(getattr(default, name) * 100), kept.get(name)
        found.append(
            Factor(name, row.hundredths, standard, row.changed_at, row.changed_by)
            if row
            else Factor(name, standard, standard, None, None)
        )
    return found


def current() -> PointsTable:
    """The table as it stands."""
    return PointsTable(**{row.name: row.value / 100 for row in rows()})


def save(values: Mapping[str, int], *, actor: Actor, now: datetime) -> int:
    """Set some factors (hundredths) and value the shifts of never published campaigns anew; answers how many changed.

    Raises Invalid with a fault for each unknown factor or number out of range; Forbidden.
    """
    with transaction() as session:
        ensure(actor, "points.write", None, now=now)
        _check(values)
        shared_cache.hold_ground()
        before = {row.name: row.value for row in rows()}
        changed = {name: number for name, number in values.items() if before[name] != number}
        for name, number in changed.items():
            row = session.get(PointsFactor, name) or PointsFactor(factor=name)
            row.hundredths, row.changed_at, row.changed_by = number, now, actor.name
            session.add(row)
        session.flush()
        revalued = revalue() if changed else 0
        if changed:
            audit.record(actor, "points.save", "points", "table", now=now, factors=changed, shifts=revalued)
        return revalued


def _check(values: Mapping[str, int]) -> None:
    faults = [FieldError(name, "points.unknown_factor", {"factor": name}) for name in values if name not in FACTORS]
    faults += [
        FieldError(name, "points.range", {"most": MOST // 100})
        for name, number in values.items()
        if name in FACTORS and not 0 <= number <= MOST
    ]
    if faults:
        raise Invalid("points.wrong", errors=faults)


def revalue() -> int:
    """Value the shifts of every never published campaign by the table as it stands; answers how many changed.

    In the caller's transaction. A campaign whose shifts change gets a new version of its draft.
    """
    changed = 0
    unpublished = select(Campaign).where(Campaign.revision == 0).order_by(Campaign.id)
    locked = unpublished.with_for_update(of=Campaign, key_share=True).execution_options(populate_existing=True)
    for campaign in db.session.scalars(locked).all():
        worth = Worth(campaign.starts_on, campaign.ends_on)
        rows = select(Shift.id, Shift.starts_at, Shift.ends_at, Shift.form, Shift.points, Shift.points_by)
        touched = []
        for row in db.session.execute(rows.where(Shift.campaign_id == campaign.id)):
            own, by = worth.points_for(row.starts_at, row.ends_at, row.form)
            if (row.points, row.points_by) != (own, by):
                touched.append({"id": row.id, "points": own, "points_by": by})
        if touched:
            db.session.execute(update(Shift), touched)
            campaign.draft_version += 1
        changed += len(touched)
    db.session.flush()
    return changed


class Worth:
    """What seats are worth between two local dates (inclusive; shifts may run on), each kind of shift valued once.

    ``days``: classes of dates to value by, from ``MARGIN`` before ``first`` on, in place of those that are listed.
    """

    def __init__(self, first: date, last: date, days: Mapping[date, DayClass] | None = None) -> None:
        until = last + timedelta(days=2)
        self._table = current()
        self._listed = listed(first, until) if days is None else days
        self._by_pattern = by_pattern(first, until, days)
        self._known: dict[tuple[datetime, datetime, Form], tuple[int, dict[str, int]]] = {}

    def points_for(self, start: datetime, end: datetime, form: Form) -> tuple[int, dict[str, int]]:
        """Hundredths of a point of a seat, and the same by work pattern where it differs."""
        key = (start, end, form)
        if key not in self._known:
            own = points(start, end, form, self._listed, table=self._table)
            by = {code: points(start, end, form, days, table=self._table) for code, days in self._by_pattern.items()}
            self._known[key] = own, {code: worth for code, worth in sorted(by.items()) if worth != own}
        return self._known[key]


@dataclass(frozen=True)
class ExamplePart:
    """A part of the worked example: ``factors`` by name, ``hourly`` points an hour, ``points`` for the piece."""

    since: datetime
    until: datetime
    factors: Mapping[str, float]
    hourly: float
    points: float

    @property
    def hours(self) -> float:
        return (self.until - self.since) / timedelta(hours=1)


@dataclass(frozen=True)
class Example:
    """One shift valued step by step; ``total`` in hundredths of a point."""

    start: datetime
    end: datetime
    pieces: tuple[ExamplePart, ...]
    total: int


def example(year: int, table: PointsTable | None = None) -> Example:
    """22:00 of Mùng 1 to 06:00 of Mùng 2 of that Tết, on site. ValueError outside the lunar calendar."""
    first = tet(year)
    start = at_local(first) + timedelta(hours=22)
    end = start + timedelta(hours=8)
    days: Mapping[date, DayClass] = listed(first, first + timedelta(days=1)) or {
        first: "holiday",
        first + timedelta(days=1): "holiday",
    }
    table = table or current()
    parts = tuple(
        ExamplePart(a, b, factors(a, days, table), each := hourly(a, days, table), (b - a) / timedelta(hours=1) * each)
        for a, b in pieces(start, end)
    )
    return Example(start, end, parts, points(start, end, "onsite", days, table=table))
