"""Numbers of parcel checks: of points, days and khoản, each a few statements whatever the number of points."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, and_, func, or_, select

from compliance.parcel_checks import plausible, refusals
from compliance.parcel_checks.models import FindingRule, ParcelCheck, ParcelCorrection, ParcelFinding
from compliance.parcel_checks.plausible import Odd
from compliance.service_hours import points, queries as hours
from core.clock import local_date
from core.db import db
from incidents.legal.models import LegalStep
from people import reference

USUAL = timedelta(days=28)
"""Before and after a day: what is usual at its point."""
_Day = tuple[date, int | None, int]
"""A day, how many were checked (None: nobody said), how many were refused."""


@dataclass(frozen=True)
class ParcelNumbers:
    checked: int = 0
    refused: int = 0
    referred: int = 0
    found_after: int = 0
    """Parcels in which something was found after they had been accepted."""

    def __add__(self, other: ParcelNumbers) -> ParcelNumbers:
        return ParcelNumbers(
            self.checked + other.checked,
            self.refused + other.refused,
            self.referred + other.referred,
            self.found_after + other.found_after,
        )


@dataclass(frozen=True)
class ParcelLog:
    """Whether every open day of every point has its numbers, and what they come to."""

    expected: int
    told: int
    missing: tuple[tuple[int, date], ...]
    total: ParcelNumbers
    since: date
    until: date
    at: datetime

    @property
    def holds(self) -> bool:
        return self.expected > 0 and not self.missing


def by_day(unit_ids: Collection[int], since: date, until: date) -> dict[tuple[int, date], ParcelNumbers]:
    """(point, day) → its numbers; a day that nobody told is not there."""
    here = ParcelCheck.unit_id.in_(unit_ids), ParcelCheck.day >= since, ParcelCheck.day <= until
    counted = (
        select(
            ParcelCheck.unit_id,
            ParcelCheck.day,
            func.coalesce(func.sum(ParcelCheck.checked), 0),
            func.sum(ParcelCheck.refused),
            func.sum(ParcelCheck.referred),
        )
        .where(*here)
        .group_by(ParcelCheck.unit_id, ParcelCheck.day)
    )
    found = {(unit, day): ParcelNumbers(int(a), int(b), int(c)) for unit, day, a, b, c in db.session.execute(counted)}
    for key, (after, told) in _after(unit_ids, since, until).items():
        found[key] = found.get(key, ParcelNumbers()) + ParcelNumbers(referred=told, found_after=after)
    return found


def _after(unit_ids: Collection[int], since: date, until: date) -> dict[tuple[int, date], tuple[int, int]]:
    """(parcels found after acceptance, of which the incident says that an authority was told)."""
    told = select(LegalStep.incident_id).where(LegalStep.step == "authority")
    rows = db.session.execute(
        select(
            ParcelFinding.unit_id, ParcelFinding.day, ParcelFinding.parcels, ParcelFinding.incident_id.in_(told)
        ).where(
            ParcelFinding.moment == "after",
            ParcelFinding.waits.is_(False),
            ParcelFinding.unit_id.in_(unit_ids),
            ParcelFinding.day >= since,
            ParcelFinding.day <= until,
        )
    )
    found: dict[tuple[int, date], tuple[int, int]] = {}
    for unit_id, day, parcels, informed in rows:
        after, referred = found.get((unit_id, day), (0, 0))
        found[unit_id, day] = (after + parcels, referred + (parcels if informed else 0))
    return found


def statement(unit_ids: Collection[int] | None, since: date | None, until: date | None) -> Select[tuple[ParcelCheck]]:
    """Rows of counters, for lists."""
    wanted = select(ParcelCheck)
    if unit_ids is not None:
        wanted = wanted.where(ParcelCheck.unit_id.in_(unit_ids))
    if since is not None:
        wanted = wanted.where(ParcelCheck.day >= since)
    return wanted if until is None else wanted.where(ParcelCheck.day <= until)


def counters_of(unit_id: int, day: date) -> list[ParcelCheck]:
    """Who counted at a point on a day, the first first."""
    wanted = select(ParcelCheck).where(ParcelCheck.unit_id == unit_id, ParcelCheck.day == day)
    return list(db.session.scalars(wanted.order_by(ParcelCheck.id)))


def counter_of(unit_id: int, day: date, counter: str) -> ParcelCheck | None:
    return db.session.scalar(select(ParcelCheck).filter_by(unit_id=unit_id, day=day, counter=counter))


def corrections_of(unit_id: int, day: date) -> list[ParcelCorrection]:
    """The newest first."""
    wanted = select(ParcelCorrection).where(ParcelCorrection.unit_id == unit_id, ParcelCorrection.day == day)
    return list(db.session.scalars(wanted.order_by(ParcelCorrection.id.desc())))


def odd_days(unit_ids: Collection[int], since: date, until: date) -> dict[tuple[int, date], Odd]:
    """Days that somebody should look at and has not put right since, with why; each beside the days of its point that
    are no further from it than ``USUAL``, whatever else is asked about."""
    told: dict[int, list[_Day]] = {}
    odd: dict[tuple[int, date], Odd] = {}
    again: dict[tuple[int, date], Odd] = {}
    for unit_id, day, checked, refused, unheeded in db.session.execute(_sums(unit_ids, since - USUAL, until + USUAL)):
        told.setdefault(unit_id, []).append((day, None if checked is None else int(checked), int(refused)))
        if unheeded is not None and since <= day <= until:
            again[unit_id, day] = "unheeded"
    suspect = {
        (unit_id, mine[0]): mine
        for unit_id, days in told.items()
        for mine in days
        if since <= mine[0] <= until and _why_odd(mine, days)
    }
    looked_at = _looked_at(suspect)
    for (unit_id, day), (_on, checked, refused) in suspect.items():
        is_settled, added = looked_at[unit_id, day]
        why = None if is_settled else _why_odd((day, checked, refused - added), told[unit_id])
        if why:
            odd[unit_id, day] = why
    return again | odd


def _sums(
    unit_ids: Collection[int], since: date, until: date
) -> Select[tuple[int, date, int | None, int, datetime | None]]:
    """Select by point and day what all counters checked and refused, and when one was last not heeded."""
    checked, refused = func.sum(ParcelCheck.checked), func.sum(ParcelCheck.refused)
    unheeded = func.max(ParcelCheck.unheeded_at)
    wanted = select(ParcelCheck.unit_id, ParcelCheck.day, checked, refused, unheeded).where(
        ParcelCheck.unit_id.in_(unit_ids), ParcelCheck.day >= since, ParcelCheck.day <= until
    )
    return wanted.group_by(ParcelCheck.unit_id, ParcelCheck.day)


def _why_odd(mine: _Day, days: Sequence[_Day]) -> Odd | None:
    day, checked, refused = mine[0], mine[1] or 0, mine[2]
    if checked <= plausible.MORE and refused <= plausible.ODD_REFUSED:
        return None  # odd nowhere: others need not be looked at
    near = [each for each in days if each[0] != day and abs(each[0] - day) <= USUAL]
    others = [(told, turned_away) for _day, told, turned_away in near if told is not None]
    return plausible.why_odd(checked, refused, others)


def _looked_at(keys: Collection[tuple[int, date]]) -> dict[tuple[int, date], tuple[bool, int]]:
    """Return for each day whether some number was put right and no other was saved after that, and how many refusals
    somebody who answers for the point added by name."""
    if not keys:
        return {}
    added = refusals.added()
    has_numbers = or_(ParcelCheck.checked.is_not(None), ParcelCheck.refused > added)  # else nothing is new
    others = func.max(ParcelCheck.saved_at).filter(ParcelCheck.settled_at.is_(None), has_numbers)
    wanted = (
        select(ParcelCheck.unit_id, ParcelCheck.day, func.max(ParcelCheck.settled_at), others, func.sum(added))
        .where(ParcelCheck.unit_id.in_({unit_id for unit_id, _day in keys}))
        .where(ParcelCheck.day >= min(day for _unit, day in keys), ParcelCheck.day <= max(day for _unit, day in keys))
        .group_by(ParcelCheck.unit_id, ParcelCheck.day)
    )
    return {
        (unit_id, day): (settled is not None and (saved is None or saved <= settled), int(added))
        for unit_id, day, settled, saved, added in db.session.execute(wanted)
    }


def by_category(unit_ids: Collection[int], since: date, until: date) -> dict[tuple[int | None, str], int]:
    """(khoản, before or after) → parcels in which something was found, as it was told; without refusals that wait to
    be looked at, and those of a counter whose refusals were put to nought."""
    is_nought = and_(ParcelCheck.settled_at.is_not(None), ParcelCheck.refused == 0)
    is_counted = or_(ParcelFinding.moment == "after", ParcelCheck.id.is_(None), ~or_(refusals.is_aside(), is_nought))
    wanted = (
        select(ParcelFinding.category, ParcelFinding.moment, func.sum(ParcelFinding.parcels))
        .outerjoin(ParcelCheck, refusals.same_counter())
        .where(is_counted, ParcelFinding.waits.is_(False))
        .where(ParcelFinding.unit_id.in_(unit_ids), ParcelFinding.day >= since, ParcelFinding.day <= until)
        .group_by(ParcelFinding.category, ParcelFinding.moment)
    )
    return {(category, moment): int(parcels) for category, moment, parcels in db.session.execute(wanted)}


def findings(unit_ids: Collection[int], since: date, until: date, limit: int = 200) -> list[ParcelFinding]:
    """The newest first."""
    wanted = select(ParcelFinding).where(
        ParcelFinding.unit_id.in_(unit_ids), ParcelFinding.day >= since, ParcelFinding.day <= until
    )
    return list(db.session.scalars(wanted.order_by(ParcelFinding.id.desc()).limit(limit)))


def told_days(unit_ids: Collection[int], since: date, until: date) -> set[tuple[int, date]]:
    """Days on which a counter said how many it checked, also none."""
    wanted = select(ParcelCheck.unit_id, ParcelCheck.day).where(
        ParcelCheck.unit_id.in_(unit_ids),
        ParcelCheck.day >= since,
        ParcelCheck.day <= until,
        ParcelCheck.checked.is_not(None),
    )
    return {(unit_id, day) for unit_id, day in db.session.execute(wanted)}


def first_days(unit_ids: Collection[int]) -> dict[int, date]:
    """Since when each point tells at all."""
    wanted = select(ParcelCheck.unit_id, func.min(ParcelCheck.day)).where(ParcelCheck.unit_id.in_(unit_ids))
    return dict(db.session.execute(wanted.group_by(ParcelCheck.unit_id)).tuples().all())


def missing(unit_ids: Collection[int], since: date, until: date) -> list[tuple[int, date]]:
    """Days of points that were not closed and of which nobody told anything."""
    days = [since + timedelta(days=number) for number in range((until - since).days + 1)]
    if not days or not unit_ids:
        return []
    told, said = told_days(unit_ids, since, until), hours.hours_by_day(unit_ids, days)
    return [
        (each, day)
        for each in unit_ids
        for day in days
        if (each, day) not in told and not ((found := said[each, day]) is not None and found.closed)
    ]


def checks_logged(unit_ids: Collection[int], since: date, until: date, now: datetime) -> ParcelLog:
    """Whether each point has told each of its open days from ``since`` to ``until``; today is not over yet."""
    last = min(until, local_date(now) - timedelta(days=1))
    units = points.between(unit_ids, since, last)
    here = [unit.id for unit in units]
    # Who opened or closed in between owes the days on which it was there.
    there = {unit.id: (unit.valid_from or date.min, unit.valid_to or date.max) for unit in units}
    absent = [(each, day) for each, day in missing(here, since, last) if there[each][0] <= day <= there[each][1]]
    told = told_days(here, since, last) if since <= last else set()
    total = sum(by_day(here, since, last).values(), ParcelNumbers()) if since <= last else ParcelNumbers()
    return ParcelLog(len(absent) + len(told), len(told), tuple(absent), total, since, last, now)


def rules_for(unit_id: int) -> dict[int, FindingRule]:
    """khoản → the rule of the nearest unit that has one."""
    above = reference.ancestors_of(frozenset([unit_id]))[unit_id]
    rows = db.session.scalars(select(FindingRule).where(FindingRule.unit_id.in_(above)))
    found: dict[int, FindingRule] = {}
    for row in sorted(rows, key=lambda row: above.index(row.unit_id), reverse=True):
        found[row.category] = row
    return found
