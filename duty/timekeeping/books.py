"""The hours of one unit in one month beside what was last closed of them, and where the two differ."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from core import clock
from core.db import db, to_json
from duty.timekeeping import queries, sums
from duty.timekeeping.models import HoursClosing
from people import queries as people
from people.models import Unit
from roster.campaigns.models import Campaign
from roster.presence import serving

Figures = list[dict[str, Any]]
"""Of each person with hours: person (id), code, name, lines (``sums.kept``); by code."""
SHOWN = 100
"""Closings listed one by one; what each sheet was last closed with stands beside the sheet."""
_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True)
class ClosedChange:
    """What one person had when the month was closed, and has now."""

    code: str
    name: str
    before: sums.Sums
    after: sums.Sums


@dataclass(frozen=True)
class ClosedMonths:
    """``last``: the newest closing; ``open_until``: when the last duty of the month ends that is not over yet."""

    unit: Unit
    month: date
    figures: Figures
    last: HoursClosing | None
    open_until: datetime | None = None

    @cached_property
    def changes(self) -> list[ClosedChange]:
        return differences(self.last.figures, self.figures) if self.last is not None else []

    @property
    def is_due(self) -> bool:
        """Never closed, or not as it is now."""
        return self.last is None or bool(self.changes)

    @cached_property
    def sums(self) -> sums.Sums:
        return sums_of(self.figures)


def books(
    campaign: Campaign, units: Collection[int] | None, month: date | None = None, *, now: datetime
) -> list[ClosedMonths]:
    """Return the books of these units (None: all) for each month (``month``: only that one), where there are hours or
    were; by unit and month."""
    asked = db.session.scalars(serving.select_people(campaign.id, units)).all()
    figures: defaultdict[tuple[int, date], Figures] = defaultdict(list)
    open_until: dict[tuple[int, date], datetime] = {}
    for own in queries.hours_for_people(campaign, asked, now=now).values():
        for first in sums.months(own.lines):
            figures[own.person.unit_id, first].append(_entry(own, first))
        for duty in own.to_come:
            for first in {clock.local_date(at).replace(day=1) for at in (duty.starts_at, duty.ends_at - _MOMENT)}:
                key = own.person.unit_id, first
                open_until[key] = max(duty.ends_at, open_until.get(key, duty.ends_at))
    closed = newest(campaign.id, units)
    keys = {key for key in {*figures, *closed} if month in (None, key[1])}
    known = {each.id: each for each in people.units({unit_id for unit_id, _first in keys})}
    found = [
        ClosedMonths(
            known[unit_id],
            first,
            sorted(figures[unit_id, first], key=lambda each: str(each["code"])),
            closed.get((unit_id, first)),
            open_until.get((unit_id, first)),
        )
        for unit_id, first in keys
    ]
    return sorted(found, key=lambda each: (each.unit.code, each.month))


def _entry(own: queries.CampaignHours, first: date) -> dict[str, Any]:
    person, rows = own.person, sums.lines_of_month(own.lines, first)
    return {"person": person.id, "code": person.code, "name": person.full_name, "lines": sums.kept(rows)}


def newest(campaign_id: int, units: Collection[int] | None) -> dict[tuple[int, date], HoursClosing]:
    """(unit id, month) → the closing with the highest number."""
    last = (
        select(HoursClosing.unit_id, HoursClosing.month, func.max(HoursClosing.number).label("number"))
        .where(HoursClosing.campaign_id == campaign_id)
        .group_by(HoursClosing.unit_id, HoursClosing.month)
        .subquery()
    )
    wanted = (
        select(HoursClosing)
        .join(
            last,
            (HoursClosing.unit_id == last.c.unit_id)
            & (HoursClosing.month == last.c.month)
            & (HoursClosing.number == last.c.number),
        )
        .where(HoursClosing.campaign_id == campaign_id)
    )
    if units is not None:
        wanted = wanted.where(HoursClosing.unit_id.in_(sorted(units)))
    return {(row.unit_id, row.month): row for row in db.session.scalars(wanted)}


def closings(campaign_id: int, units: Collection[int] | None) -> Sequence[HoursClosing]:
    """The newest ``SHOWN``, the newest first."""
    wanted = select(HoursClosing).options(joinedload(HoursClosing.unit)).where(HoursClosing.campaign_id == campaign_id)
    if units is not None:
        wanted = wanted.where(HoursClosing.unit_id.in_(sorted(units)))
    return db.session.scalars(wanted.order_by(HoursClosing.id.desc()).limit(SHOWN)).all()


def differences(before: Figures, after: Figures) -> list[ClosedChange]:
    """Return what differs, by code; a name that changed is none."""
    old, new = ({each["person"]: each for each in figures} for figures in (before, after))
    found = []
    for person_id in old.keys() | new.keys():
        either = new.get(person_id) or old[person_id]
        pair = [sums.parse_lines(side[person_id]["lines"]) if person_id in side else () for side in (old, new)]
        if pair[0] != pair[1]:
            found.append(ClosedChange(either["code"], either["name"], sums.Sums(pair[0]), sums.Sums(pair[1])))
    return sorted(found, key=lambda each: each.code)


def sums_of(figures: Figures) -> sums.Sums:
    return sums.Sums(line for each in figures for line in sums.parse_lines(each["lines"]))


def digest(found: Iterable[ClosedMonths]) -> str:
    """Return what somebody saw before they closed it: another one means that it has changed since."""
    seen = [[each.unit.id, each.month.isoformat(), each.figures] for each in found]
    return hashlib.sha256(to_json(seen).encode()).hexdigest()
