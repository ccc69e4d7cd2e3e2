"""All points in reach at a glance: what hangs, which days are missing, what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from compliance.parcel_checks import chart, expected, queries as parcels
from compliance.parcel_checks.chart import ParcelChart
from compliance.parcel_checks.queries import ParcelNumbers
from compliance.posting import parts, queries as posting
from compliance.posting.queries import PostingState
from compliance.today import waiting
from core.clock import local_date
from people.models import Unit

DAYS = 14


@dataclass(frozen=True)
class OverviewRow:
    unit: Unit
    states: dict[str, PostingState]
    missing: tuple[date, ...]
    numbers: ParcelNumbers
    odd: tuple[date, ...] = ()
    """Days whose number somebody should look at."""

    @property
    def is_posted(self) -> bool:
        return all(self.states[what].code == "posted" for what in parts.OBLIGATORY)


@dataclass(frozen=True)
class Overview:
    rows: tuple[OverviewRow, ...]
    since: date
    until: date
    total: ParcelNumbers
    posted: int
    missing: int
    odd: int
    waiting: int
    """Photos and days that somebody has to accept."""
    plot: ParcelChart
    by_day: tuple[tuple[date, ParcelNumbers | None], ...]
    by_category: dict[tuple[int | None, str], int]


def build_overview(units: Sequence[Unit], now: datetime, *, may_settle: bool) -> Overview:
    """Return what the last fortnight shows; today is counted and not yet missed."""
    today = local_date(now)
    since, yesterday = today - timedelta(days=DAYS - 1), today - timedelta(days=1)
    ids = [unit.id for unit in units]
    states = posting.states(ids, today)
    counted = parcels.by_day(ids, since, today)
    absent = _missing(ids, since, yesterday, today)
    odd = parcels.odd_days(ids, since, today)
    odd_days: dict[int, list[date]] = {}
    for unit_id, day in sorted(odd):
        odd_days.setdefault(unit_id, []).append(day)
    per_unit: dict[int, ParcelNumbers] = {}
    per_day: dict[date, ParcelNumbers] = {}
    for (unit_id, day), numbers in counted.items():
        per_unit[unit_id] = per_unit.get(unit_id, ParcelNumbers()) + numbers
        per_day[day] = per_day.get(day, ParcelNumbers()) + numbers
    rows = tuple(
        OverviewRow(
            unit,
            {what: states[unit.id, what] for what in parts.PARTS},
            absent.get(unit.id, ()),
            per_unit.get(unit.id, ParcelNumbers()),
            tuple(odd_days.get(unit.id, ())),
        )
        for unit in units
    )
    days = [since + timedelta(days=number) for number in range(DAYS)]
    return Overview(
        rows,
        since,
        today,
        sum(per_day.values(), ParcelNumbers()),
        sum(row.is_posted for row in rows),
        sum(len(row.missing) for row in rows),
        len(odd),
        waiting.count(ids) if may_settle else 0,
        chart.draw([(day, per_day[day].checked if day in per_day else None) for day in days]),
        tuple((day, per_day.get(day)) for day in days),
        parcels.by_category(ids, since, today),
    )


def _missing(ids: list[int], since: date, until: date, today: date) -> dict[int, tuple[date, ...]]:
    begins = expected.since(ids, today)
    asked = [each for each in ids if begins[each] is not None]
    found: dict[int, list[date]] = {}
    for unit_id, day in parcels.missing(asked, since, until):
        begin = begins[unit_id]
        if begin is not None and day >= begin:
            found.setdefault(unit_id, []).append(day)
    return {unit_id: tuple(days) for unit_id, days in found.items()}
