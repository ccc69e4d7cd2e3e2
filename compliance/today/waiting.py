"""What came by a sheet and waits for somebody who answers for the point: photos, and days by a sheet of before.

What is accepted is what was shown: photos by their ids, days with the numbers that stood beside them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from compliance.parcel_checks import plausible, queries as parcels, services
from compliance.parcel_checks.models import ParcelCheck, ParcelFinding
from compliance.posting import editions, queries as posting
from compliance.posting.models import Posting
from compliance.today.models import PointDay
from core.db import db

Key = tuple[int, date]
T = TypeVar("T", bound=tuple[Any, ...])
FEW = 2
"""Telephones of a point on a day, of which nobody wonders."""


@dataclass(frozen=True)
class Photo:
    id: int
    unit_id: int
    what: str
    edition: str
    posted_on: date
    said_by: str
    said_at: datetime
    sheet: str
    code_read: str
    is_in_force: bool = False
    """It is sent for the edition that has to hang now."""

    @property
    def is_found(self) -> bool:
        """The poster's own code is in the picture, and the poster is the one in force."""
        return self.code_read == "current" and self.is_in_force

    @property
    def rank(self) -> int:
        """First what needs a glance alone, last what is probably something else."""
        if self.is_found:
            return 0
        return 1 if self.is_in_force and self.code_read != "other" else 2


@dataclass(frozen=True)
class SheetDay:
    """Of one point, as a sheet of before tells it. ``checked`` None: no number came."""

    unit_id: int
    day: date
    checked: int | None = None
    telephones: int = 0
    found: int = 0
    said: bool = False
    is_odd: bool = False

    @property
    def shown(self) -> str:
        """What a page showed, so that nothing else is accepted by it."""
        checked = "" if self.checked is None else self.checked
        return f"{self.unit_id}/{self.day}/{checked}/{self.telephones}/{self.found}/{int(self.said)}"


def _newest(unit_ids: Collection[int] | None) -> Select[tuple[int]]:
    """Ids: of each text at each point the newest photo by each sheet, unless a newer one was accepted."""
    accepted = aliased(Posting)
    proved = select(func.max(accepted.id)).where(
        accepted.unit_id == Posting.unit_id,
        accepted.what == Posting.what,
        accepted.accepted_at.is_not(None),
        accepted.withdrawn_at.is_(None),
    )
    newest = _within(select(func.max(Posting.id)).where(*posting.unseen()), Posting.unit_id, unit_ids)
    newest = newest.where(Posting.id > func.coalesce(proved.scalar_subquery(), 0))
    return newest.group_by(Posting.unit_id, Posting.what, Posting.sheet)


def photos(unit_ids: Collection[int] | None, today: date) -> list[Photo]:
    """Return those whose code was found first."""
    newest = _newest(unit_ids)
    columns = [getattr(Posting, name) for name in Photo.__dataclass_fields__ if name != "is_in_force"]
    rows = [Photo(*row) for row in db.session.execute(select(*columns).where(Posting.id.in_(newest)))]
    wanted = editions.editions_for(sorted({row.unit_id for row in rows}), today) if rows else {}
    known = [replace(row, is_in_force=row.edition == wanted[row.unit_id, row.what].mark) for row in rows]
    return sorted(known, key=lambda row: (row.rank, row.unit_id, row.what, row.id))


def count(unit_ids: Collection[int]) -> int:
    """Photos and days that wait at these points: as many as are listed."""
    found = select(func.count()).select_from(_newest(unit_ids).subquery())
    return (db.session.scalar(found) or 0) + len(days(unit_ids))


def days(unit_ids: Collection[int] | None) -> list[SheetDay]:
    """The newest first."""
    checks = db.session.scalars(_within(open_checks(), ParcelCheck.unit_id, unit_ids))
    said = db.session.scalars(_within(open_days(), PointDay.unit_id, unit_ids))
    found = db.session.scalars(_within(open_findings(), ParcelFinding.unit_id, unit_ids))
    return sorted(gathered(checks, said, found).values(), key=lambda each: (-each.day.toordinal(), each.unit_id))


def gathered(
    checks: Iterable[ParcelCheck], said: Iterable[PointDay], found: Iterable[ParcelFinding]
) -> Mapping[Key, SheetDay]:
    days: dict[Key, SheetDay] = {}

    def at(unit_id: int, day: date) -> SheetDay:
        return days.get((unit_id, day)) or SheetDay(unit_id, day)

    for row in checks:
        sofar = at(row.unit_id, row.day)
        checked = (sofar.checked or 0) + (row.unheeded or 0)
        days[row.unit_id, row.day] = replace(sofar, checked=checked, telephones=sofar.telephones + 1)
    for told in said:
        days[told.unit_id, told.day] = replace(at(told.unit_id, told.day), said=True)
    for one in found:
        sofar = at(one.unit_id, one.day)
        days[one.unit_id, one.day] = replace(sofar, found=sofar.found + one.parcels)
    return days


def open_checks() -> Select[tuple[ParcelCheck]]:
    """Numbers that wait beside one that the sheet may change."""
    waits = ParcelCheck.by_old_sheet.is_(True), ParcelCheck.unheeded.is_not(None)
    return select(ParcelCheck).where(*waits, services.may_change(by_sheet=True)).order_by(ParcelCheck.id)


def open_days() -> Select[tuple[PointDay]]:
    return select(PointDay).where(PointDay.waits.is_(True)).order_by(PointDay.unit_id, PointDay.day)


def open_findings() -> Select[tuple[ParcelFinding]]:
    waits = ParcelFinding.waits.is_(True), ParcelFinding.refused_by == ""
    return select(ParcelFinding).where(*waits).order_by(ParcelFinding.id)


def with_odd(shown: Sequence[SheetDay]) -> list[SheetDay]:
    """Each with whether somebody should look at it twice, beside what its point tells otherwise."""
    if not shown:
        return []
    first, last = min(each.day for each in shown), max(each.day for each in shown)
    ids = {each.unit_id for each in shown}
    usual: dict[int, list[tuple[date, int, int]]] = defaultdict(list)
    for (unit_id, day), numbers in parcels.by_day(ids, first - parcels.USUAL, last + parcels.USUAL).items():
        usual[unit_id].append((day, numbers.checked, numbers.refused))
    return [replace(each, is_odd=_is_odd(each, usual[each.unit_id])) for each in shown]


def _is_odd(each: SheetDay, told: Sequence[tuple[date, int, int]]) -> bool:
    near = [(a, b) for day, a, b in told if day != each.day and abs(each.day - day) <= parcels.USUAL]
    return each.telephones > FEW or plausible.why_odd(each.checked or 0, 0, near) is not None


def _within(wanted: Select[T], column: InstrumentedAttribute[int], unit_ids: Collection[int] | None) -> Select[T]:
    return wanted if unit_ids is None else wanted.where(column.in_(unit_ids))
